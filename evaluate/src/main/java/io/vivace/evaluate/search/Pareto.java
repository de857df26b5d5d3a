package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Fronts and crowding as in Deb et al., "A fast and elitist multiobjective genetic algorithm". */
final class Pareto {
  private Pareto() {}

  /** Whether the first is nowhere worse and somewhere better. Less is better. */
  static boolean dominates(double[] a, double[] b) {
    boolean better = false;
    for (int i = 0; i < a.length; i++) {
      if (a[i] > b[i]) {
        return false;
      }
      better |= a[i] < b[i];
    }
    return better;
  }

  /**
   * Cuts points into fronts, best first. Once so many points are placed the rest is one last front.
   */
  static List<int[]> fronts(List<double[]> losses, int wanted) {
    List<Integer> rest = new ArrayList<>();
    for (int i = 0; i < losses.size(); i++) {
      rest.add(i);
    }
    List<int[]> fronts = new ArrayList<>();
    int placed = 0;
    while (!rest.isEmpty()) {
      List<Integer> front = placed >= wanted ? rest : first(losses, rest);
      fronts.add(front.stream().mapToInt(Integer::intValue).toArray());
      placed += front.size();
      boolean[] taken = new boolean[losses.size()];
      front.forEach(i -> taken[i] = true);
      rest = rest.stream().filter(i -> !taken[i]).toList();
    }
    return fronts;
  }

  /** Those that nobody dominates; a sort puts every point behind those that could. */
  private static List<Integer> first(List<double[]> losses, List<Integer> places) {
    List<Integer> sorted = new ArrayList<>(places);
    sorted.sort((a, b) -> Arrays.compare(losses.get(a), losses.get(b)));
    List<Integer> front = new ArrayList<>();
    for (int candidate : sorted) {
      double[] loss = losses.get(candidate);
      if (front.stream().noneMatch(member -> dominates(losses.get(member), loss))) {
        front.add(candidate);
      }
    }
    front.sort(Comparator.naturalOrder());
    return front;
  }

  /** The crowding distance of each member of a front; infinite at the ends. */
  static double[] crowding(List<double[]> losses, int[] members) {
    double[] distances = new double[members.length];
    int objectives = members.length == 0 ? 0 : losses.get(members[0]).length;
    for (int k = 0; k < objectives; k++) {
      int objective = k;
      Integer[] order = new Integer[members.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingDouble(i -> losses.get(members[i])[objective]));
      double low = losses.get(members[order[0]])[k];
      double width = losses.get(members[order[order.length - 1]])[k] - low;
      distances[order[0]] = Double.POSITIVE_INFINITY;
      distances[order[order.length - 1]] = Double.POSITIVE_INFINITY;
      for (int i = 1; i < order.length - 1 && width > 0; i++) {
        double gap = losses.get(members[order[i + 1]])[k] - losses.get(members[order[i - 1]])[k];
        distances[order[i]] += Double.isNaN(gap) ? 0 : gap / width;
      }
    }
    return distances;
  }
}
