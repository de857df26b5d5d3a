package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Precision, recall, F1 and support of each class that occurs, with their means. A figure without
 * denominator is 0.
 *
 * @param classes the classes that are true or predicted somewhere, in order
 * @param accuracy the share of rows whose class was predicted; NaN if nothing weighs anything
 * @param macro the plain means over the classes
 * @param weighted the means weighted by support
 */
public record ClassificationReport(List<Row> classes, double accuracy, Row macro, Row weighted) {
  /**
   * Copies the list.
   *
   * @param classes the classes that are true or predicted somewhere, in order
   * @param accuracy the share of rows whose class was predicted; NaN if nothing weighs anything
   * @param macro the plain means over the classes
   * @param weighted the means weighted by support
   */
  public ClassificationReport {
    classes = List.copyOf(classes);
  }

  /**
   * The figures of a class, or means of them.
   *
   * @param name the name of the class or of the mean
   * @param precision in [0, 1]
   * @param recall in [0, 1]
   * @param f1 in [0, 1]
   * @param support how often it is true
   */
  public record Row(String name, double precision, double recall, double f1, double support) {
    private String line(int width) {
      return String.format(
          Locale.ROOT,
          "%-" + width + "s  %9.4f  %9.4f  %9.4f  %10s%n",
          name,
          precision,
          recall,
          f1,
          count(support));
    }
  }

  /**
   * Reports on a batch, with the indices as names.
   *
   * @param batch the rows
   * @return the report
   */
  public static ClassificationReport of(Labels batch) {
    return of(batch, IntStream.range(0, batch.classes).mapToObj(Integer::toString).toList());
  }

  /**
   * Reports on a batch.
   *
   * @param batch the rows
   * @param names the name of each class
   * @return the report
   * @throws IllegalArgumentException if there are not as many names as classes
   */
  public static ClassificationReport of(Labels batch, List<String> names) {
    Rows.checkLength("names", names.size(), batch.classes, "the batch has classes");
    LabelCounts counts = LabelCounts.of(batch);
    int[] seen = IntStream.range(0, counts.classes()).filter(k -> counts.seen[k]).toArray();
    List<Row> rows = Arrays.stream(seen).mapToObj(k -> row(counts, k, names.get(k))).toList();
    double[] support = rows.stream().mapToDouble(Row::support).toArray();
    double total = Arrays.stream(support).sum();
    double hits = Arrays.stream(counts.hits.values()).sum();
    return new ClassificationReport(
        rows,
        hits / total,
        mean("macro", rows, new double[0], total),
        mean("weighted", rows, support, total));
  }

  private static Row row(LabelCounts counts, int k, String name) {
    double hits = counts.hits.value(k);
    double predicted = counts.predicted.value(k);
    double actual = counts.actual.value(k);
    return new Row(
        name,
        CountRatio.PRECISION.of(hits, predicted, actual, UndefinedValue.ZERO),
        CountRatio.RECALL.of(hits, predicted, actual, UndefinedValue.ZERO),
        CountRatio.fBeta(1).of(hits, predicted, actual, UndefinedValue.ZERO),
        actual);
  }

  private static Row mean(String name, List<Row> rows, double[] support, double total) {
    double[] weights = support.length == 0 ? null : support;
    return new Row(
        name,
        Means.withoutNaN(rows.stream().mapToDouble(Row::precision).toArray(), weights),
        Means.withoutNaN(rows.stream().mapToDouble(Row::recall).toArray(), weights),
        Means.withoutNaN(rows.stream().mapToDouble(Row::f1).toArray(), weights),
        total);
  }

  /** Returns a table of plain text. */
  @Override
  public String toString() {
    int width = classes.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    width = Math.max(width, "weighted".length());
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %9s  %9s  %9s  %10s%n",
            "class",
            "precision",
            "recall",
            "f1",
            "support"));
    for (Row row : classes) {
      text.append(row.line(width));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%-" + width + "s  %9s  %9s  %9.4f  %10s%n",
            "accuracy",
            "",
            "",
            accuracy,
            count(macro.support())));
    return text.append(macro.line(width)).append(weighted.line(width)).toString();
  }

  private static String count(double support) {
    return support == Math.rint(support)
        ? String.format(Locale.ROOT, "%.0f", support)
        : String.format(Locale.ROOT, "%.3f", support);
  }
}
