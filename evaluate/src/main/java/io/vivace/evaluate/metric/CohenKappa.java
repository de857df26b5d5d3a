package io.vivace.evaluate.metric;

import java.util.Locale;

/**
 * The agreement of truth and prediction beyond chance: {@code 1 - sum w O / sum w E}, where O is
 * the confusion matrix and E what its margins let expect. In (-infinity, 1]. Immutable. Sources:
 * Cohen, "A coefficient of agreement for nominal scales", 1960; "Weighted kappa", 1968.
 *
 * <p>Defaults: every disagreement weighs 1; NaN where one class alone is true and predicted. The
 * weighted forms see the classes as a scale in the order of their indices, those that never occur
 * too.
 */
public final class CohenKappa implements Metric<Labels> {
  private enum Weighting {
    NONE,
    LINEAR,
    QUADRATIC
  }

  static final CohenKappa DEFAULT = new CohenKappa(Weighting.NONE, UndefinedValue.NAN);

  private final Weighting weighting;
  private final UndefinedValue undefined;

  private CohenKappa(Weighting weighting, UndefinedValue undefined) {
    this.weighting = weighting;
    this.undefined = undefined;
  }

  /**
   * Weighs a disagreement by the distance of the classes.
   *
   * @return the metric
   */
  public CohenKappa linear() {
    return new CohenKappa(Weighting.LINEAR, undefined);
  }

  /**
   * Weighs a disagreement by the squared distance of the classes.
   *
   * @return the metric
   */
  public CohenKappa quadratic() {
    return new CohenKappa(Weighting.QUADRATIC, undefined);
  }

  /**
   * Says what it gives where chance leaves no disagreement. Default: NaN.
   *
   * @param value what it gives
   * @return the metric
   */
  public CohenKappa undefined(UndefinedValue value) {
    return new CohenKappa(weighting, value);
  }

  private double kappa(ConfusionCounts counts) {
    ConfusionMatrix matrix = counts.matrix();
    if (matrix.classes() == 0) {
      return Double.NaN;
    }
    int classes = matrix.classes();
    double[] actual = new double[classes];
    double[] predicted = new double[classes];
    for (int k = 0; k < classes; k++) {
      actual[k] = matrix.actual(k);
      predicted[k] = matrix.predicted(k);
    }
    ExactSum observed = new ExactSum();
    ExactSum expected = new ExactSum();
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        double weight = weight(t, p);
        observed.addProduct(weight, matrix.get(t, p));
        expected.addProduct(weight * actual[t], predicted[p]);
      }
    }
    if (expected.value() == 0) {
      return undefined.value(
          () -> "Cohen's kappa is undefined: one class alone is true and predicted");
    }
    return 1 - observed.value() * matrix.total() / expected.value();
  }

  private double weight(int truth, int prediction) {
    double distance = Math.abs(truth - prediction);
    return switch (weighting) {
      case NONE -> distance == 0 ? 0 : 1;
      case LINEAR -> distance;
      case QUADRATIC -> distance * distance;
    };
  }

  @Override
  public String name() {
    return weighting == Weighting.NONE
        ? "cohen kappa"
        : "cohen kappa " + weighting.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String identity() {
    return name() + "[undefined=" + undefined + "]";
  }

  @Override
  public Goal goal() {
    return Goal.MAXIMIZE;
  }

  @Override
  public double lowest() {
    return Double.NEGATIVE_INFINITY;
  }

  @Override
  public double highest() {
    return 1;
  }

  @Override
  public Class<Labels> batchType() {
    return Labels.class;
  }

  @Override
  public MetricState<Labels> newState() {
    return MetricState.of(this, new ConfusionCounts(), this::kappa);
  }

  @Override
  public String toString() {
    return identity();
  }
}
