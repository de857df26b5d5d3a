package io.vivace.optimize.calibrate;

/**
 * The mean of the samples' lowest and of their highest numbers: all with the same weight, or later
 * ones with a fixed one.
 */
final class MeanExtremes implements RangeObserver {
  private final double constant;
  private long samples;
  private double low;
  private double high;

  /** A constant of 0 gives all samples the same weight. */
  MeanExtremes(double constant) {
    this.constant = constant;
  }

  @Override
  public void add(float[] values, int count, float lowest, float highest) {
    samples++;
    if (constant == 0 || samples == 1) {
      low += (lowest - low) / samples;
      high += (highest - high) / samples;
    } else {
      low = (float) (low + (float) constant * (float) (lowest - low));
      high = (float) (high + (float) constant * (float) (highest - high));
    }
  }

  @Override
  public ActivationRange range() {
    return new ActivationRange((float) low, (float) high);
  }
}
