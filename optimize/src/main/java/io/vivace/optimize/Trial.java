package io.vivace.optimize;

/**
 * What a setting gave.
 *
 * @param bytes of the file
 * @param nonZeros parameters that are not 0
 * @param quality NaN if the setting does not work
 * @param latencyNanos NaN if it was not measured
 * @param noise the largest share of a layer's energy that its weights lost
 */
record Trial(long bytes, long nonZeros, double quality, double latencyNanos, double noise) {
  /** The setting does not work. */
  static final Trial FAILED =
      new Trial(Long.MAX_VALUE, Long.MAX_VALUE, Double.NaN, Double.NaN, Double.NaN);
}
