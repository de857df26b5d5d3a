package io.vivace.core.internal.run;

import io.vivace.core.InvalidInputException;
import io.vivace.core.codec.RowReader;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A window on one row of a tensor, moved from row to row. Made once per tensor, so that the hot
 * path makes no views.
 */
public final class TensorRow implements RowWriter, RowReader {
  private final ElementType type;
  private final Shape shape;
  private final int size;
  private final int rows;
  private final @Nullable ByteBuffer bytes;
  private final @Nullable FloatBuffer floats;
  private final @Nullable DoubleBuffer doubles;
  private final @Nullable LongBuffer longs;
  private final String @Nullable [] strings;
  private int base;

  private TensorRow(Tensor tensor, Shape shape, int rows) {
    this.type = tensor.type();
    this.shape = shape;
    this.rows = rows;
    this.size = rows == 0 ? 0 : tensor.size() / rows;
    this.strings = type == ElementType.STRING ? tensor.strings() : null;
    this.bytes = type == ElementType.STRING ? null : tensor.data();
    this.floats = type == ElementType.FLOAT32 ? tensor.data().asFloatBuffer() : null;
    this.doubles = type == ElementType.FLOAT64 ? tensor.data().asDoubleBuffer() : null;
    this.longs = type == ElementType.INT64 ? tensor.data().asLongBuffer() : null;
  }

  /** The rows of a tensor whose first axis is the batch. */
  public static TensorRow ofBatch(Tensor tensor) {
    Shape shape = tensor.shape();
    return new TensorRow(tensor, shape.dropFirst(), Math.toIntExact(shape.dimension(0)));
  }

  /** The whole tensor as the only row. */
  public static TensorRow ofWhole(Tensor tensor) {
    return new TensorRow(tensor, tensor.shape(), 1);
  }

  /** Sets every element of every row to zero, or to the empty text. */
  void zero() {
    if (strings != null) {
      Arrays.fill(strings, "");
    } else {
      ByteBuffer all = numbers();
      for (int i = 0; i < all.capacity(); i++) {
        all.put(i, (byte) 0);
      }
    }
  }

  /** Moves the window. */
  public TensorRow at(int row) {
    base = Objects.checkIndex(row, rows) * size;
    return this;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void putFloat(int index, float value) {
    int at = element(index);
    switch (type) {
      case FLOAT32 -> numbers().putFloat(at << 2, value);
      case FLOAT64 -> numbers().putDouble(at << 3, value);
      case FLOAT16 -> numbers().putShort(at << 1, Float16.fromFloat(value));
      default -> throw wrongType("floating-point numbers");
    }
  }

  @Override
  public void putDouble(int index, double value) {
    if (type == ElementType.FLOAT64) {
      numbers().putDouble(element(index) << 3, value);
    } else {
      putFloat(index, (float) value);
    }
  }

  @Override
  public void putLong(int index, long value) {
    int at = element(index);
    switch (type) {
      case INT64 -> numbers().putLong(at << 3, value);
      case INT32 ->
          numbers().putInt(at << 2, (int) inRange(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case INT8 -> numbers().put(at, (byte) inRange(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> numbers().put(at, (byte) inRange(value, 0, 255));
      case BOOL -> numbers().put(at, (byte) inRange(value, 0, 1));
      case FLOAT32, FLOAT64, FLOAT16 -> putDouble(index, (double) value);
      case STRING -> throw wrongType("numbers");
    }
  }

  @Override
  public void putString(int index, String value) {
    texts()[element(index)] = Objects.requireNonNull(value, "value");
  }

  @Override
  public void putFloats(float[] values) {
    checkLength(values.length);
    if (floats != null) {
      floats.put(base, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      putFloat(i, values[i]);
    }
  }

  @Override
  public void putDoubles(double[] values) {
    checkLength(values.length);
    if (doubles != null) {
      doubles.put(base, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      putDouble(i, values[i]);
    }
  }

  @Override
  public void putInts(int[] values) {
    checkLength(values.length);
    for (int i = 0; i < values.length; i++) {
      putLong(i, values[i]);
    }
  }

  @Override
  public void putLongs(long[] values) {
    checkLength(values.length);
    if (longs != null) {
      longs.put(base, values);
      return;
    }
    for (int i = 0; i < values.length; i++) {
      putLong(i, values[i]);
    }
  }

  @Override
  public void putBytes(byte[] values) {
    checkLength(values.length);
    if (type != ElementType.INT8 && type != ElementType.UINT8) {
      throw wrongType("raw bytes");
    }
    numbers().put(base, values);
  }

  @Override
  public void fill(int from, int to, long value) {
    Objects.checkFromToIndex(from, to, size);
    for (int i = from; i < to; i++) {
      putLong(i, value);
    }
  }

  @Override
  public float getFloat(int index) {
    return type == ElementType.FLOAT32
        ? numbers().getFloat(element(index) << 2)
        : (float) getDouble(index);
  }

  @Override
  public double getDouble(int index) {
    return switch (type) {
      case FLOAT32 -> numbers().getFloat(element(index) << 2);
      case FLOAT64 -> numbers().getDouble(element(index) << 3);
      case FLOAT16 -> Float16.toFloat(numbers().getShort(element(index) << 1));
      case INT8, UINT8, INT32, INT64, BOOL -> (double) getLong(index);
      case STRING -> throw wrongType("numbers");
    };
  }

  @Override
  public long getLong(int index) {
    int at = element(index);
    return switch (type) {
      case INT64 -> numbers().getLong(at << 3);
      case INT32 -> numbers().getInt(at << 2);
      case INT8 -> numbers().get(at);
      case UINT8, BOOL -> numbers().get(at) & 0xff;
      case FLOAT32, FLOAT64, FLOAT16, STRING -> throw wrongType("whole numbers");
    };
  }

  @Override
  public String getString(int index) {
    return texts()[element(index)];
  }

  @Override
  public void copyTo(int from, float[] target) {
    Objects.checkFromToIndex(from, from + target.length, size);
    if (floats != null) {
      floats.get(base + from, target);
      return;
    }
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
    if (doubles != null) {
      doubles.get(base, values);
    } else {
      Arrays.setAll(values, this::getDouble);
    }
    return values;
  }

  @Override
  public long[] toLongs() {
    long[] values = new long[size];
    if (longs != null) {
      longs.get(base, values);
    } else {
      Arrays.setAll(values, this::getLong);
    }
    return values;
  }

  private int element(int index) {
    return base + Objects.checkIndex(index, size);
  }

  private ByteBuffer numbers() {
    if (bytes == null) {
      throw wrongType("numbers");
    }
    return bytes;
  }

  private String[] texts() {
    if (strings == null) {
      throw wrongType("text");
    }
    return strings;
  }

  private long inRange(long value, long low, long high) {
    if (value < low || value > high) {
      throw new InvalidInputException(
          String.format(
              "a value of a %s input must be from %d to %d, but was %d", type, low, high, value));
    }
    return value;
  }

  private void checkLength(int length) {
    if (length > size) {
      throw new IllegalArgumentException(
          "the row has "
              + size
              + " elements, shape "
              + shape
              + ", but "
              + length
              + " were written");
    }
  }

  private IllegalStateException wrongType(String wanted) {
    return new IllegalStateException("the tensor holds " + type + ", not " + wanted);
  }
}
