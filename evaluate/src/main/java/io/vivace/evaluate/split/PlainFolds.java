package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Consecutive blocks of the members, or of a random order of them. */
final class PlainFolds {
  private PlainFolds() {}

  static int[] assign(Members members, int folds, @Nullable SeededRandom random) {
    int size = members.size();
    int[] order = random == null ? IntStream.range(0, size).toArray() : random.permutation(size);
    return blocks(order, folds);
  }

  /** Deals an order out in blocks; the first {@code n % folds} blocks are one longer. */
  static int[] blocks(int[] order, int folds) {
    int[] foldOf = new int[order.length];
    int position = 0;
    for (int fold = 0; fold < folds; fold++) {
      int size = order.length / folds + (fold < order.length % folds ? 1 : 0);
      for (int end = position + size; position < end; position++) {
        foldOf[order[position]] = fold;
      }
    }
    return foldOf;
  }
}
