package io.vivace.evaluate.split;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Folds that were laid down before; numbers that do not occur make no fold. */
final class PredefinedFolds implements Splitter {
  private final int[] foldOf;
  private final int folds;

  private PredefinedFolds(int[] foldOf, int folds) {
    this.foldOf = foldOf;
    this.folds = folds;
  }

  static Splitter of(int[] testFolds) {
    int[] numbers =
        IntStream.of(testFolds).filter(fold -> fold != -1).sorted().distinct().toArray();
    if (numbers.length == 0 || numbers[0] < 0) {
      throw new IllegalArgumentException(
          "test folds must be numbers from 0, or -1 for never, at least one of them from 0, but "
              + (numbers.length == 0 ? "all are -1" : "one is " + numbers[0]));
    }
    int[] dense =
        IntStream.of(testFolds)
            .map(fold -> fold == -1 ? -1 : Arrays.binarySearch(numbers, fold))
            .toArray();
    return new PredefinedFolds(dense, numbers.length);
  }

  @Override
  public List<Fold> split(Members members) {
    if (members.size() != foldOf.length) {
      throw new IllegalArgumentException(
          String.format(
              "folds are laid down for %,d members, but there are %,d",
              foldOf.length, members.size()));
    }
    return List.copyOf(KFolds.cut(foldOf, folds));
  }

  @Override
  public String toString() {
    return "predefined[folds=" + folds + ']';
  }
}
