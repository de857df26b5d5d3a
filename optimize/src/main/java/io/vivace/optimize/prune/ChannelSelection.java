package io.vivace.optimize.prune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** Which channels go, by their scores. */
final class ChannelSelection {
  private final int multiple;

  ChannelSelection(int multiple) {
    this.multiple = multiple;
  }

  /** Takes the lowest scores of one group; of equal ones those that come last. */
  void lowest(ChannelGroup group, double[] scores, double ratio, Set<Integer> removed) {
    take(group, scores, (int) Math.rint(group.size() * ratio), removed);
  }

  /**
   * Takes the lowest scores of all groups together, each divided by the mean of its group, so that
   * layers of larger weights do not keep more for that.
   */
  void lowest(
      List<ChannelGroup> groups,
      Map<ChannelGroup, double[]> scores,
      Map<ChannelGroup, Double> ratios,
      double ratio,
      Set<Integer> removed) {
    double[] all =
        groups.stream()
            .filter(group -> !ratios.containsKey(group))
            .flatMapToDouble(group -> Arrays.stream(relative(of(scores, group))))
            .sorted()
            .toArray();
    int count = (int) Math.rint(all.length * ratio);
    double threshold = count == 0 ? Double.NEGATIVE_INFINITY : all[count - 1];
    for (ChannelGroup group : groups) {
      Double own = ratios.get(group);
      long below =
          Arrays.stream(relative(of(scores, group))).filter(score -> score <= threshold).count();
      int going = own == null ? (int) below : (int) Math.rint(group.size() * own);
      take(group, of(scores, group), going, removed);
    }
  }

  private static double[] of(Map<ChannelGroup, double[]> scores, ChannelGroup group) {
    return Objects.requireNonNull(scores.get(group));
  }

  private static double[] relative(double[] scores) {
    double mean = Arrays.stream(scores).average().orElse(0);
    return Arrays.stream(scores).map(score -> mean > 0 ? score / mean : 0).toArray();
  }

  private void take(ChannelGroup group, double[] scores, int wanted, Set<Integer> removed) {
    int going = Math.max(0, group.size() - kept(group, group.size() - wanted));
    IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> scores[i])
                .thenComparing(Comparator.reverseOrder()))
        .limit(going)
        .forEach(i -> removed.add(group.roots()[i]));
  }

  /** At least one, rounded up to a multiple along the weights' axes, and no more than there are. */
  private int kept(ChannelGroup group, int wanted) {
    int kept = Math.max(1, wanted);
    while (kept < group.size() && (long) kept * group.span() % multiple != 0) {
      kept++;
    }
    return kept;
  }
}
