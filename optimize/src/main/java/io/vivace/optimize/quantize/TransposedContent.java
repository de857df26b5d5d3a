package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/** A matrix of 4-byte elements with rows and columns exchanged; kept in memory when first read. */
final class TransposedContent implements OnnxContent {
  private final OnnxContent matrix;
  private final int rows;
  private final int columns;
  private byte @Nullable [] result;

  TransposedContent(OnnxContent matrix, int rows, int columns) {
    this.matrix = matrix;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public long length() {
    return matrix.length();
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    target.put(transposed(), Math.toIntExact(from), target.remaining());
  }

  private synchronized byte[] transposed() throws IOException {
    byte[] bytes = result;
    if (bytes == null) {
      IntBuffer source = ByteBuffer.wrap(matrix.bytes()).asIntBuffer();
      bytes = new byte[Math.toIntExact(length())];
      // The byte order does not matter: elements are moved and not changed.
      IntBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).asIntBuffer();
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          target.put(column * rows + row, source.get(row * columns + column));
        }
      }
      result = bytes;
    }
    return bytes;
  }
}
