package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The area under the ROC or precision-recall curve of scores of labels, in [0, 1]: a mean over
 * labels, each against its absence, or over rows, each by the order of its labels. Immutable.
 *
 * <p>Made by {@link CurveArea#multiLabel()}. The ROC area of a label that is true everywhere or
 * nowhere, and of such a row, is NaN by default, and so is each plain mean with it; other areas are
 * 0 where nothing is true. The state keeps all scores.
 */
public final class MultiLabelArea implements ShareMetric<MultiLabelScores> {
  private final CurveArea area;
  private final Averaging averaging;

  MultiLabelArea(CurveArea area, Averaging averaging) {
    this.area = area;
    this.averaging = averaging;
  }

  /**
   * Takes the plain mean over labels.
   *
   * @return the metric
   */
  public MultiLabelArea macro() {
    return new MultiLabelArea(area, Averaging.MACRO);
  }

  /**
   * Takes the mean over labels, weighted by how often each is true; labels that never are do not
   * count. If none ever is, it is the plain mean.
   *
   * @return the metric
   */
  public MultiLabelArea weighted() {
    return new MultiLabelArea(area, Averaging.WEIGHTED);
  }

  /**
   * Takes all scores of all labels as one two-class problem.
   *
   * @return the metric
   */
  public MultiLabelArea micro() {
    return new MultiLabelArea(area, Averaging.MICRO);
  }

  /**
   * Takes the mean over rows; rows that weigh 0 do not count.
   *
   * @return the metric
   */
  public MultiLabelArea samples() {
    return new MultiLabelArea(area, Averaging.SAMPLES);
  }

  /**
   * Says what it gives where there is nothing to rank. Default: NaN for ROC, 0 for others.
   *
   * @param value what it gives
   * @return the metric
   */
  public MultiLabelArea undefined(UndefinedValue value) {
    return new MultiLabelArea(area.undefined(value), averaging);
  }

  /**
   * Computes the area of each label.
   *
   * @param batch rows with a score for each label
   * @return one area for each label
   */
  public double[] perLabel(MultiLabelScores batch) {
    return IntStream.range(0, batch.labels)
        .mapToDouble(label -> area.area(OneVsRest.steps(batch.ofLabel(label), 1)))
        .toArray();
  }

  private double value(ScoreRows<MultiLabelScores> rows) {
    MultiLabelScores all = rows.rows();
    if (all == null) {
      return Double.NaN;
    }
    return switch (averaging) {
      case MICRO -> area.area(flattened(all));
      case SAMPLES -> overRows(all);
      default -> overLabels(all);
    };
  }

  private static Steps flattened(MultiLabelScores all) {
    return Steps.of(all.truth, all.scores, OneVsRest.repeated(all.weights, all.labels));
  }

  private double overLabels(MultiLabelScores all) {
    double[] areas = perLabel(all);
    double[] actual = averaging == Averaging.WEIGHTED ? actual(all) : new double[areas.length];
    double total = Arrays.stream(actual).sum();
    if (total == 0) {
      return Arrays.stream(areas).sum() / areas.length;
    }
    return IntStream.range(0, areas.length)
            .filter(label -> actual[label] > 0)
            .mapToDouble(label -> actual[label] * areas[label])
            .sum()
        / total;
  }

  /** How much the rows weigh in which each label is true. */
  private static double[] actual(MultiLabelScores all) {
    Tally tally = new Tally(all.labels);
    for (int i = 0; i < all.truth.length; i++) {
      tally.add(i % all.labels, all.truth[i] ? all.weight(i / all.labels) : 0);
    }
    return tally.values();
  }

  /** Exact sums, so that the order of the rows does not matter. */
  private double overRows(MultiLabelScores all) {
    ExactSum sum = new ExactSum();
    ExactSum weights = new ExactSum();
    for (int row = 0; row < all.size(); row++) {
      double weight = all.weight(row);
      if (weight > 0) {
        int from = row * all.labels;
        int to = from + all.labels;
        boolean[] truth = Arrays.copyOfRange(all.truth, from, to);
        double[] scores = Arrays.copyOfRange(all.scores, from, to);
        sum.add(weight * area.area(Steps.of(truth, scores, null)));
        weights.add(weight);
      }
    }
    return sum.value() / weights.value();
  }

  @Override
  public String name() {
    return area.name() + " multi-label " + averaging.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String identity() {
    return name() + area.identity().substring(area.name().length());
  }

  @Override
  public Class<MultiLabelScores> batchType() {
    return MultiLabelScores.class;
  }

  @Override
  public MetricState<MultiLabelScores> newState() {
    return MetricState.of(
        this, new ScoreRows<>(LabelScoresForm.INSTANCE, batch -> {}), this::value);
  }

  @Override
  public String toString() {
    return identity();
  }
}
