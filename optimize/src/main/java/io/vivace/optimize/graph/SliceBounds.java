package io.vivace.optimize.graph;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The known bounds of a {@code Slice}.
 *
 * @param starts first index per axis, negative ones from the end
 * @param ends index after the last one
 * @param axes the axes
 * @param steps the steps, not 0
 */
@SuppressWarnings("ArrayRecordComponent")
record SliceBounds(long[] starts, long[] ends, long[] axes, long[] steps) {
  /** Reads the bounds from the inputs, or from the attributes of opsets before 10. */
  static Optional<SliceBounds> of(TypeInference inference, Node node) {
    if (inference.opset() < 10) {
      long[] starts = node.integers("starts");
      long[] axes = node.integers("axes", LongStream.range(0, starts.length).toArray());
      return checked(starts, node.integers("ends"), axes, ones(starts.length));
    }
    Optional<long[]> starts = known(inference, node, 1);
    Optional<long[]> ends = known(inference, node, 2);
    if (starts.isEmpty() || ends.isEmpty()) {
      return Optional.empty();
    }
    int count = starts.get().length;
    Optional<long[]> axes =
        node.input(3).isEmpty()
            ? Optional.of(LongStream.range(0, count).toArray())
            : known(inference, node, 3);
    Optional<long[]> steps =
        node.input(4).isEmpty() ? Optional.of(ones(count)) : known(inference, node, 4);
    return axes.isEmpty() || steps.isEmpty()
        ? Optional.empty()
        : checked(starts.get(), ends.get(), axes.get(), steps.get());
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Optional<long[]> known(TypeInference inference, Node node, int input) {
    return inference
        .integers(node.input(input))
        .filter(ShapeValues::allKnown)
        .map(ShapeValues::toArray);
  }

  private static Optional<SliceBounds> checked(
      long[] starts, long[] ends, long[] axes, long[] steps) {
    boolean fits =
        starts.length == ends.length
            && starts.length == axes.length
            && starts.length == steps.length
            && Arrays.stream(steps).noneMatch(step -> step == 0);
    return fits ? Optional.of(new SliceBounds(starts, ends, axes, steps)) : Optional.empty();
  }

  long from(int i, long size) {
    long index = starts[i] < 0 ? starts[i] + size : starts[i];
    return steps[i] > 0 ? clamp(index, 0, size) : clamp(index, 0, size - 1);
  }

  long to(int i, long size) {
    long index = ends[i] < 0 ? ends[i] + size : ends[i];
    return steps[i] > 0 ? clamp(index, 0, size) : clamp(index, -1, size - 1);
  }

  long count(int i, long size) {
    long distance = to(i, size) - from(i, size);
    long step = steps[i];
    long count = step > 0 ? (distance + step - 1) / step : (-distance - step - 1) / -step;
    return Math.max(0, count);
  }

  private static long clamp(long value, long low, long high) {
    return Math.max(low, Math.min(high, value));
  }
}
