package io.vivace.core;

import io.vivace.core.data.FeatureTransform;
import java.util.function.Function;

/** Prepares features; an example that does not fit is the caller's fault. */
record PreparedFeatures(FeatureTransform transform) implements Function<double[], double[]> {
  @Override
  public double[] apply(double[] example) {
    try {
      return transform.apply(example);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }
}
