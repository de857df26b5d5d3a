package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Draws a part of the members, or of their groups, at random: as many as the share says. */
final class Draw {
  private Draw() {}

  static Fold plain(Members members, IntUnaryOperator share, SeededRandom random) {
    int test = share.applyAsInt(members.size());
    requireBoth("members", members.size(), test);
    int[] order = random.permutation(members.size());
    return new Fold(
        Arrays.copyOfRange(order, test, order.length), Arrays.copyOfRange(order, 0, test));
  }

  static Fold grouped(Members members, IntUnaryOperator share, SeededRandom random) {
    Codes groups = members.groups();
    int test = share.applyAsInt(groups.distinct());
    requireBoth("groups", groups.distinct(), test);
    boolean[] drawn = new boolean[groups.distinct()];
    IntStream.of(random.permutation(groups.distinct())).limit(test).forEach(g -> drawn[g] = true);
    return new Fold(
        IntStream.range(0, members.size()).filter(i -> !drawn[groups.of(i)]).toArray(),
        IntStream.range(0, members.size()).filter(i -> drawn[groups.of(i)]).toArray());
  }

  static Fold stratified(Members members, IntUnaryOperator share, SeededRandom random) {
    Codes strata = members.strata();
    int test = share.applyAsInt(members.size());
    requireClasses(strata, members.size(), test);
    int[] quota = proportional(strata.counts(), test, random);
    int[][] classes = strata.members();
    IntStream.Builder learnt = IntStream.builder();
    IntStream.Builder judged = IntStream.builder();
    for (int code = 0; code < classes.length; code++) {
      int[] shuffled = random.shuffle(classes[code]);
      for (int i = 0; i < shuffled.length; i++) {
        (i < quota[code] ? judged : learnt).add(shuffled[i]);
      }
    }
    return new Fold(
        random.shuffle(learnt.build().toArray()), random.shuffle(judged.build().toArray()));
  }

  /**
   * Shares a number out in proportion: the whole parts, then one more each by the greatest
   * remainder, equal remainders at random.
   */
  private static int[] proportional(int[] counts, int total, SeededRandom random) {
    long all = IntStream.of(counts).asLongStream().sum();
    int[] quota = new int[counts.length];
    long[] remainder = new long[counts.length];
    int left = total;
    for (int i = 0; i < counts.length; i++) {
      quota[i] = (int) ((long) counts[i] * total / all);
      remainder[i] = (long) counts[i] * total % all;
      left -= quota[i];
    }
    IntStream.of(random.permutation(counts.length))
        .boxed()
        .sorted(Comparator.<Integer>comparingLong(i -> -remainder[i]))
        .limit(left)
        .forEach(i -> quota[i]++);
    return quota;
  }

  private static void requireBoth(String what, int size, int test) {
    if (test < 1 || test >= size) {
      throw new IllegalArgumentException(
          String.format(
              "drawing %,d of %,d %s to judge with leaves a part empty: give more, or change the"
                  + " fraction",
              test, size, what));
    }
  }

  private static void requireClasses(Codes strata, int size, int test) {
    requireBoth("members", size, test);
    int[] counts = strata.counts();
    for (int code = 0; code < counts.length; code++) {
      if (counts[code] < 2) {
        throw new IllegalArgumentException(
            String.format(
                "class %s has 1 member; a stratified draw needs 2 of each class",
                strata.value(code)));
      }
    }
    if (Math.min(test, size - test) < counts.length) {
      throw new IllegalArgumentException(
          String.format(
              "each part needs a member of each of %,d classes, but the parts have %,d and %,d",
              counts.length, size - test, test));
    }
  }
}
