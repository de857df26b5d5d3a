package io.vivace.evaluate.metric;

import java.util.List;
import java.util.Locale;

/**
 * The calibration error: how far, bin by bin, mean probability and observed rate lie apart. In [0,
 * 1], lower is better. Immutable.
 *
 * <pre>{@code
 * L1:  sum over bins of (n_b / n) |rate - probability|     (the expected calibration error)
 * L2:  sqrt(sum over bins of (n_b / n) (rate - probability)^2)
 * MAX: the largest |rate - probability|
 * }</pre>
 *
 * <p>Defaults: the probability of the predicted class against whether it is true (with the binary
 * form: of class 1 against whether class 1 is true), 15 uniform bins, L1. Uniform bins are gathered
 * in constant memory; quantile bins keep all scores. Sources: Guo et al., "On calibration of modern
 * neural networks", 2017; Kumar, Liang and Ma, "Verified uncertainty calibration", 2019, for {@link
 * #debiased()}; Kull et al., "Beyond temperature scaling", 2019, for {@link #classWise()}.
 */
public final class CalibrationError implements Metric<Scores> {
  /** Whose probability is looked at. */
  enum Subject {
    TOP_CLASS,
    CLASS_WISE,
    BINARY
  }

  /** How the gaps of the bins are joined. */
  enum Norm {
    L1,
    L2,
    MAX,
    DEBIASED_L2
  }

  static final CalibrationError DEFAULT =
      new CalibrationError(Binning.uniform(15), Subject.TOP_CLASS, Norm.L1);

  private final Binning binning;
  private final Subject subject;
  private final Norm norm;

  private CalibrationError(Binning binning, Subject subject, Norm norm) {
    this.binning = binning;
    this.subject = subject;
    this.norm = norm;
  }

  /**
   * Says how probabilities are put into bins. Default: 15 uniform ones.
   *
   * @param bins the binning
   * @return the metric
   */
  public CalibrationError binning(Binning bins) {
    return new CalibrationError(bins, subject, norm);
  }

  /**
   * Looks at the probability of the predicted class; of equal ones the lowest index.
   *
   * @return the metric
   */
  public CalibrationError topClass() {
    return new CalibrationError(binning, Subject.TOP_CLASS, norm);
  }

  /**
   * Takes the mean of the errors of each class against the rest.
   *
   * @return the metric
   */
  public CalibrationError classWise() {
    return new CalibrationError(binning, Subject.CLASS_WISE, norm);
  }

  /**
   * Looks at the probability of class 1 of two.
   *
   * @return the metric
   */
  public CalibrationError binary() {
    return new CalibrationError(binning, Subject.BINARY, norm);
  }

  /**
   * Takes the mean gap of the bins, the expected calibration error.
   *
   * @return the metric
   */
  public CalibrationError l1() {
    return new CalibrationError(binning, subject, Norm.L1);
  }

  /**
   * Takes the root of the mean squared gap.
   *
   * @return the metric
   */
  public CalibrationError l2() {
    return new CalibrationError(binning, subject, Norm.L2);
  }

  /**
   * Takes the largest gap.
   *
   * @return the metric
   */
  public CalibrationError max() {
    return new CalibrationError(binning, subject, Norm.MAX);
  }

  /**
   * Takes the root of the mean squared gap less what chance alone adds to it: {@code rate (1 -
   * rate) / (n_b - 1)} in each bin; bins with one row count as 0, a negative sum as 0. Rows must
   * have no weights.
   *
   * @return the metric
   */
  public CalibrationError debiased() {
    return new CalibrationError(binning, subject, Norm.DEBIASED_L2);
  }

  /** The bins of the positive class. */
  static Bins binary(Scores batch, Binning binning) {
    CalibrationError error = DEFAULT.binary().binning(binning);
    error.check(batch);
    return CalibrationBins.of(batch, binning, Subject.BINARY).get(0);
  }

  private void check(Scores batch) {
    Probabilities.check(batch);
    Rows.check(
        subject != Subject.BINARY || batch.classes == 2,
        "the calibration of a positive class needs 2 classes, but there are %d",
        batch.classes);
    Rows.check(
        norm != Norm.DEBIASED_L2 || batch.weights == null,
        "the debiased calibration error does not know weights");
  }

  private double value(List<Bins> parts) {
    return parts.stream().mapToDouble(this::value).sum() / parts.size();
  }

  private double value(Bins bins) {
    double total = bins.total();
    if (total == 0) {
      return Double.NaN;
    }
    double result = 0;
    for (int bin = 0; bin < bins.size(); bin++) {
      double weight = bins.weight(bin);
      if (weight > 0) {
        double gap = Math.abs(bins.hitRate(bin) - bins.meanProbability(bin));
        double share = weight / total;
        result =
            switch (norm) {
              case L1 -> result + share * gap;
              case L2 -> result + share * gap * gap;
              case MAX -> Math.max(result, gap);
              case DEBIASED_L2 -> result + share * debiased(gap, bins.hitRate(bin), weight);
            };
      }
    }
    return norm == Norm.L2 || norm == Norm.DEBIASED_L2 ? Math.sqrt(Math.max(0, result)) : result;
  }

  private static double debiased(double gap, double rate, double rows) {
    return rows < 2 ? 0 : gap * gap - rate * (1 - rate) / (rows - 1);
  }

  @Override
  public String name() {
    return switch (norm) {
      case L1 -> "ece";
      case MAX -> "max calibration error";
      default -> norm.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " calibration error";
    };
  }

  @Override
  public String identity() {
    return "calibration error[%s, %s, %s]".formatted(binning, subject, norm);
  }

  @Override
  public Goal goal() {
    return Goal.MINIMIZE;
  }

  @Override
  public double lowest() {
    return 0;
  }

  @Override
  public double highest() {
    return 1;
  }

  @Override
  public Class<Scores> batchType() {
    return Scores.class;
  }

  @Override
  public MetricState<Scores> newState() {
    if (binning.isUniform()) {
      return MetricState.of(
          this, new CalibrationBins(binning, subject, this::check), bins -> value(bins.parts()));
    }
    return MetricState.of(this, new ScoreRows<>(ScoresForm.INSTANCE, this::check), this::ofRows);
  }

  private double ofRows(ScoreRows<Scores> rows) {
    Scores all = rows.rows();
    return all == null ? Double.NaN : value(CalibrationBins.of(all, binning, subject));
  }

  /** Returns every option. */
  @Override
  public String toString() {
    return identity();
  }
}
