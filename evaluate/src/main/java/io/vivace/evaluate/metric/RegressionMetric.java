package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A metric of predicted numbers, and a way to make one figure of several outputs. Immutable.
 *
 * <p>Default: the plain mean over outputs. An output whose figure is NaN makes the mean NaN.
 */
public final class RegressionMetric implements Metric<Values> {
  private final String base;
  private final Goal goal;
  private final double lowest;
  private final double highest;
  private final Supplier<? extends OutputAccumulator<?>> accumulators;
  private final OutputMean mean;

  private RegressionMetric(
      String base,
      Goal goal,
      double lowest,
      double highest,
      Supplier<? extends OutputAccumulator<?>> accumulators,
      OutputMean mean) {
    this.base = base;
    this.goal = goal;
    this.lowest = lowest;
    this.highest = highest;
    this.accumulators = accumulators;
    this.mean = mean;
  }

  /** A mean loss from 0 upwards. */
  static RegressionMetric loss(String name, PointLoss loss, DoubleUnaryOperator finish) {
    return loss(name, () -> new PointSums(loss, finish));
  }

  /** A loss from 0 upwards. */
  static RegressionMetric loss(String name, Supplier<? extends OutputAccumulator<?>> accumulators) {
    return new RegressionMetric(
        name, Goal.MINIMIZE, 0, Double.POSITIVE_INFINITY, accumulators, OutputMean.UNIFORM);
  }

  /** A score of at most 1. */
  static RegressionMetric score(
      String name, Supplier<? extends OutputAccumulator<?>> accumulators) {
    return new RegressionMetric(
        name, Goal.MAXIMIZE, Double.NEGATIVE_INFINITY, 1, accumulators, OutputMean.UNIFORM);
  }

  /** A correlation in [-1, 1], from kept rows. */
  static RegressionMetric correlation(String name, KeptRows.Figure figure) {
    return new RegressionMetric(
        name, Goal.MAXIMIZE, -1, 1, () -> new KeptRows(figure), OutputMean.UNIFORM);
  }

  private RegressionMetric with(OutputMean changed) {
    return new RegressionMetric(base, goal, lowest, highest, accumulators, changed);
  }

  /**
   * Takes the figure of one output.
   *
   * @param index from 0
   * @return a changed copy; its state throws {@link IllegalArgumentException} when it is computed
   *     over too few outputs
   * @throws IllegalArgumentException if the index is negative
   */
  public RegressionMetric output(int index) {
    Rows.check(index >= 0, "an output's index must be at least 0, but was %d", index);
    return with(OutputMean.one(index));
  }

  /**
   * Takes the weighted mean over outputs.
   *
   * @param weights one for each output, finite, at least 0, not all 0
   * @return a changed copy; its state throws {@link IllegalArgumentException} when it is computed
   *     over another number of outputs
   * @throws IllegalArgumentException if a weight is out of range, or all are 0
   */
  public RegressionMetric outputWeights(double... weights) {
    double[] copy = Rows.checkWeights(weights.clone(), weights.length);
    Rows.check(Arrays.stream(copy).sum() > 0, "the outputs' weights must not all be 0");
    return with(OutputMean.weighted(copy));
  }

  /**
   * Weighs each output by the variance of its truth; where all are constant, equally. For R2 and
   * explained variance.
   *
   * @return a changed copy
   * @throws IllegalStateException if this metric is another one
   */
  public RegressionMetric varianceWeighted() {
    if (!(accumulators.get() instanceof Determination)) {
      throw new IllegalStateException(
          "outputs can be weighted by variance for r2 and explained variance, not for " + base);
    }
    return with(OutputMean.VARIANCE);
  }

  @Override
  public String name() {
    return mean.equals(OutputMean.UNIFORM) ? base : base + " " + mean.name();
  }

  @Override
  public Goal goal() {
    return goal;
  }

  @Override
  public double lowest() {
    return lowest;
  }

  @Override
  public double highest() {
    return highest;
  }

  @Override
  public Class<Values> batchType() {
    return Values.class;
  }

  @Override
  public MetricState<Values> newState() {
    return state(accumulators.get());
  }

  @SuppressWarnings("unchecked") // every accumulator is of its own type
  private <A extends OutputAccumulator<A>> MetricState<Values> state(
      OutputAccumulator<?> accumulator) {
    return MetricState.of(this, (A) accumulator, mean::of);
  }

  @Override
  public String toString() {
    return identity();
  }

  /** How the figures of outputs become one. */
  record OutputMean(String name, Figure figure) {
    /** Of the outputs' figures and variances. */
    @FunctionalInterface
    interface Figure {
      double of(double[] figures, Supplier<double[]> spreads);
    }

    static final OutputMean UNIFORM =
        new OutputMean("uniform", (figures, spreads) -> mean(figures, null));
    static final OutputMean VARIANCE =
        new OutputMean("variance-weighted", (figures, spreads) -> mean(figures, spreads.get()));

    static OutputMean one(int index) {
      return new OutputMean(
          "output " + index,
          (figures, spreads) -> {
            Rows.check(
                index < figures.length,
                "there is no output %d, as the batches have outputs 0 to %d",
                index,
                figures.length - 1);
            return figures[index];
          });
    }

    static OutputMean weighted(double[] weights) {
      return new OutputMean(
          "weighted " + Arrays.toString(weights),
          (figures, spreads) -> {
            Rows.checkLength(
                "weights of outputs", weights.length, figures.length, "there are outputs");
            return mean(figures, weights);
          });
    }

    double of(OutputAccumulator<?> accumulator) {
      return accumulator.outputs() == 0
          ? Double.NaN
          : figure.of(accumulator.figures(), accumulator::spreads);
    }

    private static double mean(double[] figures, double @Nullable [] weights) {
      double sum = 0;
      double total = 0;
      for (int i = 0; i < figures.length; i++) {
        double weight = weights == null ? 1 : weights[i];
        sum += weight == 0 ? 0 : weight * figures[i];
        total += weight;
      }
      return total == 0 ? mean(figures, null) : sum / total;
    }
  }
}
