package io.vivace.optimize.train;

import io.vivace.core.codec.RowReader;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Reads one row of a tensor. */
final class TensorSlice implements RowReader {
  private final Tensor tensor;
  private final ByteBuffer data;
  private final int size;
  private final int base;

  TensorSlice(Tensor tensor, int row) {
    this.tensor = tensor;
    this.data = tensor.data();
    this.size = Math.toIntExact(tensor.shape().dropFirst().elements());
    this.base = row * size;
  }

  @Override
  public ElementType type() {
    return tensor.type();
  }

  @Override
  public Shape shape() {
    return tensor.shape().dropFirst();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public float getFloat(int index) {
    return (float) getDouble(index);
  }

  @Override
  public double getDouble(int index) {
    int at = base + Objects.checkIndex(index, size);
    return switch (tensor.type()) {
      case FLOAT32 -> data.getFloat(at * Float.BYTES);
      case FLOAT64 -> data.getDouble(at * Double.BYTES);
      default -> (double) getLong(index);
    };
  }

  @Override
  public long getLong(int index) {
    int at = base + Objects.checkIndex(index, size);
    return switch (tensor.type()) {
      case INT64 -> data.getLong(at * Long.BYTES);
      case INT32 -> data.getInt(at * Integer.BYTES);
      case INT8 -> data.get(at);
      case UINT8, BOOL -> data.get(at) & 0xff;
      case FLOAT16, FLOAT32, FLOAT64, STRING ->
          throw new IllegalStateException(
              "the tensor holds " + tensor.type() + ", not whole numbers");
    };
  }

  @Override
  public String getString(int index) {
    throw new IllegalStateException("the tensor holds " + tensor.type() + ", not text");
  }

  @Override
  public void copyTo(int from, float[] target) {
    Objects.checkFromToIndex(from, from + target.length, size);
    for (int i = 0; i < target.length; i++) {
      target[i] = getFloat(from + i);
    }
  }

  @Override
  public float[] toFloats() {
    float[] values = new float[size];
    copyTo(0, values);
    return values;
  }

  @Override
  public double[] toDoubles() {
    double[] values = new double[size];
    Arrays.setAll(values, this::getDouble);
    return values;
  }

  @Override
  public long[] toLongs() {
    long[] values = new long[size];
    Arrays.setAll(values, this::getLong);
    return values;
  }
}
