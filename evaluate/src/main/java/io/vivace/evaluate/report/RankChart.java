package io.vivace.evaluate.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The critical-difference diagram (Dem&#353;ar, 2006, "Statistical Comparisons of Classifiers over
 * Multiple Data Sets"): models on a scale of their mean rank; those that do not differ
 * significantly are joined by a bar.
 */
public final class RankChart {
  private static final double LEFT = 190;
  private static final double RIGHT = 450;
  private static final double SCALE = 60;
  private static final double LINE = 22;

  private RankChart() {}

  /**
   * Draws the diagram.
   *
   * @param names the models
   * @param ranks the mean rank of each, 1 is best
   * @param criticalDifference the smallest difference of ranks that is significant
   * @return the chart
   * @throws IllegalArgumentException if there are not as many ranks as names, or a rank is not a
   *     number from 1 to their count, or the difference is not positive
   */
  public static Chart criticalDifference(
      List<String> names, double[] ranks, double criticalDifference) {
    check(names, ranks, criticalDifference);
    int n = names.size();
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> ranks[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Axis axis = new Axis("Mean rank", 1, Math.max(n, 2), false, LEFT, RIGHT);
    Svg svg = new Svg();
    scale(svg, axis, criticalDifference);
    int bars = bars(svg, axis, order, ranks, criticalDifference);
    double first = SCALE + 24 + 10 * bars;
    for (int i = 0; i < n; i++) {
      model(svg, axis, first, i, order.length, names.get(order[i]), ranks[order[i]]);
    }
    int height = (int) (first + LINE * ((n + 1) / 2) + 20);
    return new Chart("Critical-difference diagram", Plot.WIDTH, height, svg.toString());
  }

  private static void check(List<String> names, double[] ranks, double difference) {
    if (ranks.length != names.size()) {
      throw new IllegalArgumentException(
          "there must be a rank for each of " + names.size() + " models, not " + ranks.length);
    }
    for (double rank : ranks) {
      if (!(rank >= 1 && rank <= ranks.length)) {
        throw new IllegalArgumentException(
            "a mean rank must be from 1 to " + ranks.length + ", but was " + rank);
      }
    }
    if (!(difference > 0)) {
      throw new IllegalArgumentException(
          "the critical difference must be above 0, but was " + difference);
    }
  }

  private static void scale(Svg svg, Axis axis, double difference) {
    svg.line("tick", LEFT, SCALE, RIGHT, SCALE);
    for (double mark : axis.marks()) {
      if (mark == Math.rint(mark)) {
        svg.line("tick", axis.at(mark), SCALE - 5, axis.at(mark), SCALE);
        svg.text("mark", axis.at(mark), SCALE - 10, "middle", Axis.text(mark));
      }
    }
    double end = Math.min(axis.at(1 + difference), Plot.WIDTH - 10.0);
    svg.line("bar", LEFT, 22, end, 22);
    svg.text("note", LEFT, 14, "start", String.format(Locale.ROOT, "CD = %.3f", difference));
  }

  /** A bar over each longest run of models that do not differ; returns how many there are. */
  private static int bars(Svg svg, Axis axis, int[] order, double[] ranks, double difference) {
    int bars = 0;
    int reached = 0;
    for (int from = 0; from < order.length; from++) {
      int to = from;
      while (to + 1 < order.length && ranks[order[to + 1]] - ranks[order[from]] < difference) {
        to++;
      }
      if (to > from && to > reached) {
        double y = SCALE + 12 + 10.0 * bars++;
        svg.line("bar", axis.at(ranks[order[from]]) - 3, y, axis.at(ranks[order[to]]) + 3, y);
        reached = to;
      }
    }
    return bars;
  }

  /** The better half hangs on the left, the other on the right. */
  private static void model(
      Svg svg, Axis axis, double first, int place, int count, String name, double rank) {
    boolean left = place < (count + 1) / 2;
    double y = first + LINE * (left ? place : count - 1 - place);
    double x = axis.at(rank);
    double end = left ? LEFT - 10 : RIGHT + 10;
    svg.line("tick", x, SCALE, x, y).line("tick", x, y, end, y);
    String text = String.format(Locale.ROOT, "%s (%.2f)", name, rank);
    svg.text("note", left ? end - 6 : end + 6, y + 4, left ? "end" : "start", text);
  }
}
