package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Parts of arrays between bounds, with steps. */
final class Slicing {
  private Slicing() {}

  /** What is taken of one axis: the first element, one past the last one, and the step. */
  private record Part(int axis, long from, long to, long step) {
    static Part of(int axis, long size, long start, long end, long step) {
      long from = start < 0 ? start + size : start;
      long to = end < 0 ? Math.max(end, -size - 1) + size : end;
      return step > 0
          ? new Part(axis, clamp(from, 0, size), clamp(to, 0, size), step)
          : new Part(axis, clamp(from, -1, size - 1), clamp(to, -1, size - 1), step);
    }

    private static long clamp(long value, long low, long high) {
      return Math.max(low, Math.min(high, value));
    }

    long count() {
      return Math.max(0, (to - from + step - Long.signum(step)) / step);
    }
  }

  static List<Operand> slice(Call call) {
    long[] shape = call.operand(0).shape();
    List<Part> parts = parts(call, shape);
    if (call.operand(0).isHost() && shape.length == 1) {
      Integers data = call.integers(0);
      Part part = parts.get(0);
      long[] taken = new long[Math.toIntExact(part.count())];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = data.value(Math.toIntExact(part.from() + i * part.step()));
      }
      return List.of(Operand.of(Integers.list(taken)));
    }
    return List.of(Operand.of(slice(call.in(0), parts)));
  }

  private static List<Part> parts(Call call, long[] shape) {
    long[] starts = call.has(1) ? call.longs(1) : call.integersOf("starts");
    long[] ends = call.has(2) ? call.longs(2) : call.integersOf("ends");
    long[] all = IntStream.range(0, starts.length).mapToLong(i -> i).toArray();
    long[] axes = call.has(3) ? call.longs(3) : call.integersOf("axes", all);
    long[] ones = new long[starts.length];
    Arrays.fill(ones, 1);
    long[] steps = call.has(4) ? call.longs(4) : ones;
    return IntStream.range(0, starts.length)
        .mapToObj(
            i -> {
              int axis = call.axis(axes[i], shape.length);
              return Part.of(axis, shape[axis], starts[i], ends[i], steps[i]);
            })
        .toList();
  }

  /** The engine steps forwards only: an axis that runs backwards is turned round before. */
  private static NDArray slice(NDArray x, List<Part> parts) {
    NDArray result = x;
    long[][] bounds = new long[x.getShape().dimension()][];
    for (Part part : parts) {
      long size = x.getShape().get(part.axis());
      if (part.step() < 0) {
        result = result.flip(part.axis());
        bounds[part.axis()] =
            new long[] {size - 1 - part.from(), size - 1 - part.to(), -part.step()};
      } else {
        bounds[part.axis()] = new long[] {part.from(), part.to(), part.step()};
      }
    }
    NDIndex index = new NDIndex();
    for (long[] bound : bounds) {
      if (bound == null) {
        index.addAllDim();
      } else {
        index.addSliceDim(bound[0], Math.max(bound[0], bound[1]), bound[2]);
      }
    }
    return result.get(index);
  }

  /** Elements of one axis, from one bound to another. */
  static NDArray along(NDArray x, int axis, long from, long to, long step) {
    return slice(x, List.of(new Part(axis, from, to, step)));
  }
}
