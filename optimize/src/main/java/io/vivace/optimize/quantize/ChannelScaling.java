package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Weight;
import java.util.List;

/**
 * Finds by which factors the input channels of weights are scaled before rounding (Lin and others,
 * 2023, "AWQ"): {@code factor = mean(|x|)^alpha}, normalized by the square root of the largest
 * times the smallest, with the {@code alpha} from 0 to 1 that leaves the smallest error.
 */
final class ChannelScaling {
  private static final int STEPS = 20;
  private static final double SMALLEST = 1e-4;

  private ChannelScaling() {}

  /** One factor per channel; weights are multiplied by it and activations divided. */
  static float[] search(
      List<Weight> weights, ChannelMoments moments, WeightOnlyQuantization options) {
    List<Columns> matrices = weights.stream().map(Columns::of).toList();
    float[] best = factors(moments, 0);
    double least = Double.POSITIVE_INFINITY;
    for (int step = 0; step < STEPS; step++) {
      float[] factors = factors(moments, (double) step / STEPS);
      double error = 0;
      for (Columns matrix : matrices) {
        error += error(matrix, moments, factors, options.format());
      }
      if (error < least) {
        least = error;
        best = factors;
      }
    }
    return best;
  }

  private static float[] factors(ChannelMoments moments, double alpha) {
    double[] powers = new double[moments.channels()];
    double mean = Double.MIN_NORMAL;
    for (int i = 0; i < powers.length; i++) {
      mean += moments.size(i) / powers.length;
    }
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < powers.length; i++) {
      powers[i] = Math.max(Math.pow(moments.size(i) / mean, alpha), SMALLEST);
      largest = Math.max(largest, powers[i]);
      smallest = Math.min(smallest, powers[i]);
    }
    float[] factors = new float[powers.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) (powers[i] / Math.sqrt(largest * smallest));
    }
    return factors;
  }

  /** The squared error of the product, without what the errors of two channels have in common. */
  private static double error(
      Columns matrix, ChannelMoments moments, float[] factors, BlockFormat format) {
    Columns scaled = matrix.scaled(factors);
    float[] importance = format.fitted() ? moments.scaled(factors).diagonal() : new float[0];
    BlockMatrix rounded =
        BlockMatrix.nearest(scaled.values(), matrix.rows(), matrix.count(), format, importance);
    double sum = 0;
    for (int column = 0; column < matrix.count(); column++) {
      for (int row = 0; row < matrix.rows(); row++) {
        double difference =
            matrix.values()[column * matrix.rows() + row]
                - rounded.value(column, row) / factors[row];
        sum += difference * difference * moments.product(row, row);
      }
    }
    return sum;
  }
}
