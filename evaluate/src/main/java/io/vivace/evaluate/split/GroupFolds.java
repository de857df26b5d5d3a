package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whole groups: the largest first, each to the lightest fold, the lower fold of equally light. */
final class GroupFolds {
  private GroupFolds() {}

  static int[] assign(Members members, int folds, @Nullable SeededRandom random) {
    Codes groups = members.groups();
    requireGroups(groups, folds);
    int[] foldOfGroup =
        random == null
            ? balanced(groups.counts(), folds)
            : PlainFolds.blocks(random.permutation(groups.distinct()), folds);
    return IntStream.range(0, members.size()).map(i -> foldOfGroup[groups.of(i)]).toArray();
  }

  static void requireGroups(Codes groups, int folds) {
    if (groups.distinct() < folds) {
      throw new IllegalArgumentException(
          String.format(
              "%,d groups cannot fill %,d folds, since no group is torn apart: take fewer folds",
              groups.distinct(), folds));
    }
  }

  private static int[] balanced(int[] sizes, int folds) {
    // Of equally large groups the last one first, as scikit-learn has it.
    int[] largestFirst =
        IntStream.range(0, sizes.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(group -> sizes[group])
                    .thenComparingInt(group -> group)
                    .reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    long[] weights = new long[folds];
    int[] foldOfGroup = new int[sizes.length];
    for (int group : largestFirst) {
      int lightest = lightest(weights);
      weights[lightest] += sizes[group];
      foldOfGroup[group] = lightest;
    }
    return foldOfGroup;
  }

  private static int lightest(long[] weights) {
    long least = Arrays.stream(weights).min().orElseThrow();
    return IntStream.range(0, weights.length)
        .filter(fold -> weights[fold] == least)
        .findFirst()
        .orElseThrow();
  }
}
