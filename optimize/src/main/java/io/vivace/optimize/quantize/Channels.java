package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;

/**
 * Which elements of a tensor share a scale.
 *
 * @param count number of channels
 * @param inner number of neighbouring elements of one channel; the channels repeat after {@code
 *     count * inner} elements
 */
record Channels(int count, long inner) {
  /** All elements share one scale. */
  static Channels all(Shape shape) {
    return new Channels(1, Math.max(1, shape.elements()));
  }

  /** Elements share a scale that have the same index along an axis, from 0. */
  static Channels along(Shape shape, int axis) {
    long inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= shape.dimension(i);
    }
    return new Channels(Math.toIntExact(shape.dimension(axis)), Math.max(1, inner));
  }

  int at(long element) {
    return (int) (element / inner % count);
  }
}
