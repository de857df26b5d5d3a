package io.vivace.optimize.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Which examples make up the batches of an epoch. */
final class BatchOrder {
  private BatchOrder() {}

  /** How many batches an epoch has. */
  static int count(int examples, int size) {
    int full = examples / size;
    int rest = examples % size;
    // A batch of one row has no statistics: it joins the one before it.
    return rest == 0 || (rest == 1 && full > 0) ? full : full + 1;
  }

  static List<int[]> of(int examples, int size, long seed, int epoch) {
    int[] order = shuffled(examples, mix(seed, epoch));
    int count = count(examples, size);
    List<int[]> batches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int to = i == count - 1 ? examples : (i + 1) * size;
      batches.add(java.util.Arrays.copyOfRange(order, i * size, to));
    }
    return batches;
  }

  private static int[] shuffled(int examples, long seed) {
    int[] order = new int[examples];
    java.util.Arrays.setAll(order, i -> i);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = examples - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** Joins two numbers to a seed (the finalizer of SplitMix64). */
  static long mix(long seed, long number) {
    long z = seed + (number + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
