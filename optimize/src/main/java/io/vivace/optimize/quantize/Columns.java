package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Weight;

/** A matrix of floats, column by column. */
final class Columns {
  private final int rows;
  private final int count;
  private final float[] values;

  Columns(int rows, int count, float[] values) {
    this.rows = rows;
    this.count = count;
    this.values = values;
  }

  /**
   * Reads the second factor of a product.
   *
   * @throws GraphException if a weight is no number
   */
  static Columns of(Weight weight) {
    float[] floats = finite(weight);
    int rows = Math.toIntExact(weight.shape().dimension(0));
    int count = Math.toIntExact(weight.shape().dimension(1));
    float[] transposed = new float[floats.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < count; column++) {
        transposed[column * rows + row] = floats[row * count + column];
      }
    }
    return new Columns(rows, count, transposed);
  }

  static float[] finite(Weight weight) {
    float[] floats = weight.floats();
    for (int i = 0; i < floats.length; i++) {
      if (!Float.isFinite(floats[i])) {
        throw new GraphException(
            "element %d of %s is %s, which cannot be quantized".formatted(i, weight, floats[i]));
      }
    }
    return floats;
  }

  /** The matrix with each row multiplied by a factor; none: as it is. */
  Columns scaled(float[] factors) {
    if (factors.length == 0) {
      return this;
    }
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[i] * factors[i % rows];
    }
    return new Columns(rows, count, result);
  }

  int rows() {
    return rows;
  }

  int count() {
    return count;
  }

  /** {@code values[column * rows + row]}; not copied. */
  float[] values() {
    return values;
  }
}
