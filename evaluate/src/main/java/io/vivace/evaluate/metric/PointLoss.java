package io.vivace.evaluate.metric;

/** What one prediction costs. */
@FunctionalInterface
interface PointLoss {
  /** Computes the loss. */
  double of(double truth, double prediction);

  /** Below or at this, truth and prediction are out of the domain. */
  default double domain() {
    return Double.NEGATIVE_INFINITY;
  }

  /** A loss on numbers above a bound. */
  static PointLoss above(double bound, PointLoss loss) {
    return new PointLoss() {
      @Override
      public double of(double truth, double prediction) {
        return loss.of(truth, prediction);
      }

      @Override
      public double domain() {
        return bound;
      }
    };
  }
}
