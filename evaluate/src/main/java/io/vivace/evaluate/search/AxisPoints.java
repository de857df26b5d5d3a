package io.vivace.evaluate.search;

import java.util.Arrays;

/**
 * Where the trials of a study lie along one numeric axis, kept in order. What a kernel weighs
 * inside the range is remembered until its width changes, which between two proposals few do.
 */
final class AxisPoints {
  private static final int FIRST_CAPACITY = 64;
  private static final double MOST_KERNELS = 100;

  private final Axis axis;
  private int size;
  private double[] middles = new double[FIRST_CAPACITY];
  private double[] widths = new double[FIRST_CAPACITY];
  private double[] masses = new double[FIRST_CAPACITY];

  /** The trials in ascending order of their numbers; equal ones by trial. */
  private int[] order = new int[FIRST_CAPACITY];

  AxisPoints(Axis axis) {
    this.axis = axis;
  }

  int size() {
    return size;
  }

  /** Adds the next trial; NaN where the parameter does not exist. */
  void add(double code) {
    if (size == order.length) {
      middles = Arrays.copyOf(middles, 2 * size);
      widths = Arrays.copyOf(widths, 2 * size);
      masses = Arrays.copyOf(masses, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
    }
    double middle = axis.warp(code);
    int place = place(middle);
    System.arraycopy(order, place, order, place + 1, size - place);
    order[place] = size;
    middles[size] = middle;
    widths[size] = Double.NaN;
    size++;
  }

  /** How many are not greater; NaN is the greatest. */
  private int place(double middle) {
    int low = 0;
    int high = size;
    while (low < high) {
      int half = (low + high) >>> 1;
      if (Double.compare(middles[order[half]], middle) <= 0) {
        low = half + 1;
      } else {
        high = half;
      }
    }
    return low;
  }

  /**
   * Fills in the kernels of some trials and of the prior, which comes last.
   *
   * @param kernelOf the kernel of each trial, or -1
   * @param kernels where the kernels go
   */
  void fill(int[] kernelOf, Kernels kernels) {
    int observations = kernels.middles.length - 1;
    int[] chosen = chosen(kernelOf, observations);
    double low = axis.warpedLow();
    double high = axis.warpedHigh();
    double range = high - low;
    double least = range / Math.min(MOST_KERNELS, 2.0 + observations);
    for (int i = 0; i < observations; i++) {
      int trial = chosen[i];
      double middle = middles[trial];
      double left = middle - (i == 0 ? low : middles[chosen[i - 1]]);
      double right = (i == observations - 1 ? high : middles[chosen[i + 1]]) - middle;
      double width = Math.max(left, right);
      if (observations > 1 && i == 0) {
        width = right;
      } else if (observations > 1 && i == observations - 1) {
        width = left;
      }
      width = Math.min(range, Math.max(least, width));
      kernels.set(kernelOf[trial], middle, width, mass(trial, width));
    }
    double middle = 0.5 * (low + high);
    kernels.set(observations, middle, range, mass(middle, range));
  }

  private int[] chosen(int[] kernelOf, int count) {
    int[] chosen = new int[count];
    int next = 0;
    for (int i = 0; i < size; i++) {
      if (kernelOf[order[i]] >= 0) {
        chosen[next++] = order[i];
      }
    }
    return chosen;
  }

  private double mass(int trial, double width) {
    if (widths[trial] != width) {
      widths[trial] = width;
      masses[trial] = mass(middles[trial], width);
    }
    return masses[trial];
  }

  /** What divides a kernel, so that its density or its probabilities over the range add up to 1. */
  private double mass(double middle, double width) {
    double inverse = 1 / width;
    double mass =
        Normal.massAroundZero(
            (axis.warpedLow() - middle) * inverse, (axis.warpedHigh() - middle) * inverse);
    return axis.count() == 0 ? mass * width * Normal.SQRT_TWO_PI : mass;
  }

  /** Kernels along the axis: middle, width and mass of each. */
  static final class Kernels {
    final double[] middles;
    final double[] widths;
    final double[] inverses;
    final double[] masses;

    Kernels(int count) {
      middles = new double[count];
      widths = new double[count];
      inverses = new double[count];
      masses = new double[count];
    }

    private void set(int kernel, double middle, double width, double mass) {
      middles[kernel] = middle;
      widths[kernel] = width;
      inverses[kernel] = 1 / width;
      masses[kernel] = mass;
    }
  }
}
