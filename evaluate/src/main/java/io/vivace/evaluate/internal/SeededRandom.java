package io.vivace.evaluate.internal;

import java.util.stream.IntStream;

/**
 * Random numbers that are the same on every Java version and machine: the SplitMix64 generator
 * (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). Not thread-safe.
 */
public final class SeededRandom {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /**
   * Makes a generator.
   *
   * @param seed any number
   */
  public SeededRandom(long seed) {
    state = seed;
  }

  /**
   * Derives a seed for one part of the work, so that parts do not depend on each other's order.
   *
   * @param seed the seed of the whole
   * @param part the number of the part
   * @return the seed of the part
   */
  public static long derived(long seed, long part) {
    return mix(mix(seed + GAMMA) + (part + 1) * GAMMA);
  }

  /**
   * Returns the next 64 random bits.
   *
   * @return any number
   */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * Returns a random number below a bound; the bias is below bound / 2^63.
   *
   * @param bound at least 1
   * @return from 0 to {@code bound - 1}
   */
  public int nextInt(int bound) {
    return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
  }

  /**
   * Returns a random number with 53 random bits.
   *
   * @return from 0 inclusive to 1 exclusive
   */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Shuffles in place: Fisher-Yates (Durstenfeld 1964).
   *
   * @param values what to shuffle
   * @return the same array
   */
  public int[] shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
    return values;
  }

  /**
   * Returns a random order.
   *
   * @param size how many, at least 0
   * @return the numbers from 0 to {@code size - 1}
   */
  public int[] permutation(int size) {
    return shuffle(IntStream.range(0, size).toArray());
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
