package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Each fold gets its share of each class. All members, sorted by class in the order of first
 * appearance, are dealt to the folds in turn: that fixes how many of each class a fold gets, so
 * that folds differ by at most one member, over all and per class. Then the members of a class, in
 * order, fill those places fold by fold.
 */
final class StratifiedFolds {
  private StratifiedFolds() {}

  static int[] assign(Members members, int folds, @Nullable SeededRandom random) {
    Codes strata = members.strata();
    requireClassOf(strata, folds);
    int[] foldOf = new int[members.size()];
    int dealt = 0;
    for (int[] ofClass : byFirstAppearance(strata.members())) {
      int[] places = places(dealt, ofClass.length, folds);
      if (random != null) {
        random.shuffle(places);
      }
      for (int i = 0; i < ofClass.length; i++) {
        foldOf[ofClass[i]] = places[i];
      }
      dealt += ofClass.length;
    }
    return foldOf;
  }

  /** The folds that the next members of the deal fall to, ascending. */
  private static int[] places(int dealt, int count, int folds) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = (dealt + i) % folds;
    }
    Arrays.sort(places);
    return places;
  }

  private static int[][] byFirstAppearance(int[][] classes) {
    Arrays.sort(classes, (left, right) -> Integer.compare(left[0], right[0]));
    return classes;
  }

  static void requireClassOf(Codes strata, int folds) {
    int largest = Arrays.stream(strata.counts()).max().orElse(0);
    if (largest < folds) {
      throw new IllegalArgumentException(
          String.format(
              "the largest of %,d classes has %,d members, fewer than %,d folds: take fewer folds,"
                  + " or strata that are fewer (numbers to predict need quantileStrata)",
              strata.distinct(), largest, folds));
    }
  }
}
