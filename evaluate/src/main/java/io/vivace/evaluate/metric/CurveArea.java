package io.vivace.evaluate.metric;

import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The area under the ROC or precision-recall curve of scores, in [0, 1]. Immutable.
 *
 * <p>By default it wants two classes and scores class 1. With more, {@link #macro()}, {@link
 * #weighted()} and {@link #micro()} take each class against the rest, and {@link #oneVsOne()} takes
 * each pair of classes. Equal scores make one step of the curve, so ties count half for ROC. The
 * state keeps all scores.
 *
 * <p>The ROC area is NaN by default where there are no positive or no negative rows, and so is
 * every mean over classes with such a class (weighted means leave out classes that are never true);
 * areas of precision-recall curves are 0 by default where there are no positive rows.
 */
public final class CurveArea implements ShareMetric<Scores> {
  /** Which area. */
  enum Kind {
    ROC_AUC,
    AVERAGE_PRECISION,
    PR_AUC_TRAPEZOID,
    PR_AUC_INTERPOLATED
  }

  private static final double SUM_TOLERANCE = 1e-5 + 1e-8;

  private final Kind kind;
  private final Averaging averaging;
  private final boolean pairs;
  private final double limit;
  private final UndefinedValue undefined;

  private CurveArea(
      Kind kind, Averaging averaging, boolean pairs, double limit, UndefinedValue undefined) {
    this.kind = kind;
    this.averaging = averaging;
    this.pairs = pairs;
    this.limit = limit;
    this.undefined = undefined;
  }

  static CurveArea of(Kind kind) {
    UndefinedValue undefined = kind == Kind.ROC_AUC ? UndefinedValue.NAN : UndefinedValue.ZERO;
    return new CurveArea(kind, Averaging.BINARY, false, 1, undefined);
  }

  /**
   * Takes the plain mean over classes, each against the rest, or over pairs after {@link
   * #oneVsOne()}.
   *
   * @return the metric
   */
  public CurveArea macro() {
    return averaged(Averaging.MACRO);
  }

  /**
   * Takes the mean weighted by how often each class is true, or after {@link #oneVsOne()} by the
   * share of rows that belong to the pair.
   *
   * @return the metric
   */
  public CurveArea weighted() {
    return averaged(Averaging.WEIGHTED);
  }

  /**
   * Takes all scores of all classes as one two-class problem.
   *
   * @return the metric
   * @throws IllegalArgumentException after {@link #oneVsOne()}
   */
  public CurveArea micro() {
    Rows.check(!pairs, "one-vs-one areas have no micro average; choose macro() or weighted()");
    return averaged(Averaging.MICRO);
  }

  private CurveArea averaged(Averaging changed) {
    Rows.check(limit == 1, "a partial area has no mean over classes");
    return new CurveArea(kind, changed, pairs, limit, undefined);
  }

  /**
   * Takes the mean over pairs of classes that occur, each pair once by the score of either class,
   * among its own rows alone. Does not know weights. Source: Hand and Till, "A simple
   * generalisation of the area under the ROC curve for multiple class classification problems",
   * 2001.
   *
   * @return the metric, with {@link #macro()}
   * @throws IllegalArgumentException if this is no area under the ROC curve, or a partial one
   */
  public CurveArea oneVsOne() {
    Rows.check(kind == Kind.ROC_AUC, "only the ROC area is taken over pairs of classes");
    Rows.check(limit == 1, "a partial area has no mean over pairs");
    return new CurveArea(kind, Averaging.MACRO, true, limit, undefined);
  }

  /**
   * Sees rows that have sets of labels. Micro and weighted averages stay; else the plain mean over
   * labels is taken.
   *
   * @return the metric
   * @throws IllegalArgumentException after {@link #oneVsOne()}, or if this is a partial area
   */
  public MultiLabelArea multiLabel() {
    Rows.check(!pairs && limit == 1, "only whole areas of each label have a mean over labels");
    boolean isKept = averaging == Averaging.MICRO || averaging == Averaging.WEIGHTED;
    return new MultiLabelArea(averaged(Averaging.BINARY), isKept ? averaging : Averaging.MACRO);
  }

  /**
   * Takes the part up to a false positive rate, scaled so that chance gives 0.5 and a perfect curve
   * 1. Source: McClish, "Analyzing a portion of the ROC curve", 1989.
   *
   * @param maxFalsePositiveRate above 0, at most 1; 1 gives the whole area
   * @return the metric
   * @throws IllegalArgumentException if the rate is not in that range, or this is not the ROC area
   *     of two classes
   */
  public CurveArea partial(double maxFalsePositiveRate) {
    Rows.check(
        kind == Kind.ROC_AUC && averaging == Averaging.BINARY,
        "only the ROC area of two classes has parts");
    Rows.check(
        maxFalsePositiveRate > 0 && maxFalsePositiveRate <= 1,
        "the false positive rate must be above 0 and at most 1, but was %s",
        maxFalsePositiveRate);
    return new CurveArea(kind, averaging, pairs, maxFalsePositiveRate, undefined);
  }

  /**
   * Says what it gives where a class has no rows to rank. Default: NaN for ROC, 0 for others.
   *
   * @param value what it gives
   * @return the metric
   */
  public CurveArea undefined(UndefinedValue value) {
    return new CurveArea(kind, averaging, pairs, limit, value);
  }

  /**
   * Computes the area of each class against the rest.
   *
   * @param batch rows with a score for each class
   * @return one area for each class
   * @throws IllegalArgumentException if there is no score for each class
   */
  public double[] perClass(Scores batch) {
    checkColumns(batch);
    return IntStream.range(0, batch.classes).mapToDouble(k -> area(batch, k)).toArray();
  }

  private void check(Scores batch) {
    if (averaging == Averaging.BINARY) {
      Rows.check(
          batch.classes == 2,
          "%s of one class needs 2 classes, but there are %d; choose macro(), weighted(), micro() or"
              + " oneVsOne()",
          name(),
          batch.classes);
      return;
    }
    checkColumns(batch);
    if (kind == Kind.ROC_AUC) {
      Probabilities.checkSums(batch, SUM_TOLERANCE);
    }
    Rows.check(!pairs || batch.weights == null, "one-vs-one areas do not know weights");
  }

  private static void checkColumns(Scores batch) {
    Rows.check(
        !batch.isBinary(),
        "a mean over classes needs a score for each class, not of class 1 alone");
  }

  /** Whether this is the whole ROC area of two classes, of rows that all weigh 1. */
  boolean isPlainRoc(Scores batch) {
    return kind == Kind.ROC_AUC
        && averaging == Averaging.BINARY
        && limit == 1
        && batch.classes == 2
        && batch.weights == null;
  }

  /** The steps of a batch that must have two classes and some weight. */
  static Steps twoClasses(Scores batch) {
    Rows.check(batch.classes == 2, "a curve needs 2 classes, but there are %d", batch.classes);
    Steps steps = OneVsRest.steps(batch, 1);
    Rows.check(steps.size > 0, "a curve needs a row with a weight above 0");
    return steps;
  }

  private double value(ScoreRows<Scores> rows) {
    Scores all = rows.rows();
    if (all == null) {
      return Double.NaN;
    }
    return switch (averaging) {
      case BINARY -> area(all, 1);
      case MICRO -> area(OneVsRest.flattened(all));
      default -> pairs ? ClassPairs.mean(all, averaging, this::area) : mean(all);
    };
  }

  private double mean(Scores all) {
    if (averaging == Averaging.MACRO) {
      return IntStream.range(0, all.classes).mapToDouble(k -> area(all, k)).sum() / all.classes;
    }
    double[] actual = OneVsRest.actual(all);
    double sum = 0;
    double total = 0;
    for (int k = 0; k < all.classes; k++) {
      if (actual[k] > 0) {
        sum += actual[k] * area(all, k);
        total += actual[k];
      }
    }
    return sum / total;
  }

  private double area(Scores all, int k) {
    return area(OneVsRest.steps(all, k));
  }

  /** The area of one two-class problem. */
  double area(Steps steps) {
    boolean defined = kind == Kind.ROC_AUC ? steps.hasBothClasses() : steps.positives > 0;
    if (!defined) {
      return undefined.value(
          () ->
              "%s is undefined: %s positive and %s negative rows"
                  .formatted(name(), steps.positives, steps.negatives));
    }
    return switch (kind) {
      case ROC_AUC -> limit == 1 ? steps.rocArea() : steps.partialRocArea(limit);
      case AVERAGE_PRECISION -> steps.averagePrecision();
      case PR_AUC_TRAPEZOID -> steps.precisionRecallTrapezoid();
      case PR_AUC_INTERPOLATED -> steps.precisionRecallInterpolated();
    };
  }

  @Override
  public String name() {
    String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    String scheme = pairs ? " one-vs-one" : "";
    String mean =
        averaging == Averaging.BINARY ? "" : " " + averaging.name().toLowerCase(Locale.ROOT);
    return name + scheme + mean + (limit == 1 ? "" : " up to " + limit);
  }

  @Override
  public String identity() {
    return name() + "[undefined=" + undefined + "]";
  }

  @Override
  public Class<Scores> batchType() {
    return Scores.class;
  }

  @Override
  public MetricState<Scores> newState() {
    return MetricState.of(this, new ScoreRows<>(ScoresForm.INSTANCE, this::check), this::value);
  }

  @Override
  public String toString() {
    return identity();
  }
}
