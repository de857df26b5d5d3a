package io.vivace.optimize.calibrate;

import java.util.function.Function;

/**
 * A histogram around zero that widens by whole bins when a sample exceeds it: the bins of {@code
 * collect_value} of ONNX Runtime's calibrator (1.30), fed sample by sample.
 */
final class SignedHistogram implements RangeObserver {
  /** Where a first sample of small numbers would make later ones take more, bins become wider. */
  static final int MOST_BINS = 1 << 15;

  /** So that the width of the histogram is a float. */
  private static final float MOST_REACH = Float.MAX_VALUE / 2;

  private final int bins;
  private final Function<SignedHistogram, ActivationRange> choice;
  private Histogram histogram = Histogram.uniform(0, 0, 1);
  private float threshold = -1;
  private float low = Float.POSITIVE_INFINITY;
  private float high = Float.NEGATIVE_INFINITY;

  SignedHistogram(int bins, Function<SignedHistogram, ActivationRange> choice) {
    this.bins = bins;
    this.choice = choice;
  }

  @Override
  public void add(float[] values, int count, float lowest, float highest) {
    float reach = Math.max(Math.abs(lowest), Math.abs(highest));
    if (threshold < 0) {
      histogram = Histogram.uniform(-reach, reach, bins);
      threshold = reach;
    } else if (reach > threshold) {
      widen(reach);
    }
    histogram.add(values, count, false);
    low = Math.min(low, lowest);
    high = Math.max(high, highest);
  }

  private void widen(float reach) {
    Histogram old = histogram;
    float stride = 2 * threshold / old.bins();
    float more = threshold == 0 ? 0 : floorDivide(reach - threshold, stride) + 1;
    // Where the stride or the span leaves the range of floats, these are infinite or no numbers.
    int room = (MOST_BINS - old.bins()) / 2;
    boolean fits = more <= room && more * stride + threshold <= MOST_REACH;
    if (threshold == 0 || !fits) {
      int count = threshold == 0 ? old.bins() : bins;
      histogram = Histogram.uniform(-reach, reach, count);
      histogram.addAll(old);
      threshold = reach;
      return;
    }
    int added = (int) more;
    threshold = added * stride + threshold;
    Histogram wide = Histogram.uniform(-threshold, threshold, old.bins() + 2 * added);
    long[] counts = wide.counts();
    System.arraycopy(old.counts(), 0, counts, added, old.bins());
    histogram = new Histogram(wide.edges(), counts);
  }

  /** The quotient rounded down as Python does, which goes by the remainder. */
  private static float floorDivide(float a, float b) {
    float quotient = (a - a % b) / b;
    float floor = (float) Math.floor(quotient);
    return quotient - floor > 0.5f ? floor + 1 : floor;
  }

  Histogram histogram() {
    return histogram;
  }

  float lowest() {
    return low;
  }

  float highest() {
    return high;
  }

  @Override
  public ActivationRange range() {
    return choice.apply(this);
  }
}
