package io.vivace.optimize.calibrate;

/**
 * The range around zero whose quantized histogram loses the least information: it minimizes the
 * Kullback-Leibler divergence between the histogram cut off there and the same in 128 steps.
 *
 * <p>Candidates, merging into steps, and smoothing (1e-4 for empty bins, taken from the others) are
 * those of {@code get_entropy_threshold} of ONNX Runtime's calibrator (1.30), after Migacz, 8-bit
 * Inference with TensorRT (2017).
 */
final class EntropyThreshold {
  private static final int STEPS = 128;
  private static final float SMOOTHING = 1e-4f;

  private final Histogram histogram;
  private final long[] sums;

  private EntropyThreshold(Histogram histogram) {
    this.histogram = histogram;
    this.sums = new long[histogram.bins() + 1];
    for (int i = 0; i < histogram.bins(); i++) {
      sums[i + 1] = sums[i] + histogram.count(i);
    }
  }

  static ActivationRange of(SignedHistogram observed) {
    return new EntropyThreshold(observed.histogram()).best(observed);
  }

  private ActivationRange best(SignedHistogram observed) {
    int zero = histogram.bins() / 2;
    double least = Double.POSITIVE_INFINITY;
    int bestFrom = Math.max(0, zero - STEPS / 2);
    int bestTo = Math.min(histogram.bins(), zero + STEPS / 2 + 1);
    for (int half = STEPS / 2; half <= zero; half++) {
      int from = zero - half;
      int to = Math.min(zero + half + 1, histogram.bins());
      double divergence = divergence(from, to);
      if (divergence < least) {
        least = divergence;
        bestFrom = from;
        bestTo = to;
      }
    }
    return ActivationRange.within(
        histogram.edge(bestFrom), histogram.edge(bestTo), observed.lowest(), observed.highest());
  }

  private double divergence(int from, int to) {
    int size = to - from;
    long[] wanted = new long[size];
    for (int i = 0; i < size; i++) {
      wanted[i] = histogram.count(from + i);
    }
    wanted[0] += sums[from];
    wanted[size - 1] += sums[histogram.bins()] - sums[to];
    long[] found = quantized(wanted, from, to);
    float[] p = smooth(wanted);
    float[] q = smooth(found);
    return p.length == 0 || q.length == 0 ? Double.POSITIVE_INFINITY : divergence(p, q);
  }

  /** Each step's numbers spread evenly over its bins that are not empty, in whole numbers. */
  private long[] quantized(long[] wanted, int from, int to) {
    int merged = wanted.length / STEPS;
    long[] result = new long[wanted.length];
    for (int step = 0; step < STEPS; step++) {
      int start = step * merged;
      int end = start + merged;
      long sum = sums[step == STEPS - 1 ? to : from + end] - sums[from + start];
      int used = 0;
      for (int i = start; i < end; i++) {
        used += wanted[i] != 0 ? 1 : 0;
      }
      for (int i = start; i < end && used > 0; i++) {
        result[i] = sum / used;
      }
    }
    return result;
  }

  private static float[] smooth(long[] counts) {
    int zeros = 0;
    for (long count : counts) {
      zeros += count == 0 ? 1 : 0;
    }
    int others = counts.length - zeros;
    float taken = others == 0 ? 1 : (float) (1e-4 * zeros / others);
    if (taken >= 1) {
      return new float[0];
    }
    float[] result = new float[counts.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = counts[i] == 0 ? SMOOTHING : counts[i] - taken;
    }
    return result;
  }

  private static double divergence(float[] p, float[] q) {
    double sumP = sum(p);
    double sumQ = sum(q);
    double result = 0;
    // Empty bins of one step all add the same, which spares most logarithms.
    float known = Float.NaN;
    double term = 0;
    for (int i = 0; i < p.length; i++) {
      if (p[i] != SMOOTHING) {
        result += term(p[i] / sumP, q[i] / sumQ);
      } else {
        if (q[i] != known) {
          known = q[i];
          term = term(p[i] / sumP, q[i] / sumQ);
        }
        result += term;
      }
    }
    return result;
  }

  private static double term(double p, double q) {
    return p * Math.log(p / q);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
