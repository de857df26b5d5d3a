package io.vivace.optimize.calibrate;

/**
 * The range that makes the expected squared error of 8-bit quantization least.
 *
 * <pre>{@code
 * error = sum over bins of count * (scale^2 / 12 if low <= x <= high, else (x - nearest bound)^2)
 * scale = (high - low) / 255
 * }</pre>
 *
 * <p>Both bounds shrink together from the observed ones in steps of a hundredth, then each alone.
 */
final class SquaredErrorThreshold {
  private static final int STEPS = 100;
  private static final double LEVELS = 255;

  private final Histogram histogram;

  private SquaredErrorThreshold(Histogram histogram) {
    this.histogram = histogram;
  }

  static ActivationRange of(SignedHistogram observed) {
    double low = Math.min(0, observed.lowest());
    double high = Math.max(0, observed.highest());
    SquaredErrorThreshold search = new SquaredErrorThreshold(observed.histogram());
    double both = search.factor(low, high, true, true);
    low *= both;
    high *= both;
    double lower = search.factor(low, high, true, false);
    double upper = search.factor(low * lower, high, false, true);
    return ActivationRange.within(low * lower, high * upper, observed.lowest(), observed.highest());
  }

  private double factor(double low, double high, boolean lower, boolean upper) {
    double best = 1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = STEPS; i > 0; i--) {
      double factor = (double) i / STEPS;
      double error = error(lower ? low * factor : low, upper ? high * factor : high);
      if (error < least) {
        least = error;
        best = factor;
      }
    }
    return best;
  }

  private double error(double low, double high) {
    double scale = (high - low) / LEVELS;
    double inside = scale * scale / 12;
    double sum = 0;
    for (int i = 0; i < histogram.bins(); i++) {
      long count = histogram.count(i);
      if (count > 0) {
        double x = histogram.center(i);
        double outside = x < low ? low - x : Math.max(0, x - high);
        sum += count * (outside == 0 ? inside : outside * outside);
      }
    }
    return sum;
  }
}
