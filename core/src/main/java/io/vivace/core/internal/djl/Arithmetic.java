package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** An operation on two numbers, with the result types of PyTorch. */
record Arithmetic(DoubleBinaryOperator floating, @Nullable LongBinaryOperator integral) {
  static final Arithmetic ADD = new Arithmetic(Double::sum, Long::sum);
  static final Arithmetic SUB = new Arithmetic((a, b) -> a - b, (a, b) -> a - b);
  static final Arithmetic MUL = new Arithmetic((a, b) -> a * b, (a, b) -> a * b);

  /** True division: integers give floating-point numbers. */
  static final Arithmetic DIV = new Arithmetic((a, b) -> a / b, null);

  /** Combines the elements at the same positions. */
  Numbers apply(Numbers left, Numbers right, DataType common) {
    if (integral == null || common.isFloating()) {
      DataType type = common.isFloating() ? common : DataType.FLOAT32;
      return Numbers.of(
          type, left.size(), i -> floating.applyAsDouble(left.doubleAt(i), right.doubleAt(i)));
    }
    return Numbers.ofLongs(
        common, left.size(), i -> integral.applyAsLong(left.longAt(i), right.longAt(i)));
  }

  /** The type of a result of two arrays: the wider of a kind, floating-point before integer. */
  static DataType common(DataType left, DataType right) {
    if (left == right || right.isBoolean()) {
      return left;
    }
    if (left.isBoolean()) {
      return right;
    }
    if (left.isFloating() != right.isFloating()) {
      return left.isFloating() ? left : right;
    }
    if (left.getNumOfBytes() == right.getNumOfBytes()) {
      return DataType.INT16; // int8 with uint8, the only such pair that host arrays compute with
    }
    return left.getNumOfBytes() > right.getNumOfBytes() ? left : right;
  }

  /** The type of a result of an array and a number of Java: the array's, if that can hold it. */
  static DataType common(DataType array, Number scalar) {
    boolean fraction = scalar instanceof Float || scalar instanceof Double;
    if (array.isFloating() || (array.isInteger() && !fraction)) {
      return array;
    }
    return fraction ? DataType.FLOAT32 : DataType.INT64;
  }
}
