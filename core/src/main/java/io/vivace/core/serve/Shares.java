package io.vivace.core.serve;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the interval from 0 to 1 into one piece per arm, as long as its weight says. Immutable.
 *
 * <p>A key is put at the same point whatever the weights are, so that changed weights move no more
 * keys than they must where there are two arms.
 */
final class Shares {
  private final double[] weights;
  private final double[] ends;

  /**
   * Takes one weight per arm.
   *
   * @throws IllegalArgumentException if a weight is negative or not finite, or all are 0
   */
  Shares(double... weights) {
    this.weights = weights.clone();
    this.ends = new double[weights.length];
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || weight == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "weights must be finite and at least 0, but were " + Arrays.toString(weights));
      }
      sum += weight;
    }
    if (!(sum > 0) || sum == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "at least one weight must be above 0 and their sum finite, but they were "
              + Arrays.toString(weights));
    }
    double end = 0;
    for (int i = 0; i < weights.length; i++) {
      end += weights[i];
      ends[i] = end / sum;
    }
  }

  double[] weights() {
    return weights.clone();
  }

  /** The arm at a point from 0 to below 1; never one of weight 0. */
  int at(double point) {
    int last = 0;
    for (int i = 0; i < ends.length; i++) {
      if (weights[i] > 0) {
        if (point < ends[i]) {
          return i;
        }
        last = i; // rounding may leave a gap before 1
      }
    }
    return last;
  }

  /**
   * Puts a key at a point from 0 to below 1: FNV-1a of its UTF-8 bytes, finished with the mixer of
   * SplitMix64, of which the upper 53 bits count.
   */
  static double point(String salt, String key) {
    long hash = fnv(fnv(0xcbf29ce484222325L, salt) * 0x100000001b3L, key);
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    hash ^= hash >>> 31;
    return (hash >>> 11) * 0x1p-53;
  }

  private static long fnv(long start, String text) {
    long hash = start;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
