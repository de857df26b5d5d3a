package io.vivace.optimize.quantize;

import java.util.Arrays;

/**
 * A matrix of weights in blocks: each column is cut along the rows, along which products add up,
 * and each block has a scale and a zero point of its own.
 */
final class BlockMatrix {
  private final int rows;
  private final int columns;
  private final int bits;
  private final int blockSize;

  /** {@code codes[column * rows + row]}. */
  private final byte[] codes;

  /** {@code scales[column * blocks + block]}, and the zero points likewise. */
  private final float[] scales;

  private final byte[] zeros;

  BlockMatrix(int rows, int columns, BlockFormat format) {
    this.rows = rows;
    this.columns = columns;
    this.bits = format.bits();
    this.blockSize = format.blockSize();
    this.codes = new byte[Math.multiplyExact(rows, columns)];
    this.scales = new float[Math.multiplyExact(blocks(), columns)];
    this.zeros = new byte[scales.length];
  }

  /** Rounds a matrix, given column by column, to the nearest codes. */
  static BlockMatrix nearest(
      float[] transposed, int rows, int columns, BlockFormat format, float[] importance) {
    BlockMatrix result = new BlockMatrix(rows, columns, format);
    BlockGrid grid = format.grid();
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row += format.blockSize()) {
        int count = Math.min(format.blockSize(), rows - row);
        float[] counts =
            importance.length == 0 ? importance : Arrays.copyOfRange(importance, row, row + count);
        grid.fit(transposed, column * rows + row, count, counts);
        result.block(column, row / format.blockSize(), grid);
        for (int i = row; i < row + count; i++) {
          result.code(column, i, grid.code(transposed[column * rows + i]));
        }
      }
    }
    return result;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** One per block, column by column; not copied. */
  float[] scales() {
    return scales;
  }

  int blocks() {
    return (rows + blockSize - 1) / blockSize;
  }

  void block(int column, int block, BlockGrid grid) {
    scales[column * blocks() + block] = grid.scale();
    zeros[column * blocks() + block] = (byte) grid.zero();
  }

  void code(int column, int row, int code) {
    codes[column * rows + row] = (byte) code;
  }

  /** The weight that a code stands for. */
  float value(int column, int row) {
    int block = column * blocks() + row / blockSize;
    int code = Byte.toUnsignedInt(codes[column * rows + row]);
    return scales[block] * (code - Byte.toUnsignedInt(zeros[block]));
  }

  /** Codes as {@code MatMulNBits} takes them: block by block, the low bits first. */
  byte[] packedColumns() {
    int perByte = Byte.SIZE / bits;
    int blockBytes = (blockSize + perByte - 1) / perByte;
    byte[] packed = new byte[Math.multiplyExact(Math.multiplyExact(columns, blocks()), blockBytes)];
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        int block = column * blocks() + row / blockSize;
        int at = block * blockBytes + row % blockSize / perByte;
        put(packed, at, row % blockSize, codes[column * rows + row]);
      }
    }
    return packed;
  }

  /**
   * Zero points as {@code MatMulNBits} takes them: each column begins a byte, and what is left over
   * of its last one is filled with the middle, as the tool does.
   */
  byte[] packedZeros() {
    int perByte = Byte.SIZE / bits;
    int columnBytes = (blocks() + perByte - 1) / perByte;
    byte[] packed = new byte[Math.multiplyExact(columns, columnBytes)];
    for (int column = 0; column < columns; column++) {
      for (int i = 0; i < columnBytes * perByte; i++) {
        int zero = i < blocks() ? zeros[column * blocks() + i] : 1 << (bits - 1);
        put(packed, column * columnBytes + i / perByte, i, zero);
      }
    }
    return packed;
  }

  private void put(byte[] packed, int at, int index, int code) {
    packed[at] |= (byte) ((code & 0xFF) << (index % (Byte.SIZE / bits) * bits));
  }

  /**
   * Codes in the order of the matrix itself, packed across rows, for {@code DequantizeLinear}.
   *
   * @param shift what is taken off each code, for signed types
   */
  byte[] packedRows(int shift) {
    byte[] packed = new byte[(int) (((long) rows * columns * bits + 7) / 8)];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        long index = (long) row * columns + column;
        put(packed, index, (codes[column * rows + row] - shift) & ((1 << bits) - 1));
      }
    }
    return packed;
  }

  /** Zero points in the order of the blocks, packed across columns. */
  byte[] packedZeroColumns() {
    byte[] packed = new byte[(int) (((long) zeros.length * bits + 7) / 8)];
    for (int i = 0; i < zeros.length; i++) {
      put(packed, i, zeros[i] & 0xFF);
    }
    return packed;
  }

  /** Zero points, a row of them for each block. */
  byte[] packedZeroRows() {
    byte[] packed = new byte[(int) (((long) blocks() * columns * bits + 7) / 8)];
    for (int block = 0; block < blocks(); block++) {
      for (int column = 0; column < columns; column++) {
        put(packed, block * columns + column, zeros[column * blocks() + block] & 0xFF);
      }
    }
    return packed;
  }

  private void put(byte[] packed, long index, int code) {
    put(packed, (int) (index * bits / Byte.SIZE), (int) (index % Byte.SIZE), code);
  }

  /** Scales, a row of them for each block. */
  float[] scaleRows() {
    float[] result = new float[scales.length];
    for (int column = 0; column < columns; column++) {
      for (int block = 0; block < blocks(); block++) {
        result[block * columns + column] = scales[column * blocks() + block];
      }
    }
    return result;
  }
}
