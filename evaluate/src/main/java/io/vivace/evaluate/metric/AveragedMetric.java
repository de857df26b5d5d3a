package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Precision, recall, F-beta or Jaccard, each a ratio of counts per class, and a way to make one
 * figure of the classes. Immutable.
 *
 * <p>Defaults: {@link #binary()}, {@link UndefinedValue#ZERO}, and the classes that occur. A mean
 * over classes is the mean of the classes' figures (macro F1 is never F1 of mean precision and mean
 * recall). A class whose figure is NaN is left out of the mean; if all are, the mean is NaN. If no
 * class that counts is ever true, {@link #weighted()} is the plain mean.
 *
 * @param <B> {@link Labels} or {@link MultiLabels}
 */
public final class AveragedMetric<B extends Batch> implements ShareMetric<B> {
  final CountRatio ratio;
  final CountSource<B> source;
  final Averaging averaging;
  final UndefinedValue undefined;
  final int positive;
  final boolean everyClass;
  final int @Nullable [] subset;

  private AveragedMetric(
      CountRatio ratio,
      CountSource<B> source,
      Averaging averaging,
      UndefinedValue undefined,
      int positive,
      boolean everyClass,
      int @Nullable [] subset) {
    this.ratio = ratio;
    this.source = source;
    this.averaging = averaging;
    this.undefined = undefined;
    this.positive = positive;
    this.everyClass = everyClass;
    this.subset = subset;
  }

  static AveragedMetric<Labels> of(CountRatio ratio) {
    return new AveragedMetric<>(
        ratio, CountSource.LABELS, Averaging.BINARY, UndefinedValue.ZERO, 1, false, null);
  }

  private AveragedMetric<B> with(Averaging changed) {
    return new AveragedMetric<>(ratio, source, changed, undefined, positive, everyClass, subset);
  }

  /**
   * Takes the figure of the positive class, by default class 1.
   *
   * @return the metric, which refuses batches that have not 2 classes
   */
  public AveragedMetric<B> binary() {
    return with(Averaging.BINARY);
  }

  /**
   * Adds up the counts of all classes first. With one class for each row and all classes, this is
   * accuracy.
   *
   * @return the metric
   */
  public AveragedMetric<B> micro() {
    return with(Averaging.MICRO);
  }

  /**
   * Takes the plain mean over classes.
   *
   * @return the metric
   */
  public AveragedMetric<B> macro() {
    return with(Averaging.MACRO);
  }

  /**
   * Takes the mean over classes, weighted by how often each is true.
   *
   * @return the metric
   */
  public AveragedMetric<B> weighted() {
    return with(Averaging.WEIGHTED);
  }

  /**
   * Takes the mean over rows that have sets of labels.
   *
   * @return the metric
   */
  public AveragedMetric<MultiLabels> samples() {
    return multiLabel().with(Averaging.SAMPLES);
  }

  /**
   * Sees rows that have sets of labels, with {@link #macro()} at first.
   *
   * @return the metric
   */
  public AveragedMetric<MultiLabels> multiLabel() {
    return new AveragedMetric<>(
        ratio,
        CountSource.MULTI_LABELS,
        averaging == Averaging.BINARY ? Averaging.MACRO : averaging,
        undefined,
        positive,
        everyClass,
        subset);
  }

  /**
   * Takes the figure of one class against all others.
   *
   * @param classIndex which class
   * @return the metric
   */
  public AveragedMetric<B> ofClass(int classIndex) {
    return classes(classIndex).macro();
  }

  /**
   * Says which class is the positive one of two. Default: 1.
   *
   * @param classIndex 0 or 1
   * @return the metric
   * @throws IllegalArgumentException if it is neither
   */
  public AveragedMetric<B> positive(int classIndex) {
    Rows.check(
        classIndex == 0 || classIndex == 1,
        "the positive class must be 0 or 1, but was %d",
        classIndex);
    return new AveragedMetric<>(
        ratio, source, Averaging.BINARY, undefined, classIndex, everyClass, subset);
  }

  /**
   * Counts only some classes, whether they occur or not. Default: those that occur.
   *
   * @param classes at least one, each once
   * @return the metric
   * @throws IllegalArgumentException if there is none, one is negative, or one comes twice
   */
  public AveragedMetric<B> classes(int... classes) {
    Rows.check(classes.length > 0, "classes must name at least one class");
    Rows.check(
        Arrays.stream(classes).allMatch(k -> k >= 0)
            && Arrays.stream(classes).distinct().count() == classes.length,
        "classes must be different and at least 0, but were %s",
        Arrays.toString(classes));
    return new AveragedMetric<>(
        ratio, source, averaging, undefined, positive, false, classes.clone());
  }

  /**
   * Counts all classes of the batches, also those that never occur. Default: those that occur.
   *
   * @return the metric
   */
  public AveragedMetric<B> allClasses() {
    return new AveragedMetric<>(ratio, source, averaging, undefined, positive, true, null);
  }

  /**
   * Says what a class (or row) gives that has no denominator. Default: {@link UndefinedValue#ZERO}.
   *
   * @param value what it gives
   * @return the metric
   */
  public AveragedMetric<B> undefined(UndefinedValue value) {
    return new AveragedMetric<>(ratio, source, averaging, value, positive, everyClass, subset);
  }

  /**
   * Computes the figure of every class of a batch, or of those that {@link #classes} named.
   *
   * @param batch the rows
   * @return one figure for each class, in the order of the classes
   */
  public double[] perClass(B batch) {
    ClassCounts<?, ?> counts = source.counts(batch);
    int[] wanted = subset;
    with(Averaging.MACRO).check(counts.classes());
    return figures(counts, wanted == null ? range(counts) : wanted);
  }

  double value(ClassCounts<?, ?> counts) {
    if (counts.isEmpty()) {
      return Double.NaN;
    }
    return switch (averaging) {
      case BINARY -> figure(counts, positive);
      case MICRO -> pooled(counts, chosen(counts));
      case WEIGHTED -> {
        int[] chosen = chosen(counts);
        yield Means.withoutNaN(
            figures(counts, chosen),
            IntStream.of(chosen).mapToDouble(counts.actual::value).toArray());
      }
      case MACRO -> Means.withoutNaN(figures(counts, chosen(counts)), null);
      case SAMPLES -> throw new IllegalStateException("rows are averaged as they come");
    };
  }

  /** Refuses a number of classes that does not suit. */
  void check(int classes) {
    Rows.check(
        averaging != Averaging.BINARY || classes == 2,
        "%s of a positive class needs 2 classes, but there are %d; choose macro(), weighted(),"
            + " micro() or ofClass(...)",
        ratio.name(),
        classes);
    int[] wanted = subset;
    for (int i = 0; wanted != null && i < wanted.length; i++) {
      Rows.check(wanted[i] < classes, "there is no class %d of %d", wanted[i], classes);
    }
  }

  private double[] figures(ClassCounts<?, ?> counts, int[] classes) {
    return IntStream.of(classes).mapToDouble(k -> figure(counts, k)).toArray();
  }

  private double figure(ClassCounts<?, ?> counts, int k) {
    return ratio.of(
        counts.hits.value(k), counts.predicted.value(k), counts.actual.value(k), undefined);
  }

  private double pooled(ClassCounts<?, ?> counts, int[] classes) {
    double hits = 0;
    double predicted = 0;
    double actual = 0;
    for (int k : classes) {
      hits += counts.hits.value(k);
      predicted += counts.predicted.value(k);
      actual += counts.actual.value(k);
    }
    return ratio.of(hits, predicted, actual, undefined);
  }

  private int[] chosen(ClassCounts<?, ?> counts) {
    int[] wanted = subset;
    if (wanted != null) {
      return wanted;
    }
    return everyClass
        ? range(counts)
        : IntStream.range(0, counts.classes()).filter(k -> counts.seen[k]).toArray();
  }

  private static int[] range(ClassCounts<?, ?> counts) {
    return IntStream.range(0, counts.classes()).toArray();
  }

  @Override
  public String name() {
    String classes = subset == null ? "" : " of " + Arrays.toString(subset);
    String of = averaging == Averaging.BINARY ? "" : " " + lower(averaging);
    return subset != null && subset.length == 1 && averaging == Averaging.MACRO
        ? ratio.name() + " of class " + subset[0]
        : ratio.name() + of + classes;
  }

  @Override
  public String identity() {
    return "%s[%s, averaging=%s, positive=%d, classes=%s, undefined=%s]"
        .formatted(
            ratio.name(),
            source.batchType().getSimpleName(),
            lower(averaging),
            positive,
            subset != null ? Arrays.toString(subset) : everyClass ? "all" : "seen",
            lower(undefined));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Class<B> batchType() {
    return source.batchType();
  }

  @Override
  public MetricState<B> newState() {
    return source.state(this);
  }

  @Override
  public String toString() {
    return identity();
  }
}
