package io.vivace.evaluate.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Charts of a search and of a choice: the history of the trials, and the Pareto front. */
public final class SearchChart {
  private static final double SMALL = 3;
  private static final double LARGE = 5;

  private SearchChart() {}

  /**
   * Draws the value of each trial and the best so far.
   *
   * @param label what the values are
   * @param values the values in the order of the trials; NaN for a trial that failed or was pruned
   * @param maximize whether higher is better
   * @return the chart
   */
  public static Chart history(String label, double[] values, boolean maximize) {
    double[] trials = new double[values.length];
    Arrays.setAll(trials, i -> i + 1.0);
    double[] best = bestSoFar(values, maximize);
    Plot plot =
        new Plot(
            Axis.covering("Trial", List.of(trials), false, Plot.LEFT, Plot.RIGHT),
            Axis.covering(label, List.of(values), false, Plot.BOTTOM, Plot.TOP));
    plot.points(Series.of("trial", trials, values), 5, SMALL);
    plot.line(Series.of("best so far", trials, best), 1);
    return new Chart("Search history", Plot.WIDTH, Plot.HEIGHT, plot.body());
  }

  private static double[] bestSoFar(double[] values, boolean maximize) {
    double[] best = new double[values.length];
    double now = Double.NaN;
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(now) || (maximize ? values[i] > now : values[i] < now)) {
        now = values[i];
      }
      best[i] = now;
    }
    return best;
  }

  /**
   * Draws candidates by cost and quality: those that nothing beats in both are joined, the chosen
   * one has a ring, and those that break a limit are grey.
   *
   * @param candidates the candidates; a cost or quality that is not finite is left out
   * @param costLabel the label of the horizontal axis; lower is better
   * @param qualityLabel the label of the vertical axis; higher is better
   * @return the chart; the cost axis is logarithmic where costs are positive and differ more than
   *     ten times
   */
  public static Chart pareto(List<Candidate> candidates, String costLabel, String qualityLabel) {
    double[] costs = candidates.stream().mapToDouble(Candidate::cost).toArray();
    double[] qualities = candidates.stream().mapToDouble(Candidate::quality).toArray();
    Plot plot =
        new Plot(
            Axis.covering(costLabel, List.of(costs), isWide(costs), Plot.LEFT, Plot.RIGHT),
            Axis.covering(qualityLabel, List.of(qualities), false, Plot.BOTTOM, Plot.TOP));
    plot.line(front(candidates), 2);
    for (Candidate each : candidates) {
      String type = each.feasible() ? "point c0" : "faint";
      plot.point(each.name(), each.cost(), each.quality(), type, LARGE);
      if (each.chosen()) {
        plot.point(each.name(), each.cost(), each.quality(), "ring", 2 * LARGE);
      }
      if (Double.isFinite(each.cost()) && Double.isFinite(each.quality())) {
        plot.note(each.cost(), each.quality(), each.name());
      }
    }
    return new Chart("Pareto front", Plot.WIDTH, Plot.HEIGHT, plot.body());
  }

  private static boolean isWide(double[] costs) {
    double low = Arrays.stream(costs).filter(Double::isFinite).min().orElse(0);
    double high = Arrays.stream(costs).filter(Double::isFinite).max().orElse(0);
    return low > 0 && high > 10 * low;
  }

  /** The feasible candidates that are better than every cheaper one, from cheap to dear. */
  private static Series front(List<Candidate> candidates) {
    List<Candidate> sorted = new ArrayList<>(candidates);
    sorted.removeIf(each -> !each.feasible() || !Double.isFinite(each.cost()));
    sorted.sort(
        java.util.Comparator.comparingDouble(Candidate::cost)
            .thenComparing(java.util.Comparator.comparingDouble(Candidate::quality).reversed()));
    List<Candidate> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (Candidate each : sorted) {
      if (each.quality() > best) {
        best = each.quality();
        front.add(each);
      }
    }
    return Series.of(
        "Pareto front",
        front.stream().mapToDouble(Candidate::cost).toArray(),
        front.stream().mapToDouble(Candidate::quality).toArray());
  }

  /**
   * A candidate of {@link #pareto}.
   *
   * @param name what it is called
   * @param cost its cost; lower is better
   * @param quality its quality; higher is better
   * @param feasible whether it keeps all limits
   * @param chosen whether it is the recommended one
   */
  public record Candidate(
      String name, double cost, double quality, boolean feasible, boolean chosen) {}
}
