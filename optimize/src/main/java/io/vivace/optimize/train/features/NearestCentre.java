package io.vivace.optimize.train.features;

import io.vivace.core.InvalidInputException;
import io.vivace.core.data.FeatureTransform;
import java.util.function.Function;

/** The position of the smallest distance. */
record NearestCentre(FeatureTransform distances) implements Function<double[], Integer> {
  @Override
  public Integer apply(double[] example) {
    double[] values;
    try {
      values = distances.apply(example);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
    int nearest = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new InvalidInputException(
            "the distance to centre %d is %s: are all features finite?".formatted(i, values[i]));
      }
      nearest = values[i] < values[nearest] ? i : nearest;
    }
    return nearest;
  }
}
