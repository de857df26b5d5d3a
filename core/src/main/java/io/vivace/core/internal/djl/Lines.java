package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** An array cut into lines along some of its axes. */
final class Lines {
  private final HostArray array;
  private final int[] along;
  private final Walk moved;
  private final Numbers numbers;
  private final int length;
  private final int count;

  Lines(HostArray array, int... axes) {
    this.array = array;
    int rank = array.getShape().dimension();
    this.along = IntStream.of(axes).map(axis -> Walk.axis(axis, rank)).toArray();
    int[] others = IntStream.range(0, rank).filter(axis -> !isAlong(axis)).toArray();
    this.moved = array.walk().permute(concat(others, along));
    this.numbers = array.numbers().pick(moved.positions());
    this.length =
        (int) IntStream.of(along).mapToLong(array.getShape()::get).reduce(1, Math::multiplyExact);
    this.count =
        (int) IntStream.of(others).mapToLong(array.getShape()::get).reduce(1, Math::multiplyExact);
  }

  /** One floating-point number for each line. */
  HostArray reduce(boolean keep, DataType type, ToDoubleFunction<Line> reduction) {
    return array.make(
        reduced(keep), Numbers.of(type, count, i -> reduction.applyAsDouble(line(i))));
  }

  /** One 64-bit integer for each line. */
  HostArray reduceToLong(boolean keep, ToLongFunction<Line> reduction) {
    return array.make(
        reduced(keep), Numbers.ofLongs(DataType.INT64, count, i -> reduction.applyAsLong(line(i))));
  }

  /** One of its elements for each line. */
  HostArray choose(boolean keep, ToIntFunction<Line> position) {
    int[] chosen = IntStream.range(0, count).map(i -> position.applyAsInt(line(i))).toArray();
    return array.make(reduced(keep), numbers.pick(chosen));
  }

  /** As many numbers for each line as it has elements, put back where those were. */
  HostArray map(DataType type, Function<Line, Numbers> mapping) {
    Numbers none = Numbers.of(type, 0, i -> 0);
    Elements mapped =
        none.join(IntStream.range(0, count).mapToObj(i -> mapping.apply(line(i))).toList());
    int[] from = moved.positions();
    int[] back = new int[from.length];
    for (int i = 0; i < from.length; i++) {
      back[from[i]] = i;
    }
    return array.make(array.getShape(), mapped.pick(back));
  }

  private Line line(int i) {
    return new Line(numbers, i * length, length);
  }

  private Shape reduced(boolean keep) {
    Shape shape = array.getShape();
    return new Shape(
        IntStream.range(0, shape.dimension())
            .filter(axis -> keep || !isAlong(axis))
            .mapToLong(axis -> isAlong(axis) ? 1 : shape.get(axis))
            .toArray());
  }

  private boolean isAlong(int axis) {
    return IntStream.of(along).anyMatch(other -> other == axis);
  }

  private static int[] concat(int[] first, int[] second) {
    return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
  }
}
