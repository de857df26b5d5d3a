package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** How the bounds follow from the values of the samples. */
enum BootstrapMethod {
  PERCENTILE,
  BASIC,
  BCA;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * The bounds.
   *
   * @param sorted the values of the samples, ascending, no NaN
   * @param estimate the value of the data itself
   * @param jackknife the values without each unit in turn; asked for by BCa only
   */
  double[] bounds(double[] sorted, double estimate, Supplier<double[]> jackknife, double level) {
    double tail = (1 - level) / 2;
    return switch (this) {
      case PERCENTILE -> new double[] {quantile(sorted, tail), quantile(sorted, 1 - tail)};
      case BASIC ->
          new double[] {
            2 * estimate - quantile(sorted, 1 - tail), 2 * estimate - quantile(sorted, tail)
          };
      case BCA -> corrected(sorted, estimate, jackknife.get(), tail);
    };
  }

  /** Bias-corrected and accelerated. */
  private static double[] corrected(
      double[] sorted, double estimate, double[] jackknife, double tail) {
    double bias = NORMAL.inverseCumulativeProbability(share(sorted, estimate));
    double acceleration = acceleration(jackknife);
    return new double[] {
      quantile(sorted, adjusted(tail, bias, acceleration)),
      quantile(sorted, adjusted(1 - tail, bias, acceleration))
    };
  }

  /**
   * The share of samples below the estimate, equal ones by half; kept off 0 and 1 by half a sample.
   */
  private static double share(double[] sorted, double estimate) {
    double below = 0;
    for (double value : sorted) {
      below += value < estimate ? 1 : value == estimate ? 0.5 : 0;
    }
    double half = 0.5 / sorted.length;
    return Math.max(half, Math.min(1 - half, below / sorted.length));
  }

  private static double acceleration(double[] jackknife) {
    double mean = Arrays.stream(jackknife).average().orElse(0);
    double squares = 0;
    double cubes = 0;
    for (double value : jackknife) {
      double excess = mean - value;
      squares += excess * excess;
      cubes += excess * excess * excess;
    }
    return squares > 0 ? cubes / (6 * Math.pow(squares, 1.5)) : 0;
  }

  private static double adjusted(double tail, double bias, double acceleration) {
    double z = bias + NORMAL.inverseCumulativeProbability(tail);
    return NORMAL.cumulativeProbability(bias + z / (1 - acceleration * z));
  }

  /** By linear interpolation between order statistics (Hyndman and Fan's definition 7). */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    double fraction = position - below;
    double value = sorted[below];
    return fraction == 0 ? value : value + fraction * (sorted[below + 1] - value);
  }
}
