package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;

/** Comparisons, logic and choices. */
final class Logic {
  private Logic() {}

  static void register(Map<String, Operator> operators) {
    compare(operators, "Equal", NDArray::eq, (a, b) -> a == b ? 1 : 0);
    compare(operators, "Greater", NDArray::gt, (a, b) -> a > b ? 1 : 0);
    compare(operators, "GreaterOrEqual", NDArray::gte, (a, b) -> a >= b ? 1 : 0);
    compare(operators, "Less", NDArray::lt, (a, b) -> a < b ? 1 : 0);
    compare(operators, "LessOrEqual", NDArray::lte, (a, b) -> a <= b ? 1 : 0);
    compare(operators, "And", (a, b) -> spread(a, b, NDArray::logicalAnd), (a, b) -> a & b);
    compare(operators, "Or", (a, b) -> spread(a, b, NDArray::logicalOr), (a, b) -> a | b);
    compare(operators, "Xor", (a, b) -> spread(a, b, NDArray::logicalXor), (a, b) -> a ^ b);
    operators.put("Not", Operator.of(call -> call.in(0).logicalNot()));
    operators.put("IsNaN", Operator.of(call -> call.in(0).isNaN()));
    operators.put("IsInf", Operator.of(Logic::isInfinite));
    operators.put("Where", Operator.general(Logic::where));
  }

  private static void compare(
      Map<String, Operator> operators,
      String name,
      BinaryOperator<NDArray> function,
      LongBinaryOperator onHost) {
    operators.put(
        name,
        Operator.general(
            call ->
                call.onHost()
                    ? List.of(HostArithmetic.compare(call, onHost))
                    : List.of(Operand.of(function.apply(call.in(0), call.in(1))))));
  }

  private static NDArray spread(NDArray a, NDArray b, BinaryOperator<NDArray> function) {
    Shape shape = common(a, b);
    return function.apply(a.broadcast(shape), b.broadcast(shape));
  }

  private static Shape common(NDArray a, NDArray b) {
    return new Shape(Layout.broadcast(a.getShape().getShape(), b.getShape().getShape()));
  }

  private static NDArray isInfinite(Call call) {
    NDArray x = call.in(0);
    boolean negative = call.integer("detect_negative", 1) != 0;
    boolean positive = call.integer("detect_positive", 1) != 0;
    if (!negative && !positive) {
      return x.zerosLike().neq(0);
    }
    NDArray infinite = x.isInfinite();
    if (negative && positive) {
      return infinite;
    }
    return infinite.logicalAnd(positive ? x.gt(0) : x.lt(0));
  }

  private static List<Operand> where(Call call) {
    if (call.onHost()) {
      return List.of(whereOnHost(call));
    }
    NDArray condition = call.in(0);
    boolean real = call.operand(1).isReal() || call.operand(2).isReal();
    NDArray yes = real ? call.realIn(1) : call.in(1);
    NDArray no = real ? call.realIn(2) : call.in(2);
    Shape values = common(yes, no);
    Shape shape = new Shape(Layout.broadcast(values.getShape(), condition.getShape().getShape()));
    NDArray chosen = condition.toType(DataType.BOOLEAN, false).broadcast(shape);
    return List.of(Operand.of(NDArrays.where(chosen, yes.broadcast(shape), no.broadcast(shape))));
  }

  private static Operand whereOnHost(Call call) {
    Integers condition = call.integers(0);
    Integers yes = call.integers(1);
    Integers no = call.integers(2);
    long[] shape = Layout.broadcast(condition.shape(), Layout.broadcast(yes.shape(), no.shape()));
    long[] result = new long[Math.toIntExact(Layout.product(shape))];
    for (int i = 0; i < result.length; i++) {
      Integers from = HostArithmetic.at(condition, shape, i) != 0 ? yes : no;
      result[i] = HostArithmetic.at(from, shape, i);
    }
    return Operand.of(
        yes.isLogical() ? Integers.logical(result, shape) : Integers.of(result, shape));
  }
}
