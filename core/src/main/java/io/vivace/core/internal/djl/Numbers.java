package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import io.vivace.core.tensor.Float16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Elements that are numbers, in the machine's byte order. */
record Numbers(DataType type, ByteBuffer data) implements Elements {
  /** Makes elements of any type from floating-point values; integers are cut towards zero. */
  static Numbers of(DataType type, int size, IntToDoubleFunction values) {
    if (!type.isFloating()) {
      return ofLongs(type, size, i -> (long) values.applyAsDouble(i));
    }
    ByteBuffer data = allocate(type, size);
    for (int i = 0; i < size; i++) {
      double value = values.applyAsDouble(i);
      switch (type) {
        case FLOAT32 -> data.putFloat((float) value);
        case FLOAT64 -> data.putDouble(value);
        case FLOAT16 -> data.putShort(Float16.fromFloat((float) value));
        default -> throw unsupported(type);
      }
    }
    return new Numbers(type, data.flip());
  }

  /** Makes elements of any type from integers; those of narrow types keep the lowest bits. */
  static Numbers ofLongs(DataType type, int size, IntToLongFunction values) {
    if (type.isFloating()) {
      return of(type, size, i -> (double) values.applyAsLong(i));
    }
    ByteBuffer data = allocate(type, size);
    for (int i = 0; i < size; i++) {
      long value = values.applyAsLong(i);
      switch (type) {
        case INT64, UINT64 -> data.putLong(value);
        case INT32, UINT32 -> data.putInt((int) value);
        case INT16, UINT16 -> data.putShort((short) value);
        case INT8, UINT8 -> data.put((byte) value);
        case BOOLEAN -> data.put((byte) (value == 0 ? 0 : 1));
        default -> throw unsupported(type);
      }
    }
    return new Numbers(type, data.flip());
  }

  private static ByteBuffer allocate(DataType type, int size) {
    int bytes = Math.multiplyExact(size, type.getNumOfBytes());
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  private static UnsupportedOperationException unsupported(DataType type) {
    return new UnsupportedOperationException("elements of type " + type);
  }

  @Override
  public int size() {
    return data.limit() / type.getNumOfBytes();
  }

  double doubleAt(int i) {
    return switch (type) {
      case FLOAT32 -> data.getFloat(i * Float.BYTES);
      case FLOAT64 -> data.getDouble(i * Double.BYTES);
      case FLOAT16 -> Float16.toFloat(data.getShort(i * Short.BYTES));
      default -> longAt(i);
    };
  }

  long longAt(int i) {
    return switch (type) {
      case INT64, UINT64 -> data.getLong(i * Long.BYTES);
      case INT32 -> data.getInt(i * Integer.BYTES);
      case UINT32 -> Integer.toUnsignedLong(data.getInt(i * Integer.BYTES));
      case INT16 -> data.getShort(i * Short.BYTES);
      case UINT16 -> Short.toUnsignedInt(data.getShort(i * Short.BYTES));
      case INT8, BOOLEAN -> data.get(i);
      case UINT8 -> Byte.toUnsignedInt(data.get(i));
      case FLOAT32, FLOAT64, FLOAT16 -> (long) doubleAt(i);
      default -> throw unsupported(type);
    };
  }

  /** Orders two elements; NaN is greatest, and -0 equals 0. */
  int compare(int i, int j) {
    return type.isFloating()
        ? Double.compare(doubleAt(i) + 0.0, doubleAt(j) + 0.0)
        : Long.compare(longAt(i), longAt(j));
  }

  boolean isNaN(int i) {
    return type.isFloating() && Double.isNaN(doubleAt(i));
  }

  Numbers convert(DataType wanted) {
    if (wanted == DataType.BOOLEAN) {
      return ofLongs(wanted, size(), i -> doubleAt(i) == 0 ? 0 : 1);
    }
    return type.isFloating()
        ? of(wanted, size(), this::doubleAt)
        : ofLongs(wanted, size(), this::longAt);
  }

  @Override
  public Numbers pick(int[] positions) {
    int width = type.getNumOfBytes();
    ByteBuffer picked = allocate(type, positions.length);
    for (int i = 0; i < positions.length; i++) {
      picked.put(i * width, data, positions[i] * width, width);
    }
    return new Numbers(type, picked);
  }

  @Override
  public Numbers join(List<? extends Elements> others) {
    int size = others.stream().mapToInt(Elements::size).reduce(size(), Math::addExact);
    ByteBuffer joined = allocate(type, size).put(data.duplicate());
    others.forEach(other -> joined.put(((Numbers) other).data.duplicate()));
    return new Numbers(type, joined.flip());
  }
}
