package io.vivace.core.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The training examples by feature: what each column holds, missing values (NaN) left out. */
final class FeatureColumns {
  private final List<double[]> examples = new ArrayList<>();
  private final int features;

  FeatureColumns(Iterable<double[]> training, boolean missingAllowed) {
    training.forEach(examples::add);
    if (examples.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be at least one training example, but is none");
    }
    features = examples.get(0).length;
    if (features == 0) {
      throw new IllegalArgumentException("an example must have at least one feature, but has none");
    }
    for (int row = 0; row < examples.size(); row++) {
      check(row, missingAllowed);
    }
  }

  private void check(int row, boolean missingAllowed) {
    double[] example = examples.get(row);
    if (example.length != features) {
      throw new IllegalArgumentException(
          String.format(
              "example %d has %d features, but example 0 has %d", row, example.length, features));
    }
    for (int column = 0; column < features; column++) {
      double value = example[column];
      if (Double.isInfinite(value) || (Double.isNaN(value) && !missingAllowed)) {
        throw new IllegalArgumentException(
            String.format(
                "feature %d of example %d is %s: %s",
                column,
                row,
                value,
                Double.isNaN(value) ? "impute missing values first" : "values must be finite"));
      }
    }
  }

  int features() {
    return features;
  }

  double[] sorted(int column) {
    double[] values = values(column);
    Arrays.sort(values);
    return values;
  }

  /** The values of a feature that are there, in the order of the examples. */
  double[] values(int column) {
    return examples.stream()
        .mapToDouble(example -> example[column])
        .filter(value -> !Double.isNaN(value))
        .toArray();
  }
}
