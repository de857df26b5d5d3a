package io.vivace.evaluate.metric;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How often each true class (row) got each predicted class (column), by weight. Immutable. It has a
 * row and a column for every class, whether it occurs or not.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final double[] cells;

  ConfusionMatrix(int classes, double[] cells) {
    this.classes = classes;
    this.cells = cells;
  }

  /**
   * Counts the rows of a batch.
   *
   * @param batch the rows
   * @return the matrix
   * @throws IllegalArgumentException if there are more than 4096 classes
   */
  public static ConfusionMatrix of(Labels batch) {
    ConfusionCounts counts = new ConfusionCounts();
    counts.update(batch);
    return counts.matrix();
  }

  /**
   * Returns the number of classes.
   *
   * @return at least 1
   */
  public int classes() {
    return classes;
  }

  /**
   * Returns a cell.
   *
   * @param truth the true class
   * @param prediction the predicted class
   * @return the weight of its rows, or its share after a normalisation
   */
  public double get(int truth, int prediction) {
    return cells[truth * classes + prediction];
  }

  /**
   * Returns the sum of a row.
   *
   * @param truth the true class
   * @return how often the class is true
   */
  public double actual(int truth) {
    return IntStream.range(0, classes).mapToDouble(k -> get(truth, k)).sum();
  }

  /**
   * Returns the sum of a column.
   *
   * @param prediction the predicted class
   * @return how often the class is predicted
   */
  public double predicted(int prediction) {
    return IntStream.range(0, classes).mapToDouble(k -> get(k, prediction)).sum();
  }

  /**
   * Returns the sum of all cells.
   *
   * @return the weight of all rows
   */
  public double total() {
    return IntStream.range(0, cells.length).mapToDouble(i -> cells[i]).sum();
  }

  /**
   * Divides each row by its sum, so that the diagonal holds recall.
   *
   * @return a matrix of shares; a row of a class that is never true is 0
   */
  public ConfusionMatrix normalizedByTruth() {
    double[] sums = IntStream.range(0, classes).mapToDouble(this::actual).toArray();
    return divided(i -> sums[i / classes]);
  }

  /**
   * Divides each column by its sum, so that the diagonal holds precision.
   *
   * @return a matrix of shares; a column of a class that is never predicted is 0
   */
  public ConfusionMatrix normalizedByPrediction() {
    double[] sums = IntStream.range(0, classes).mapToDouble(this::predicted).toArray();
    return divided(i -> sums[i % classes]);
  }

  /**
   * Divides all cells by their sum.
   *
   * @return a matrix of shares; all 0 where nothing weighs anything
   */
  public ConfusionMatrix normalized() {
    double total = total();
    return divided(i -> total);
  }

  private ConfusionMatrix divided(IntToDoubleFunction divisor) {
    double[] shares =
        IntStream.range(0, cells.length)
            .mapToDouble(
                i -> divisor.applyAsDouble(i) == 0 ? 0 : cells[i] / divisor.applyAsDouble(i))
            .toArray();
    return new ConfusionMatrix(classes, shares);
  }

  /** Returns the rows as lines. */
  @Override
  public String toString() {
    return IntStream.range(0, classes)
        .mapToObj(
            t ->
                IntStream.range(0, classes)
                    .mapToObj(p -> number(get(t, p)))
                    .collect(Collectors.joining("\t")))
        .collect(Collectors.joining("\n"));
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.4f", value);
  }
}
