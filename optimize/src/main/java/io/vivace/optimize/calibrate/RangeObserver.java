package io.vivace.optimize.calibrate;

/** Sees a value sample by sample and says its range at the end; keeps no sample. */
interface RangeObserver {
  /**
   * Sees one sample.
   *
   * @param values the numbers, all finite
   * @param count how many of them, at least 1
   * @param lowest the lowest of them
   * @param highest the highest of them
   */
  void add(float[] values, int count, float lowest, float highest);

  /** The range of what was seen; called after at least one sample. */
  ActivationRange range();
}
