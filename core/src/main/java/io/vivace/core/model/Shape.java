package io.vivace.core.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The size of a tensor along each axis. Immutable and thread-safe.
 *
 * <p>A size of {@link #ANY} means that it is known only when the model runs. A shape with no axis
 * is a scalar and has one element.
 */
public final class Shape {
  /** The size of an axis that may differ from run to run: -1. */
  public static final long ANY = -1;

  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] dimensions;

  private Shape(long[] dimensions) {
    this.dimensions = dimensions;
  }

  /**
   * Returns the shape with these sizes.
   *
   * @param dimensions the size of each axis, each at least 0 or {@link #ANY}; none makes a scalar
   * @return the shape
   * @throws IllegalArgumentException if a size is below -1
   */
  public static Shape of(long... dimensions) {
    for (long size : dimensions) {
      if (size < ANY) {
        throw new IllegalArgumentException(
            "a dimension must be at least 0, or -1 for any size, but was "
                + size
                + " in "
                + Arrays.toString(dimensions));
      }
    }
    return dimensions.length == 0 ? SCALAR : new Shape(dimensions.clone());
  }

  /**
   * Returns the number of axes.
   *
   * @return 0 for a scalar
   */
  public int rank() {
    return dimensions.length;
  }

  /**
   * Returns the size along one axis.
   *
   * @param axis from 0 to {@code rank() - 1}
   * @return the size, or {@link #ANY}
   */
  public long dimension(int axis) {
    return dimensions[axis];
  }

  /**
   * Tells whether any size is {@link #ANY}.
   *
   * @return true if some size is known only when the model runs
   */
  public boolean isDynamic() {
    for (long size : dimensions) {
      if (size == ANY) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the number of elements: the product of the sizes.
   *
   * @return 1 for a scalar
   * @throws IllegalStateException if the shape {@linkplain #isDynamic() is dynamic}
   * @throws ArithmeticException if the product does not fit a {@code long}
   */
  public long elements() {
    long product = 1;
    for (long size : dimensions) {
      if (size == ANY) {
        throw new IllegalStateException("the number of elements of " + this + " is not known");
      }
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  /**
   * Returns this shape with one more axis in front.
   *
   * @param size the size of the new axis
   * @return a shape of one rank more
   */
  public Shape prepend(long size) {
    long[] longer = new long[dimensions.length + 1];
    longer[0] = size;
    System.arraycopy(dimensions, 0, longer, 1, dimensions.length);
    return of(longer);
  }

  /**
   * Returns this shape without its first axis.
   *
   * @return a shape of one rank less
   * @throws IllegalStateException if this is a scalar
   */
  public Shape dropFirst() {
    if (dimensions.length == 0) {
      throw new IllegalStateException("a scalar has no axis to drop");
    }
    return of(Arrays.copyOfRange(dimensions, 1, dimensions.length));
  }

  /**
   * Tells whether a tensor of the other shape fits where this one is asked for: equal rank, and
   * each size equal or {@link #ANY} on either side.
   *
   * @param other the shape to compare
   * @return true if they fit
   */
  public boolean matches(Shape other) {
    if (dimensions.length != other.dimensions.length) {
      return false;
    }
    for (int i = 0; i < dimensions.length; i++) {
      long a = dimensions[i];
      long b = other.dimensions[i];
      if (a != b && a != ANY && b != ANY) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the sizes as a new array.
   *
   * @return one entry per axis
   */
  public long[] toArray() {
    return dimensions.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /**
   * Returns the sizes in brackets, {@code ?} for any.
   *
   * @return for example {@code [?, 3, 224, 224]}
   */
  @Override
  public String toString() {
    return LongStream.of(dimensions)
        .mapToObj(size -> size == ANY ? "?" : Long.toString(size))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
