package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move elements or change shapes, and arithmetic on shapes. */
final class Layout {
  private Layout() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Identity", Operator.general(call -> List.of(call.operand(0))));
    operators.put("Shape", Operator.general(Layout::shape));
    operators.put(
        "Size",
        Operator.general(
            call -> List.of(Operand.of(Integers.scalar(product(call.operand(0).shape()))))));
    operators.put("Reshape", Operator.general(Layout::reshape));
    operators.put("Flatten", Operator.of(Layout::flatten));
    operators.put("Squeeze", Operator.general(Layout::squeeze));
    operators.put("Unsqueeze", Operator.general(Layout::unsqueeze));
    operators.put("Transpose", Operator.of(Layout::transpose));
    operators.put("Expand", Operator.general(Layout::expand));
    operators.put("Tile", Operator.of(call -> call.in(0).tile(call.longs(1))));
    operators.put("DepthToSpace", Operator.of(Layout::depthToSpace));
    operators.put("SpaceToDepth", Operator.of(Layout::spaceToDepth));
    operators.put("ConstantOfShape", Operator.general(Layout::constantOfShape));
    operators.put("Range", Operator.general(Layout::range));
  }

  /** The same elements as an array of its own; a copy would lose the gradient. */
  static NDArray same(NDArray x) {
    return x.reshape(x.getShape());
  }

  static long product(long[] sizes) {
    return LongStream.of(sizes).reduce(1, Math::multiplyExact);
  }

  /** The number of elements of the axes of a range. */
  static long size(NDArray x, int from, int to) {
    return product(Arrays.copyOfRange(x.getShape().getShape(), from, to));
  }

  /** The shape that two shapes have in common. */
  static long[] broadcast(long[] a, long[] b) {
    long[] result = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= result.length; i++) {
      long left = i <= a.length ? a[a.length - i] : 1;
      long right = i <= b.length ? b[b.length - i] : 1;
      result[result.length - i] = left == 1 ? right : left;
    }
    return result;
  }

  private static List<Operand> shape(Call call) {
    long[] shape = call.operand(0).shape();
    int from = bound(call.integer("start", 0), shape.length);
    int to = bound(call.integer("end", shape.length), shape.length);
    return List.of(Operand.of(Integers.list(Arrays.copyOfRange(shape, Math.min(from, to), to))));
  }

  private static int bound(long stated, int size) {
    return (int) Math.max(0, Math.min(size, stated < 0 ? stated + size : stated));
  }

  private static List<Operand> result(Call call, long[] shape) {
    Operand data = call.operand(0);
    return List.of(
        data.isHost()
            ? Operand.of(data.integers().reshaped(shape))
            : Operand.of(call.in(0).reshape(shape)));
  }

  private static List<Operand> reshape(Call call) {
    long[] from = call.operand(0).shape();
    long[] to = call.has(1) ? call.longs(1) : call.integersOf("shape");
    int open = -1;
    for (int i = 0; i < to.length; i++) {
      if (to[i] == 0 && call.integer("allowzero", 0) == 0) {
        to[i] = from[i];
      }
      open = to[i] == -1 ? i : open;
    }
    if (open >= 0) {
      to[open] = 1;
      to[open] = product(from) / Math.max(1, product(to));
    }
    return result(call, to);
  }

  private static NDArray flatten(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    int axis = call.axis("axis", 1, rank);
    return x.reshape(size(x, 0, axis), size(x, axis, rank));
  }

  /** The axes that a node states, as an input or, before version 13, as a setting. */
  private static int[] axes(Call call, int rank) {
    long[] stated = call.has(1) ? call.longs(1) : call.integersOf("axes");
    return Arrays.stream(stated).mapToInt(axis -> call.axis(axis, rank)).sorted().toArray();
  }

  private static List<Operand> squeeze(Call call) {
    long[] from = call.operand(0).shape();
    int[] stated = axes(call, from.length);
    int[] axes =
        stated.length > 0
            ? stated
            : IntStream.range(0, from.length).filter(axis -> from[axis] == 1).toArray();
    return result(
        call,
        IntStream.range(0, from.length)
            .filter(axis -> Arrays.binarySearch(axes, axis) < 0)
            .mapToLong(axis -> from[axis])
            .toArray());
  }

  private static List<Operand> unsqueeze(Call call) {
    long[] from = call.operand(0).shape();
    int count = call.has(1) ? call.integers(1).size() : call.integersOf("axes").length;
    int[] axes = axes(call, from.length + count);
    long[] to = new long[from.length + count];
    int next = 0;
    for (int axis = 0; axis < to.length; axis++) {
      to[axis] = Arrays.binarySearch(axes, axis) >= 0 ? 1 : from[next++];
    }
    return result(call, to);
  }

  private static NDArray transpose(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    long[] order =
        call.integersOf("perm", IntStream.range(0, rank).mapToLong(i -> rank - 1L - i).toArray());
    return rank == 0 ? Layout.same(x) : x.transpose(ints(order));
  }

  static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  private static List<Operand> expand(Call call) {
    long[] shape = broadcast(call.operand(0).shape(), call.longs(1));
    if (call.onHost()) {
      Integers data = call.integers(0);
      Integers zero = Integers.of(new long[Math.toIntExact(product(shape))], shape);
      return List.of(Operand.of(HostArithmetic.apply(data, zero, (a, b) -> a)));
    }
    return List.of(Operand.of(call.in(0).broadcast(new Shape(shape))));
  }

  private static NDArray depthToSpace(Call call) {
    NDArray x = call.in(0);
    Shape s = x.getShape();
    long block = call.integer("blocksize", 1);
    long depth = s.get(1) / (block * block);
    NDArray moved =
        call.text("mode", "DCR").equals("CRD")
            ? x.reshape(s.get(0), depth, block, block, s.get(2), s.get(3))
                .transpose(0, 1, 4, 2, 5, 3)
            : x.reshape(s.get(0), block, block, depth, s.get(2), s.get(3))
                .transpose(0, 3, 4, 1, 5, 2);
    return moved.reshape(s.get(0), depth, s.get(2) * block, s.get(3) * block);
  }

  private static NDArray spaceToDepth(Call call) {
    NDArray x = call.in(0);
    Shape s = x.getShape();
    long block = call.integer("blocksize", 1);
    boolean blocksLast = call.text("mode", "DCR").equals("CRD");
    NDArray split = x.reshape(s.get(0), s.get(1), s.get(2) / block, block, s.get(3) / block, block);
    return (blocksLast ? split.transpose(0, 1, 3, 5, 2, 4) : split.transpose(0, 3, 5, 1, 2, 4))
        .reshape(s.get(0), s.get(1) * block * block, s.get(2) / block, s.get(3) / block);
  }

  private static List<Operand> constantOfShape(Call call) {
    long[] shape = call.longs(0);
    Values value =
        call.node().attribute("value").map(each -> Values.of(each.tensor())).orElse(Values.ZERO);
    if (value.isReal()) {
      return List.of(Operand.of(call.ones(new Shape(shape)).mul(call.scalar(value.real(0)))));
    }
    long[] values = new long[Math.toIntExact(product(shape))];
    Arrays.fill(values, value.integers().value(0));
    return List.of(
        Operand.of(
            value.integers().isLogical()
                ? Integers.logical(values, shape)
                : Integers.of(values, shape)));
  }

  private static List<Operand> range(Call call) {
    if (call.isIntegral()) {
      long start = call.longs(0)[0];
      long limit = call.longs(1)[0];
      long step = call.longs(2)[0];
      List<Long> values = new ArrayList<>();
      for (long i = start; step > 0 ? i < limit : i > limit; i += step) {
        values.add(i);
      }
      return List.of(Operand.of(Integers.list(values.stream().mapToLong(i -> i).toArray())));
    }
    double start = call.doubles(0)[0];
    double step = call.doubles(2)[0];
    int count = (int) Math.max(0, Math.ceil((call.doubles(1)[0] - start) / step));
    double[] values = IntStream.range(0, count).mapToDouble(i -> start + i * step).toArray();
    return List.of(Operand.of(call.create(values, new Shape(count))));
  }
}
