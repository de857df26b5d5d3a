package io.vivace.core.data;

import com.google.gson.JsonArray;

/** What the transforms of this package share: the check of an example, and the file's form. */
abstract sealed class StepTransform implements FeatureTransform
    permits AffineFeatures, ImputedFeatures, ProjectedFeatures, CentreDistances, FeatureChain {

  /** Adds this transform's steps. */
  abstract void write(JsonArray steps);

  @Override
  public int outputs() {
    return features();
  }

  @Override
  public final FeatureTransform then(FeatureTransform next) {
    return new FeatureChain(this, (StepTransform) next);
  }

  @Override
  public final String toJson() {
    JsonArray steps = new JsonArray();
    write(steps);
    return FeatureFile.format(steps);
  }

  final double[] copy(double[] example) {
    requireLength(features(), example);
    return example.clone();
  }

  static void requireLength(int features, double[] example) {
    if (example.length != features) {
      throw new IllegalArgumentException(
          "an example must have " + features + " features, but has " + example.length);
    }
  }

  /** A copy of rows of the same length, all finite. */
  static double[][] matrix(String name, double[][] rows) {
    if (rows.length == 0 || rows[0].length == 0) {
      throw new IllegalArgumentException("there must be at least one number of the " + name);
    }
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != rows[0].length) {
        throw new IllegalArgumentException(
            String.format(
                "the %s must have the same length, but number 0 has %d and number %d has %d",
                name, rows[0].length, i, rows[i].length));
      }
      copy[i] = rows[i].clone();
      for (double value : copy[i]) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("the " + name + " must be finite, but hold " + value);
        }
      }
    }
    return copy;
  }

  static JsonArray array(double[][] rows) {
    JsonArray array = new JsonArray();
    for (double[] row : rows) {
      array.add(array(row));
    }
    return array;
  }

  static JsonArray array(double[] values) {
    JsonArray array = new JsonArray();
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof StepTransform step && toJson().equals(step.toJson());
  }

  @Override
  public final int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public final String toString() {
    JsonArray steps = new JsonArray();
    write(steps);
    StringBuilder names = new StringBuilder("FeatureTransform[" + features() + " features");
    steps.forEach(
        step -> names.append(", ").append(step.getAsJsonObject().get("type").getAsString()));
    return names.append(']').toString();
  }

  /** The same numbers in double precision. */
  static double[] widened(float[] example) {
    double[] wide = new double[example.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = example[i];
    }
    return wide;
  }
}
