package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sums, means, extremes and the like along axes. */
final class Reductions {
  private Reductions() {}

  /** Reduces the given axes, each of which keeps size 1. */
  private interface Reduction {
    NDArray reduce(Call call, NDArray x, int[] axes);
  }

  static void register(Map<String, Operator> operators) {
    put(operators, "ReduceSum", (call, x, axes) -> x.sum(axes, true));
    put(operators, "ReduceMean", Reductions::mean);
    put(operators, "ReduceMax", (call, x, axes) -> each(x, axes, (y, a) -> y.max(a, true)));
    put(operators, "ReduceMin", (call, x, axes) -> each(x, axes, (y, a) -> y.min(a, true)));
    put(operators, "ReduceProd", (call, x, axes) -> each(x, axes, (y, a) -> y.prod(a, true)));
    put(operators, "ReduceL1", (call, x, axes) -> x.abs().sum(axes, true));
    put(operators, "ReduceL2", (call, x, axes) -> x.square().sum(axes, true).sqrt());
    put(operators, "ReduceSumSquare", (call, x, axes) -> x.square().sum(axes, true));
    put(operators, "ReduceLogSum", (call, x, axes) -> x.sum(axes, true).log());
    put(operators, "ReduceLogSumExp", Reductions::logSumExp);
    operators.put("ArgMax", Operator.of(call -> extreme(call, true)));
    operators.put("ArgMin", Operator.of(call -> extreme(call, false)));
    operators.put("CumSum", Operator.of(Reductions::cumulativeSum));
    operators.put("GlobalAveragePool", Operator.of(call -> global(call, false)));
    operators.put("GlobalMaxPool", Operator.of(call -> global(call, true)));
  }

  private static void put(Map<String, Operator> operators, String name, Reduction reduction) {
    operators.put(name, Operator.general(call -> List.of(run(call, name, reduction))));
  }

  private static Operand run(Call call, String name, Reduction reduction) {
    if (call.onHost() && name.equals("ReduceProd") && call.integers(0).rank() == 1) {
      long product = Layout.product(call.longs(0));
      boolean keep = call.integer("keepdims", 1) != 0;
      return Operand.of(keep ? Integers.list(product) : Integers.scalar(product));
    }
    NDArray x = call.in(0);
    int[] axes = axes(call, x.getShape().dimension());
    if (axes.length == 0) {
      return Operand.of(Layout.same(x));
    }
    NDArray reduced = reduction.reduce(call, x, axes);
    if (call.integer("keepdims", 1) != 0) {
      return Operand.of(reduced);
    }
    return Operand.of(reduced.reshape(without(x.getShape(), axes)));
  }

  private static int[] axes(Call call, int rank) {
    long[] stated = call.has(1) ? call.longs(1) : call.integersOf("axes");
    if (stated.length == 0) {
      boolean none = call.integer("noop_with_empty_axes", 0) != 0;
      return none ? new int[0] : IntStream.range(0, rank).toArray();
    }
    return Arrays.stream(stated).mapToInt(axis -> call.axis(axis, rank)).sorted().toArray();
  }

  private static Shape without(Shape shape, int[] axes) {
    return new Shape(
        IntStream.range(0, shape.dimension())
            .filter(axis -> Arrays.stream(axes).noneMatch(each -> each == axis))
            .mapToLong(shape::get)
            .toArray());
  }

  /** The engine takes one axis at a time. */
  private static NDArray each(NDArray x, int[] axes, AxisReduction reduction) {
    NDArray result = x;
    for (int axis : axes) {
      result = reduction.reduce(result, new int[] {axis});
    }
    return result;
  }

  private interface AxisReduction {
    NDArray reduce(NDArray x, int[] axis);
  }

  private static NDArray mean(Call call, NDArray x, int[] axes) {
    if (axes.length == 1 && x.getDataType().isFloating()) {
      return x.mean(axes, true);
    }
    long count = 1;
    for (int axis : axes) {
      count *= x.getShape().get(axis);
    }
    return x.sum(axes, true).mul(call.scalar(1.0 / count));
  }

  private static NDArray logSumExp(Call call, NDArray x, int[] axes) {
    NDArray most = each(x, axes, (y, axis) -> y.max(axis, true)).stopGradient();
    // An infinite maximum would make NaN of infinity minus infinity.
    NDArray finite = most.clip(-Float.MAX_VALUE, Float.MAX_VALUE);
    return x.sub(finite).exp().sum(axes, true).log().add(finite);
  }

  private static NDArray extreme(Call call, boolean most) {
    NDArray x = call.in(0);
    int axis = call.axis("axis", 0, x.getShape().dimension());
    boolean last = call.integer("select_last_index", 0) != 0;
    NDArray from = last ? x.flip(axis) : x;
    NDArray index = most ? from.argMax(axis) : from.argMin(axis);
    if (last) {
      index = index.neg().add(x.getShape().get(axis) - 1);
    }
    return call.integer("keepdims", 1) != 0 ? index.expandDims(axis) : index;
  }

  private static NDArray cumulativeSum(Call call) {
    NDArray x = call.in(0);
    int axis = call.axis(call.longs(1)[0], x.getShape().dimension());
    boolean reverse = call.integer("reverse", 0) != 0;
    NDArray from = reverse ? x.flip(axis) : x;
    NDArray sum = from.cumSum(axis);
    if (call.integer("exclusive", 0) != 0) {
      sum = sum.sub(from);
    }
    return reverse ? sum.flip(axis) : sum;
  }

  private static NDArray global(Call call, boolean most) {
    NDArray x = call.in(0);
    Shape shape = x.getShape();
    NDArray rows = x.reshape(shape.get(0), shape.get(1), -1);
    int[] last = {2};
    NDArray result = most ? rows.max(last, false) : rows.mean(last, false);
    long[] kept = new long[shape.dimension()];
    Arrays.fill(kept, 1);
    kept[0] = shape.get(0);
    kept[1] = shape.get(1);
    return result.reshape(kept);
  }
}
