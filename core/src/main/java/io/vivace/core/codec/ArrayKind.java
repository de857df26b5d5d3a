package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * How arrays of one Java type are measured, checked and written.
 *
 * @param array the class of the arrays
 * @param name how the factory method is called
 * @param type the element type that they are meant for
 * @param accepted every element type that they can be written to
 * @param length gives the number of elements
 * @param writer writes all elements from the start of a row
 * @param flaw finds the first element that is not a finite number, or is a null text; -1 if none
 */
record ArrayKind<A>(
    Class<A> array,
    String name,
    ElementType type,
    Set<ElementType> accepted,
    ToIntFunction<A> length,
    Writer<A> writer,
    ToIntFunction<A> flaw) {
  /** Writes all elements from the start of a row. */
  interface Writer<A> {
    void write(A values, RowWriter out);
  }

  private static final Set<ElementType> FLOATING =
      EnumSet.of(ElementType.FLOAT32, ElementType.FLOAT64);
  private static final Set<ElementType> WHOLE =
      EnumSet.of(ElementType.INT8, ElementType.UINT8, ElementType.INT32, ElementType.INT64);

  static final ArrayKind<float[]> FLOATS = floats("floats", ElementType.FLOAT32, FLOATING);
  static final ArrayKind<float[]> FLOAT16 =
      floats("float16", ElementType.FLOAT16, EnumSet.of(ElementType.FLOAT16));
  static final ArrayKind<double[]> DOUBLES =
      new ArrayKind<>(
          double[].class,
          "doubles",
          ElementType.FLOAT64,
          FLOATING,
          values -> values.length,
          (values, out) -> out.putDoubles(values),
          ArrayKind::notFinite);
  static final ArrayKind<int[]> INTS =
      new ArrayKind<>(
          int[].class,
          "ints",
          ElementType.INT32,
          WHOLE,
          values -> values.length,
          (values, out) -> out.putInts(values),
          values -> -1);
  static final ArrayKind<long[]> LONGS =
      new ArrayKind<>(
          long[].class,
          "longs",
          ElementType.INT64,
          WHOLE,
          values -> values.length,
          (values, out) -> out.putLongs(values),
          values -> -1);
  static final ArrayKind<byte[]> INT8 = bytes("int8", ElementType.INT8);
  static final ArrayKind<byte[]> UINT8 = bytes("uint8", ElementType.UINT8);
  static final ArrayKind<boolean[]> BOOLEANS =
      new ArrayKind<>(
          boolean[].class,
          "booleans",
          ElementType.BOOL,
          EnumSet.of(ElementType.BOOL),
          values -> values.length,
          ArrayKind::write,
          values -> -1);
  static final ArrayKind<String[]> STRINGS =
      new ArrayKind<>(
          String[].class,
          "strings",
          ElementType.STRING,
          EnumSet.of(ElementType.STRING),
          values -> values.length,
          ArrayKind::write,
          ArrayKind::missing);

  private static ArrayKind<float[]> floats(
      String name, ElementType type, Set<ElementType> accepted) {
    return new ArrayKind<>(
        float[].class,
        name,
        type,
        accepted,
        values -> values.length,
        (values, out) -> out.putFloats(values),
        ArrayKind::notFinite);
  }

  private static ArrayKind<byte[]> bytes(String name, ElementType type) {
    return new ArrayKind<>(
        byte[].class,
        name,
        type,
        EnumSet.of(type),
        values -> values.length,
        (values, out) -> out.putBytes(values),
        values -> -1);
  }

  private static int notFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  private static int notFinite(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  private static int missing(String[] values) {
    return java.util.Arrays.asList(values).indexOf(null);
  }

  private static void write(boolean[] values, RowWriter out) {
    for (int i = 0; i < values.length; i++) {
      out.putLong(i, values[i] ? 1 : 0);
    }
  }

  private static void write(String[] values, RowWriter out) {
    for (int i = 0; i < values.length; i++) {
      out.putString(i, values[i]);
    }
  }

  /** Fills the elements from {@code from} on. */
  void pad(RowWriter out, int from, double value) {
    if (type == ElementType.STRING) {
      for (int i = from; i < out.size(); i++) {
        out.putString(i, "");
      }
    } else if (type.isFloatingPoint()) {
      for (int i = from; i < out.size(); i++) {
        out.putDouble(i, value);
      }
    } else {
      out.fill(from, out.size(), (long) value);
    }
  }

  /** Tells whether an element can hold the padding value. */
  boolean canPadWith(double value) {
    return switch (type) {
      case FLOAT32, FLOAT64, FLOAT16 -> true;
      case INT8 -> isWhole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT8 -> isWhole(value, 0, 255);
      case BOOL -> isWhole(value, 0, 1);
      case INT32 -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> isWhole(value, -0x1p53, 0x1p53);
      case STRING -> value == 0;
    };
  }

  private static boolean isWhole(double value, double low, double high) {
    return value == Math.rint(value) && value >= low && value <= high;
  }
}
