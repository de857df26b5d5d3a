package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whole groups with the classes in proportion. Groups come in the order of the standard deviation
 * of their class counts, the greatest first; each goes to the fold for which the mean over classes
 * of the standard deviation over folds of (members of the class in the fold / members of the class)
 * becomes least, and of nearly equal ones to the fold with fewer members.
 */
final class StratifiedGroupFolds {
  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-8;

  private final int[] classSizes;
  private final double[][] ofFold;

  private StratifiedGroupFolds(int[] classSizes, int folds) {
    this.classSizes = classSizes;
    this.ofFold = new double[folds][classSizes.length];
  }

  static int[] assign(Members members, int folds, @Nullable SeededRandom random) {
    Codes strata = members.strata();
    Codes groups = members.groups();
    StratifiedFolds.requireClassOf(strata, folds);
    GroupFolds.requireGroups(groups, folds);
    double[][] ofGroup = new double[groups.distinct()][strata.distinct()];
    for (int i = 0; i < members.size(); i++) {
      ofGroup[groups.of(i)][strata.of(i)]++;
    }
    StratifiedGroupFolds filled = new StratifiedGroupFolds(strata.counts(), folds);
    int[] foldOfGroup = new int[ofGroup.length];
    for (int group : unevenFirst(ofGroup, random)) {
      foldOfGroup[group] = filled.add(ofGroup[group]);
    }
    return IntStream.range(0, members.size()).map(i -> foldOfGroup[groups.of(i)]).toArray();
  }

  private static int[] unevenFirst(double[][] ofGroup, @Nullable SeededRandom random) {
    int[] order =
        random == null
            ? IntStream.range(0, ofGroup.length).toArray()
            : random.permutation(ofGroup.length);
    return IntStream.of(order)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(group -> -deviation(ofGroup[group])))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int add(double[] group) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    double fewest = Double.POSITIVE_INFINITY;
    for (int fold = 0; fold < ofFold.length; fold++) {
      double unevenness = unevennessWith(fold, group);
      double size = sum(ofFold[fold]);
      boolean near = Math.abs(unevenness - least) <= ABSOLUTE + RELATIVE * least;
      if (unevenness < least || (near && size < fewest)) {
        best = fold;
        least = unevenness;
        fewest = size;
      }
    }
    addTo(ofFold[best], group, 1);
    return best;
  }

  private double unevennessWith(int fold, double[] group) {
    addTo(ofFold[fold], group, 1);
    double[] deviations = new double[classSizes.length];
    for (int label = 0; label < deviations.length; label++) {
      deviations[label] = deviationOverFolds(label);
    }
    addTo(ofFold[fold], group, -1);
    return sum(deviations) / deviations.length;
  }

  private double deviationOverFolds(int label) {
    double total = 0;
    for (double[] counts : ofFold) {
      total += counts[label] / classSizes[label];
    }
    double mean = total / ofFold.length;
    double squares = 0;
    for (double[] counts : ofFold) {
      double difference = counts[label] / classSizes[label] - mean;
      squares += difference * difference;
    }
    return Math.sqrt(squares / ofFold.length);
  }

  private static double deviation(double[] values) {
    double mean = sum(values) / values.length;
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(sum(squares) / values.length);
  }

  /** Adds in numpy's order, since ties between groups hang on the last bit. */
  private static double sum(double[] values) {
    if (values.length < 8) {
      double total = 0;
      for (double value : values) {
        total += value;
      }
      return total;
    }
    double[] lanes = new double[8];
    int whole = values.length - values.length % 8;
    for (int i = 0; i < whole; i++) {
      lanes[i % 8] += values[i];
    }
    double total =
        ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3]))
            + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (int i = whole; i < values.length; i++) {
      total += values[i];
    }
    return total;
  }

  private static void addTo(double[] counts, double[] group, int sign) {
    for (int label = 0; label < counts.length; label++) {
      counts[label] += sign * group[label];
    }
  }
}
