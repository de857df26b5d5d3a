package io.vivace.core.data;

/**
 * How features are to be prepared, before any example was seen. Immutable.
 *
 * <p>Fit it to the training examples alone: what was learnt from the others would make a model look
 * better than it is.
 */
@FunctionalInterface
public interface FeaturePreparation {
  /**
   * Looks at training examples.
   *
   * @param training the features of each; at least one example, all of the same length
   * @return the transform they ask for
   * @throws IllegalArgumentException if there is no example, or examples have different lengths, or
   *     a value cannot be used; the message names example and feature, counted from 0
   */
  FeatureTransform fit(Iterable<double[]> training);

  /**
   * Looks at training examples of single precision, as images. They are widened, all at once.
   *
   * @param training the features of each; at least one example, all of the same length
   * @return the transform they ask for
   * @throws IllegalArgumentException as for {@link #fit}
   */
  default FeatureTransform fitFloats(Iterable<float[]> training) {
    java.util.List<double[]> wide = new java.util.ArrayList<>();
    training.forEach(example -> wide.add(StepTransform.widened(example)));
    return fit(wide);
  }

  /**
   * Returns this preparation and then another, fitted to what the first gives.
   *
   * @param next what is done next
   * @return both
   */
  default FeaturePreparation then(FeaturePreparation next) {
    return training -> {
      FeatureTransform first = fit(training);
      java.util.List<double[]> prepared = new java.util.ArrayList<>();
      training.forEach(example -> prepared.add(first.apply(example)));
      return first.then(next.fit(prepared));
    };
  }
}
