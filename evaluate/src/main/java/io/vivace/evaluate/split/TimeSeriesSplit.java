package io.vivace.evaluate.split;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learns from the past and judges by what follows: members are in the order of time, each fold
 * judges the next block, and the last block ends with the last member. Immutable.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #gap(int) gap}</td><td>0</td></tr>
 * <tr><td>{@link #maxTrainingSize(int) maxTrainingSize}</td><td>all of the past</td></tr>
 * <tr><td>{@link #testSize(int) testSize}</td><td>{@code n / (folds + 1)}</td></tr>
 * </table>
 */
public final class TimeSeriesSplit implements Splitter {
  private final int folds;
  private final int gap;
  private final int maxTrainingSize;
  private final int testSize;

  private TimeSeriesSplit(int folds, int gap, int maxTrainingSize, int testSize) {
    this.folds = folds;
    this.gap = gap;
    this.maxTrainingSize = maxTrainingSize;
    this.testSize = testSize;
  }

  /**
   * Makes the splitter with its defaults.
   *
   * @param folds how many, at least 2
   * @return a splitter
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  public static TimeSeriesSplit of(int folds) {
    return new TimeSeriesSplit(atLeast(2, "folds", folds), 0, 0, 0);
  }

  /**
   * Sets how many members between the past and the judged block are left out, so that what overlaps
   * in time cannot leak.
   *
   * @param members at least 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public TimeSeriesSplit gap(int members) {
    return new TimeSeriesSplit(folds, atLeast(0, "gap", members), maxTrainingSize, testSize);
  }

  /**
   * Sets how many of the past are learnt from at most: the latest.
   *
   * @param members at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public TimeSeriesSplit maxTrainingSize(int members) {
    return new TimeSeriesSplit(folds, gap, atLeast(1, "maxTrainingSize", members), testSize);
  }

  /**
   * Sets the size of the judged block.
   *
   * @param members at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public TimeSeriesSplit testSize(int members) {
    return new TimeSeriesSplit(folds, gap, maxTrainingSize, atLeast(1, "testSize", members));
  }

  private static int atLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          String.format("%s must be at least %d, but was %d", what, least, value));
    }
    return value;
  }

  @Override
  public List<Fold> split(Members members) {
    int size = members.size();
    int block = testSize > 0 ? testSize : size / (folds + 1);
    long firstPast = size - (long) folds * block - gap;
    if (block == 0 || firstPast < 1) {
      throw new IllegalArgumentException(
          String.format(
              "%,d members are too few for %,d blocks of %,d after a gap of %,d and a past of at"
                  + " least 1: take fewer folds, a smaller block or a smaller gap",
              size, folds, Math.max(block, 1), gap));
    }
    List<Fold> result = new ArrayList<>(folds);
    for (int start = size - folds * block; start < size; start += block) {
      int end = start - gap;
      int from = maxTrainingSize > 0 ? Math.max(0, end - maxTrainingSize) : 0;
      result.add(
          new Fold(
              IntStream.range(from, end).toArray(),
              IntStream.range(start, start + block).toArray()));
    }
    return List.copyOf(result);
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "TimeSeriesSplit[folds=%d, gap=%d, maxTrainingSize=%s, testSize=%s]",
        folds,
        gap,
        maxTrainingSize == 0 ? "all" : maxTrainingSize,
        testSize == 0 ? "n / (folds + 1)" : testSize);
  }
}
