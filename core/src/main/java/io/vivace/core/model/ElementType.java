package io.vivace.core.model;

/**
 * The type of a tensor's elements.
 *
 * <p>Numbers lie in memory in the machine's byte order. {@link #FLOAT16} is IEEE 754 binary16, two
 * bytes. {@link #BOOL} is one byte, 0 or 1.
 */
public enum ElementType {
  /** IEEE 754 single precision, 4 bytes. */
  FLOAT32(4),
  /** IEEE 754 double precision, 8 bytes. */
  FLOAT64(8),
  /** IEEE 754 half precision, 2 bytes. */
  FLOAT16(2),
  /** Signed byte, -128 to 127. */
  INT8(1),
  /** Unsigned byte, 0 to 255. */
  UINT8(1),
  /** Signed 32-bit integer. */
  INT32(4),
  /** Signed 64-bit integer. */
  INT64(8),
  /** Boolean, one byte, 0 or 1. */
  BOOL(1),
  /** Text; has no fixed size and lives on the Java heap. */
  STRING(0);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the size of one element in bytes.
   *
   * @return the size, or 0 for {@link #STRING}, which has none
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Tells whether the elements are floating-point numbers.
   *
   * @return true for the three float types
   */
  public boolean isFloatingPoint() {
    return this == FLOAT32 || this == FLOAT64 || this == FLOAT16;
  }

  /**
   * Returns the name as it is written in messages, in lower case.
   *
   * @return for example {@code float32}
   */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
