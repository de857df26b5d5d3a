package io.vivace.core.data;

import com.google.gson.JsonArray;

/** What the transforms of this package share: the check of an example, and the file's form. */
abstract sealed class StepTransform implements FeatureTransform
    permits AffineFeatures, ImputedFeatures, FeatureChain {

  /** Adds this transform's steps. */
  abstract void write(JsonArray steps);

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
    if (example.length != features()) {
      throw new IllegalArgumentException(
          "an example must have " + features() + " features, but has " + example.length);
    }
    return example.clone();
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
