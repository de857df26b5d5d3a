package io.vivace.core.model.onnx;

import java.util.Optional;

/**
 * The element types that ONNX numbers in {@code TensorProto.DataType}, up to ONNX 1.23.
 *
 * <p>Wider than {@link io.vivace.core.model.ElementType}, which holds what a predictor exchanges
 * with its caller: weights may be of any type here.
 */
public enum OnnxElementType {
  /** No type stated. */
  UNDEFINED(0, 0, 0),
  /** IEEE 754 single precision. */
  FLOAT(1, 32, Field.FLOAT),
  /** Unsigned 8-bit integer. */
  UINT8(2, 8, Field.INT32),
  /** Signed 8-bit integer. */
  INT8(3, 8, Field.INT32),
  /** Unsigned 16-bit integer. */
  UINT16(4, 16, Field.INT32),
  /** Signed 16-bit integer. */
  INT16(5, 16, Field.INT32),
  /** Signed 32-bit integer. */
  INT32(6, 32, Field.INT32),
  /** Signed 64-bit integer. */
  INT64(7, 64, Field.INT64),
  /** Text of any length. */
  STRING(8, 0, Field.STRING),
  /** One byte, 0 or 1. */
  BOOL(9, 8, Field.INT32),
  /** IEEE 754 half precision. */
  FLOAT16(10, 16, Field.INT32),
  /** IEEE 754 double precision. */
  DOUBLE(11, 64, Field.DOUBLE),
  /** Unsigned 32-bit integer. */
  UINT32(12, 32, Field.UINT64),
  /** Unsigned 64-bit integer. */
  UINT64(13, 64, Field.UINT64),
  /** Two single-precision numbers. */
  COMPLEX64(14, 64, Field.FLOAT),
  /** Two double-precision numbers. */
  COMPLEX128(15, 128, Field.DOUBLE),
  /** The upper half of a single-precision number. */
  BFLOAT16(16, 16, Field.INT32),
  /** 8-bit float, 4 bits of exponent. */
  FLOAT8E4M3FN(17, 8, Field.INT32),
  /** 8-bit float, 4 bits of exponent, no negative zero. */
  FLOAT8E4M3FNUZ(18, 8, Field.INT32),
  /** 8-bit float, 5 bits of exponent. */
  FLOAT8E5M2(19, 8, Field.INT32),
  /** 8-bit float, 5 bits of exponent, no negative zero. */
  FLOAT8E5M2FNUZ(20, 8, Field.INT32),
  /** Unsigned 4-bit integer, two in a byte. */
  UINT4(21, 4, Field.INT32),
  /** Signed 4-bit integer, two in a byte. */
  INT4(22, 4, Field.INT32),
  /** 4-bit float, two in a byte. */
  FLOAT4E2M1(23, 4, Field.INT32),
  /** 8-bit power of two. */
  FLOAT8E8M0(24, 8, Field.INT32),
  /** Unsigned 2-bit integer, four in a byte. */
  UINT2(25, 2, Field.INT32),
  /** Signed 2-bit integer, four in a byte. */
  INT2(26, 2, Field.INT32),
  /** 6-bit float, 2 bits of exponent, packed without gaps. */
  FLOAT6E2M3(27, 6, Field.INT32),
  /** 6-bit float, 3 bits of exponent, packed without gaps. */
  FLOAT6E3M2(28, 6, Field.INT32);

  /** The fields of {@code TensorProto} that hold values of a type. */
  private static final class Field {
    static final int FLOAT = 4;
    static final int INT32 = 5;
    static final int STRING = 6;
    static final int INT64 = 7;
    static final int DOUBLE = 10;
    static final int UINT64 = 11;
  }

  private final int number;
  private final int bits;
  private final int field;

  OnnxElementType(int number, int bits, int field) {
    this.number = number;
    this.bits = bits;
    this.field = field;
  }

  /**
   * Finds a type by the number it has in files.
   *
   * @param number the number
   * @return the type, or nothing if no type has this number
   */
  public static Optional<OnnxElementType> of(int number) {
    OnnxElementType[] all = values();
    return number < 0 || number >= all.length ? Optional.empty() : Optional.of(all[number]);
  }

  /**
   * Returns the number that the type has in files.
   *
   * @return 0 to 28
   */
  public int number() {
    return number;
  }

  /**
   * Returns the size of one element in bits.
   *
   * @return 2 to 128, or 0 for {@link #UNDEFINED} and {@link #STRING}, which have none
   */
  public int bits() {
    return bits;
  }

  /**
   * Returns how many bytes the elements take: types of less than eight bits are packed.
   *
   * @param elements number of elements, at least 0
   * @return the bytes, rounded up
   * @throws ArithmeticException if the size does not fit a {@code long}
   */
  public long bytes(long elements) {
    return Math.addExact(Math.multiplyExact(elements, bits), Byte.SIZE - 1) / Byte.SIZE;
  }

  /** The field of {@code TensorProto} that holds such values where {@code raw_data} does not. */
  int field() {
    return field;
  }

  /** The number of values that this field has for so many elements. */
  long fieldValues(long elements) {
    return switch (this) {
      case COMPLEX64, COMPLEX128 -> Math.multiplyExact(elements, 2);
      case UINT4, INT4, FLOAT4E2M1, UINT2, INT2 -> bytes(elements);
      default -> elements;
    };
  }
}
