package io.vivace.optimize.train.graph;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** Arithmetic on integers, with broadcasting. */
final class HostArithmetic {
  private HostArithmetic() {}

  static Operand binary(Call call, LongBinaryOperator operator) {
    return Operand.of(apply(call.integers(0), call.integers(1), operator));
  }

  static Operand compare(Call call, LongBinaryOperator operator) {
    Integers result = apply(call.integers(0), call.integers(1), operator);
    return Operand.of(Integers.logical(result.values(), result.shape()));
  }

  static Integers apply(Integers a, Integers b, LongBinaryOperator operator) {
    long[] shape = Layout.broadcast(a.shape(), b.shape());
    long[] result = new long[Math.toIntExact(Layout.product(shape))];
    for (int i = 0; i < result.length; i++) {
      result[i] = operator.applyAsLong(at(a, shape, i), at(b, shape, i));
    }
    return Integers.of(result, shape);
  }

  /** The element of an operand that belongs to an element of the result. */
  static long at(Integers operand, long[] shape, int index) {
    if (operand.size() == 1) {
      return operand.value(0);
    }
    long[] own = operand.shape();
    if (Arrays.equals(own, shape)) {
      return operand.value(index);
    }
    int position = 0;
    int stride = 1;
    long rest = index;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int ownAxis = axis - (shape.length - own.length);
      long coordinate = rest % shape[axis];
      rest /= shape[axis];
      if (ownAxis >= 0) {
        position += own[ownAxis] == 1 ? 0 : (int) coordinate * stride;
        stride *= (int) own[ownAxis];
      }
    }
    return operand.value(position);
  }
}
