package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A way to walk over the elements of an array: the sizes of the result, and how far apart in the
 * source the elements along each axis lie. Slices, transpositions and broadcasts are all such
 * walks.
 */
final class Walk {
  private final long[] sizes;
  private final long[] strides;
  private final long start;

  private Walk(long[] sizes, long[] strides, long start) {
    this.sizes = sizes;
    this.strides = strides;
    this.start = start;
  }

  static Walk of(Shape shape) {
    long[] sizes = shape.getShape();
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
    return new Walk(sizes, strides, 0);
  }

  Shape shape() {
    return new Shape(sizes);
  }

  Walk permute(int... axes) {
    if (!Arrays.equals(IntStream.of(axes).sorted().toArray(), axes(sizes.length))) {
      throw new IllegalArgumentException(
          String.format(
              "axes must be a permutation of %s, but were %s",
              Arrays.toString(axes(sizes.length)), Arrays.toString(axes)));
    }
    return new Walk(
        IntStream.of(axes).mapToLong(axis -> sizes[axis]).toArray(),
        IntStream.of(axes).mapToLong(axis -> strides[axis]).toArray(),
        start);
  }

  /** Some of the positions of one axis. */
  Walk slice(int axis, long from, long count, long step) {
    long last = from + (count - 1) * step;
    if (count < 0
        || (count > 0 && (Math.min(from, last) < 0 || Math.max(from, last) >= sizes[axis]))) {
      throw new IndexOutOfBoundsException(
          String.format(
              "positions %d to %d of axis %d do not lie within shape %s",
              from, last, axis, shape()));
    }
    long[] sliced = sizes.clone();
    long[] steps = strides.clone();
    sliced[axis] = count;
    steps[axis] *= step;
    return new Walk(sliced, steps, start + from * strides[axis]);
  }

  /** The elements repeated to a larger shape, by NumPy's rules. */
  Walk broadcast(Shape wanted) {
    long[] target = wanted.getShape();
    int added = target.length - sizes.length;
    long[] steps = new long[target.length];
    for (int axis = 0; axis < target.length; axis++) {
      long size = axis < added ? 1 : sizes[axis - added];
      if (added < 0 || (size != target[axis] && size != 1)) {
        throw new IllegalArgumentException(
            "an array of shape " + shape() + " cannot be broadcast to " + wanted);
      }
      steps[axis] = size == 1 ? 0 : strides[axis - added];
    }
    return new Walk(target, steps, start);
  }

  /** The source position of each element, in the order of the walk. */
  int[] positions() {
    int total = Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact));
    int[] positions = new int[total];
    long[] index = new long[sizes.length];
    long position = start;
    for (int i = 0; i < total; i++) {
      positions[i] = (int) position;
      position += advance(index);
    }
    return positions;
  }

  /** Counts the index up, the last axis fastest, and says how far the position moves. */
  private long advance(long[] index) {
    long move = 0;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (++index[axis] < sizes[axis]) {
        return move + strides[axis];
      }
      move -= (sizes[axis] - 1) * strides[axis];
      index[axis] = 0;
    }
    return move;
  }

  static int[] axes(int rank) {
    return IntStream.range(0, rank).toArray();
  }

  /** The shape that both broadcast to, by NumPy's rules. */
  static Shape common(Shape one, Shape other) {
    if (one.dimension() < other.dimension()) {
      return common(other, one);
    }
    long[] sizes = one.getShape().clone();
    int added = sizes.length - other.dimension();
    for (int axis = added; axis < sizes.length; axis++) {
      if (sizes[axis] == 1) {
        sizes[axis] = other.get(axis - added);
      }
    }
    return new Shape(sizes);
  }

  /** Counts an axis from the end where it is negative. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          String.format("axis must be from %d to %d, but was %d", -rank, rank - 1, axis));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }
}
