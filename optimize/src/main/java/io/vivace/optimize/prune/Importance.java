package io.vivace.optimize.prune;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Which weights to keep. Each method returns a mask, true where the weight stays. All are
 * deterministic; of equal weights those that come first stay.
 */
final class Importance {
  private Importance() {}

  /**
   * Keeps the largest scores.
   *
   * @param scores how much each weight matters; higher stays; not NaN
   * @param sparsity the share to remove, from 0 to 1; {@code rint(n * sparsity)} weights go
   */
  static boolean[] largest(float[] scores, double sparsity) {
    int removed = (int) Math.rint(scores.length * sparsity);
    return largest(scores, scores.length - removed);
  }

  private static boolean[] largest(float[] scores, int kept) {
    boolean[] mask = new boolean[scores.length];
    if (kept <= 0) {
      return mask;
    }
    float[] sorted = scores.clone();
    Arrays.parallelSort(sorted);
    float threshold = sorted[scores.length - kept];
    int left = kept;
    for (int i = 0; i < mask.length; i++) {
      if (scores[i] > threshold) {
        mask[i] = true;
        left--;
      }
    }
    for (int i = 0; i < mask.length && left > 0; i++) {
      if (scores[i] == threshold) {
        mask[i] = true;
        left--;
      }
    }
    return mask;
  }

  /**
   * The threshold at or below which weights go, over several tensors at once.
   *
   * @return the largest score that goes; {@link Float#NEGATIVE_INFINITY} if none does
   */
  static float globalThreshold(Iterable<float[]> scores, double sparsity) {
    int size = 0;
    for (float[] some : scores) {
      size = Math.addExact(size, some.length);
    }
    float[] all = new float[size];
    int next = 0;
    for (float[] some : scores) {
      System.arraycopy(some, 0, all, next, some.length);
      next += some.length;
    }
    int removed = (int) Math.rint(size * sparsity);
    if (removed == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    Arrays.parallelSort(all);
    return all[removed - 1];
  }

  /** Keeps what is above a threshold. */
  static boolean[] above(float[] scores, float threshold) {
    boolean[] mask = new boolean[scores.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = scores[i] > threshold;
    }
    return mask;
  }

  /**
   * Keeps the {@code n} largest of each {@code m} neighbours of a row.
   *
   * @param width how long a row is; its last group may be shorter, and then keeps as large a share
   */
  static boolean[] nOfM(float[] scores, int width, int n, int m) {
    boolean[] mask = new boolean[scores.length];
    for (int row = 0; row < scores.length; row += width) {
      for (int from = row; from < row + width; from += m) {
        int to = Math.min(from + m, row + width);
        int kept = (int) Math.ceil((double) n * (to - from) / m);
        boolean[] group = largest(Arrays.copyOfRange(scores, from, to), kept);
        System.arraycopy(group, 0, mask, from, group.length);
      }
    }
    return mask;
  }

  /** Keeps the largest scores of each row, as Wanda compares weights of one output only. */
  static boolean[] perRow(float[] scores, int width, double sparsity) {
    boolean[] mask = new boolean[scores.length];
    for (int row = 0; row < scores.length; row += width) {
      boolean[] kept = largest(Arrays.copyOfRange(scores, row, row + width), sparsity);
      System.arraycopy(kept, 0, mask, row, width);
    }
    return mask;
  }

  /**
   * Keeps whole blocks of {@code height} by {@code length} weights, by the mean of their scores.
   */
  static boolean[] blocks(float[] scores, int width, int height, int length, double sparsity) {
    int rows = scores.length / width;
    int down = (rows + height - 1) / height;
    int across = (width + length - 1) / length;
    double[] sums = new double[down * across];
    int[] counts = new int[down * across];
    for (int i = 0; i < scores.length; i++) {
      int block = i / width / height * across + i % width / length;
      sums[block] += scores[i];
      counts[block]++;
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / counts[i]);
    }
    boolean[] kept = largest(means, sparsity);
    boolean[] mask = new boolean[scores.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = kept[i / width / height * across + i % width / length];
    }
    return mask;
  }

  /** Scores that are drawn at random, for comparison with methods that look at the weights. */
  static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] scores = new float[size];
    for (int i = 0; i < size; i++) {
      scores[i] = (float) random.nextDouble();
    }
    return scores;
  }

  /** The size of each weight. */
  static float[] magnitude(float[] weights) {
    float[] scores = new float[weights.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.abs(weights[i]);
    }
    return scores;
  }
}
