package io.vivace.evaluate.metric;

import java.util.Objects;

/**
 * Mutual information of true classes and clusters over a mean of their entropies, in [0, 1].
 * Immutable.
 *
 * <p>Default: the arithmetic mean. 1 where both put all rows together; NaN of nothing. Takes whole
 * weights only. Source: Strehl and Ghosh, "Cluster ensembles", 2002; Vinh, Epps and Bailey 2010.
 */
public final class NormalizedInformation implements ShareMetric<Labels> {
  /** Of which entropies it is a share. */
  public enum Mean {
    /** The mean of both; the V-measure. */
    ARITHMETIC,
    /** The root of their product. */
    GEOMETRIC,
    /** The smaller one. */
    MIN,
    /** The greater one. */
    MAX;

    double of(double a, double b) {
      return switch (this) {
        case ARITHMETIC -> (a + b) / 2;
        case GEOMETRIC -> Math.sqrt(a * b);
        case MIN -> Math.min(a, b);
        case MAX -> Math.max(a, b);
      };
    }
  }

  private final Mean mean;

  NormalizedInformation(Mean mean) {
    this.mean = mean;
  }

  /**
   * Takes another mean of the entropies.
   *
   * @param changed default {@link Mean#ARITHMETIC}
   * @return a changed copy
   */
  public NormalizedInformation mean(Mean changed) {
    return new NormalizedInformation(Objects.requireNonNull(changed, "changed"));
  }

  @Override
  public String name() {
    return "nmi";
  }

  @Override
  public String identity() {
    return "nmi mean=" + mean;
  }

  @Override
  public Class<Labels> batchType() {
    return Labels.class;
  }

  @Override
  public MetricState<Labels> newState() {
    return MetricState.of(this, new Contingency(), counts -> counts.normalizedInformation(mean));
  }

  @Override
  public String toString() {
    return identity();
  }
}
