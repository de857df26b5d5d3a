package io.vivace.core.data;

import java.util.stream.IntStream;

/**
 * Seeded random orders that are the same on every Java version: Fisher-Yates (Durstenfeld 1964)
 * over the SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014). The JDK promises no fixed algorithm for its own good generators.
 */
final class Permutation {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private Permutation() {}

  static int[] of(int size, long seed) {
    int[] order = IntStream.range(0, size).toArray();
    long state = seed;
    for (int i = size - 1; i > 0; i--) {
      state += GAMMA;
      int j = bounded(mix(state), i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** The high word of the product; its bias is below bound / 2^64. */
  private static int bounded(long random, int bound) {
    return (int) Math.multiplyHigh(random >>> 1, (long) bound << 1);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
