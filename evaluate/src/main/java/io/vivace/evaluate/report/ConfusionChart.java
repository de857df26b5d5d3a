package io.vivace.evaluate.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The confusion matrix as a chart: a row for each true class, a column for each predicted one. */
public final class ConfusionChart {
  private static final double CELL = 46;
  private static final double LEFT = 130;
  private static final double TOP = 40;
  private static final double DARK = 0.55;
  private static final int LONGEST = 16;

  private ConfusionChart() {}

  /**
   * Draws a confusion matrix. The colour is the share of the row, so that rare classes show too.
   *
   * @param labels the classes' names
   * @param counts how many examples of the class of the row were given the class of the column; may
   *     be sums of weights
   * @return the chart
   * @throws IllegalArgumentException if the matrix is not as wide and high as there are labels
   */
  public static Chart of(List<String> labels, double[][] counts) {
    int n = labels.size();
    if (counts.length != n || Arrays.stream(counts).anyMatch(row -> row.length != n)) {
      throw new IllegalArgumentException(
          "the confusion matrix must be " + n + " by " + n + ", as there are " + n + " labels");
    }
    Svg svg = new Svg();
    double middle = n * CELL / 2;
    svg.text("label", LEFT + middle, 18, "middle", "Predicted class");
    svg.upright("label", 16, TOP + middle, "True class");
    for (int row = 0; row < n; row++) {
      String name = shorten(labels.get(row));
      svg.text("mark", LEFT - 8, TOP + row * CELL + CELL / 2 + 4, "end", name);
      svg.text(
          "mark", LEFT + row * CELL + CELL / 2, TOP + n * CELL + 18, "middle", name(labels, row));
      row(svg, counts[row], row);
    }
    int width = (int) Math.ceil(LEFT + n * CELL + 30);
    return new Chart(
        "Confusion matrix",
        Math.max(width, 260),
        (int) Math.ceil(TOP + n * CELL + 30),
        svg.toString());
  }

  private static void row(Svg svg, double[] counts, int row) {
    double sum = Arrays.stream(counts).sum();
    for (int column = 0; column < counts.length; column++) {
      double share = sum > 0 ? counts[column] / sum : 0;
      double x = LEFT + column * CELL;
      double y = TOP + row * CELL;
      svg.shaded(x + 1, y + 1, CELL - 2, CELL - 2, Math.max(share, 0.03));
      String type = share > DARK ? "over" : "note";
      svg.text(type, x + CELL / 2, y + CELL / 2 + 4, "middle", count(counts[column]));
    }
  }

  private static String count(double count) {
    return count == Math.rint(count)
        ? String.format(Locale.ROOT, "%.0f", count)
        : String.format(Locale.ROOT, "%.1f", count);
  }

  /** Columns are narrow: a long name gives way to the class's number. */
  private static String name(List<String> labels, int index) {
    boolean fit = labels.stream().allMatch(label -> label.length() <= 6);
    return fit ? labels.get(index) : Integer.toString(index);
  }

  private static String shorten(String label) {
    return label.length() <= LONGEST ? label : label.substring(0, LONGEST - 1) + "\u2026";
  }
}
