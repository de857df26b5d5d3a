package io.vivace.evaluate;

import io.vivace.evaluate.metric.Batch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How much the rows of a data set count in metrics. Immutable. */
final class RowWeights {
  /** Every row counts 1. */
  static final RowWeights EQUAL = new RowWeights(null);

  private final double @Nullable [] weights;

  private RowWeights(double @Nullable [] weights) {
    this.weights = weights;
  }

  static RowWeights of(double... weights) {
    for (int row = 0; row < weights.length; row++) {
      if (!(weights[row] >= 0 && weights[row] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            String.format(
                "weights must be finite and at least 0, but that of example %,d is %s",
                row, weights[row]));
      }
    }
    return new RowWeights(weights.clone());
  }

  boolean isEqual() {
    return weights == null;
  }

  void check(int examples) {
    if (weights != null && weights.length != examples) {
      throw new IllegalArgumentException(
          String.format("there are %,d weights for %,d examples", weights.length, examples));
    }
  }

  /** Weighs the rows of a batch, given which examples they are. */
  Batch weigh(Batch batch, int[] examples) {
    double[] all = weights;
    return all == null
        ? batch
        : batch.weighted(Arrays.stream(examples).mapToDouble(row -> all[row]).toArray());
  }
}
