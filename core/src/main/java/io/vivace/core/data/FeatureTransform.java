package io.vivace.core.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Features prepared the way the training examples asked for: scaled, with missing values replaced,
 * projected to fewer, or turned into distances. Made by {@link FeaturePreparation#fit}, saved
 * beside the model, and applied again when the model serves, so that serving repeats exactly what
 * training did. Immutable and thread-safe.
 *
 * <pre>{@code
 * FeatureTransform features =
 *     Imputation.median().then(FeatureScaling.standard()).fit(training.inputs());
 * Dataset<double[], Integer> scaled = training.mapInputs(features);
 * features.save(Path.of("model.features.json"));
 * Preprocessor<double[]> input =
 *     VectorInput.doubles(30).after(FeatureTransform.load(Path.of("model.features.json")));
 * }</pre>
 */
public sealed interface FeatureTransform extends UnaryOperator<double[]> permits StepTransform {
  /**
   * Returns how many features an example must have.
   *
   * @return the count, at least 1
   */
  int features();

  /**
   * Returns how many features a prepared example has.
   *
   * @return the count, at least 1
   */
  int outputs();

  /**
   * Prepares one example.
   *
   * @param example its features; left as it is
   * @return the prepared features, {@link #outputs()} of them
   * @throws IllegalArgumentException if there are not {@link #features()} of them
   */
  @Override
  double[] apply(double[] example);

  /**
   * Prepares one example of single precision. The arithmetic is in double precision, as in {@link
   * #apply}.
   *
   * @param example its features; left as it is
   * @return the prepared features, {@link #outputs()} of them
   * @throws IllegalArgumentException if there are not {@link #features()} of them
   */
  default float[] apply(float[] example) {
    double[] prepared = apply(StepTransform.widened(example));
    float[] narrow = new float[prepared.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) prepared[i];
    }
    return narrow;
  }

  /**
   * Returns this transform for examples of single precision, as {@code
   * VectorInput.floats(784).after(transform.ofFloats())} takes it.
   *
   * @return {@link #apply(float[])} as a function
   */
  default UnaryOperator<float[]> ofFloats() {
    return this::apply;
  }

  /**
   * Undoes the scaling, for a regression's target that was scaled. A value that was imputed stays;
   * of a projection to fewer features comes back what they still tell.
   *
   * @param prepared what {@link #apply} returned; left as it is
   * @return the features as they were
   * @throws IllegalArgumentException if there are not {@link #outputs()} of them
   * @throws UnsupportedOperationException if a step cannot be undone, as distances
   */
  double[] inverse(double[] prepared);

  /**
   * Returns this transform and then another as one.
   *
   * @param next fitted to what this one gives
   * @return both
   * @throws IllegalArgumentException if the other is for another number of features than {@link
   *     #outputs()}
   */
  FeatureTransform then(FeatureTransform next);

  /**
   * Returns the projection on directions, as principal components are: output {@code j} is {@code
   * directions[j] . (x - mean) / divisor[j]}. A missing value (NaN) makes every output missing.
   *
   * @param mean what is taken off first, one number per feature, at least one
   * @param directions the directions, at least one, each with a number per feature. {@link
   *     #inverse} is right where they are orthonormal
   * @param divisor one number per direction, not 0
   * @return the transform; it has copied the numbers
   * @throws IllegalArgumentException if sizes do not fit or a number is not finite
   */
  static FeatureTransform projection(double[] mean, double[][] directions, double[] divisor) {
    return new ProjectedFeatures(mean, directions, divisor);
  }

  /**
   * Returns the Euclidean distances to centres, as those of clusters. A missing value (NaN) makes
   * every output missing.
   *
   * @param centres at least one, each with as many numbers, at least one
   * @return the transform; it has copied the numbers
   * @throws IllegalArgumentException if sizes do not fit or a number is not finite
   */
  static FeatureTransform distances(double[][] centres) {
    return new CentreDistances(centres);
  }

  /**
   * Writes the transform as JSON, for a file beside the model. Numbers are written so that they are
   * read back exactly.
   *
   * @return the JSON text
   */
  String toJson();

  /**
   * Writes {@link #toJson()} to a file, which is there whole or not at all.
   *
   * @param file the file; an older one is replaced
   * @throws IOException if it cannot be written
   */
  default void save(Path file) throws IOException {
    FeatureFile.save(toJson(), Objects.requireNonNull(file, "file"));
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param file the file
   * @return an equal transform
   * @throws IOException if the file cannot be read
   * @throws MalformedDataException if it is not such a file; the message names the fault
   */
  static FeatureTransform load(Path file) throws IOException {
    return FeatureFile.load(Objects.requireNonNull(file, "file"));
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param json the text
   * @return an equal transform
   * @throws IllegalArgumentException if it is not such a text; the message names the fault
   */
  static FeatureTransform fromJson(String json) {
    return FeatureFile.parse(json, "the text");
  }
}
