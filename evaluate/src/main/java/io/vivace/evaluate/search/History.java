package io.vivace.evaluate.search;

import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * All that the proposal of a trial may depend on. It is the same for any number of workers: the
 * trials up to its number less the lag with their results, and the points of those in between.
 *
 * @param space the space
 * @param directions one for each score
 * @param number the trial to propose
 * @param seed the seed of the study
 * @param finished the trials that count as ended, by number
 * @param pending the points of the trials that count as running, by number
 */
record History(
    Space space,
    List<Direction> directions,
    int number,
    long seed,
    List<Finished> finished,
    List<double[]> pending) {

  /** A source of its own for every trial. */
  UniformRandomProvider random() {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(mix(seed, number));
  }

  /** Spreads seed and number over all bits: the finalizer of SplitMix64, twice. */
  static long mix(long seed, long number) {
    return finish(finish(seed) + 0x9E3779B97F4A7C15L * (number + 1));
  }

  private static long finish(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
