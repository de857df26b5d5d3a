package io.vivace.optimize.calibrate;

/** The lowest and the highest number of all samples. */
final class Extremes implements RangeObserver {
  private float low = Float.POSITIVE_INFINITY;
  private float high = Float.NEGATIVE_INFINITY;

  @Override
  public void add(float[] values, int count, float lowest, float highest) {
    low = Math.min(low, lowest);
    high = Math.max(high, highest);
  }

  @Override
  public ActivationRange range() {
    return new ActivationRange(low, high);
  }
}
