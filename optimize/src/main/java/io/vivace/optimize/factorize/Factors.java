package io.vivace.optimize.factorize;

import io.vivace.core.model.Shape;
import java.util.List;

/**
 * A weight in factors.
 *
 * @param form what they are factors of
 * @param rank the first rank; 0 if there are none
 * @param outputRank the second rank; 0 but for Tucker factors
 * @param values the factors, in the order in which a layer applies them
 * @param shapes their shapes
 * @param error the relative error
 */
record Factors(
    Form form, int rank, int outputRank, List<float[]> values, List<Shape> shapes, double error) {
  /** The kinds of layer. */
  enum Form {
    /** {@code x A B}. */
    MATRIX,
    /** Two convolutions of one pixel. */
    PIXEL,
    /** Columns, then rows. */
    SPATIAL,
    /** Fewer channels, the pixels, more channels again. */
    TUCKER
  }

  long parameters() {
    return shapes.stream().mapToLong(Shape::elements).sum();
  }
}
