package io.vivace.evaluate.search;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A mixture of kernels, one around each observed point and a wide one for the prior. A kernel is
 * the product of a truncated normal density for each number and a distribution for each choice.
 *
 * <p>Bandwidth of an observation: the greater distance to its neighbours, at least {@code width /
 * min(100, 1 + kernels)}, at most the width. The latest 25 observations have weight 1, older ones
 * on a ramp from {@code 1/n}.
 */
final class ParzenEstimator {
  private static final int FLAT = 25;
  private static final double MOST_KERNELS = 100;
  private static final double LEAST_PRODUCT = 1e-100;

  private final Axis[] axes;
  private final int kernels;

  /** The share of each kernel and, growing, the share up to it. */
  private final double[] cumulated;

  /** Numbers: middle and width of every kernel; choices: the weights of the options. */
  private final double[][] middles;

  private final double[][] widths;
  private final double[][] inverses;
  private final double[][] optionLogs;

  /** All of a kernel's logarithm that does not depend on the point. */
  private final double[] constants;

  private final double[] divisors;
  private final double[] exponents;

  ParzenEstimator(Axis[] axes, int[] places, List<double[]> points, double priorWeight) {
    this.axes = axes;
    kernels = points.size() + 1;
    middles = new double[axes.length][];
    widths = new double[axes.length][];
    inverses = new double[axes.length][];
    optionLogs = new double[axes.length][];
    exponents = new double[kernels];
    double[] weights = weights(points.size(), priorWeight);
    constants = new double[kernels];
    divisors = new double[kernels];
    Arrays.fill(divisors, 1);
    for (int d = 0; d < axes.length; d++) {
      double[] observed = new double[points.size()];
      for (int k = 0; k < observed.length; k++) {
        observed[k] = points.get(k)[places[d]];
      }
      if (axes[d].isCategorical()) {
        options(d, observed, priorWeight);
      } else {
        numbers(d, observed);
      }
    }
    for (int k = 0; k < kernels; k++) {
      constants[k] += Math.log(weights[k] / divisors[k]);
    }
    cumulated = weights;
    Arrays.parallelPrefix(cumulated, Double::sum);
  }

  static double[] weights(int observations, double priorWeight) {
    double[] weights = new double[observations + 1];
    Arrays.fill(weights, 1);
    int ramp = observations - FLAT;
    for (int i = 0; i < ramp; i++) {
      double low = 1.0 / observations;
      weights[i] = ramp == 1 ? low : low + (1 - low) * i / (ramp - 1);
    }
    weights[observations] = observations == 0 ? 1 : priorWeight;
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i <= observations; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** Every kernel gives its own option 1 and each option a share of the prior. */
  private void options(int d, double[] observed, double priorWeight) {
    int options = (int) axes[d].count();
    double base = observed.length == 0 ? 1 : priorWeight / kernels;
    double[] logs = new double[kernels * options];
    double sum = observed.length == 0 ? options : 1 + base * options;
    for (int k = 0; k < kernels; k++) {
      boolean prior = k == observed.length;
      double total = prior ? base * options : sum;
      for (int o = 0; o < options; o++) {
        double weight = base + (!prior && observed[k] == o ? 1 : 0);
        logs[k * options + o] = Math.log(weight / total);
      }
    }
    optionLogs[d] = logs;
  }

  private void numbers(int d, double[] observed) {
    Axis axis = axes[d];
    double low = axis.warpedLow();
    double high = axis.warpedHigh();
    double[] middle = new double[kernels];
    for (int k = 0; k < observed.length; k++) {
      middle[k] = axis.warp(observed[k]);
    }
    middle[observed.length] = 0.5 * (low + high);
    double[] width = bandwidths(middle, low, high);
    double[] inverse = new double[kernels];
    for (int k = 0; k < kernels; k++) {
      inverse[k] = 1 / width[k];
      double mass =
          Normal.massAroundZero((low - middle[k]) * inverse[k], (high - middle[k]) * inverse[k]);
      divide(k, axis.count() == 0 ? mass * width[k] * Normal.SQRT_TWO_PI : mass);
    }
    middles[d] = middle;
    widths[d] = width;
    inverses[d] = inverse;
  }

  /** Divides a kernel by a number; the logarithm waits until the product nears its bounds. */
  private void divide(int kernel, double by) {
    double product = divisors[kernel] * by;
    if (product < LEAST_PRODUCT || product > 1 / LEAST_PRODUCT) {
      constants[kernel] -= Math.log(product);
      product = 1;
    }
    divisors[kernel] = product;
  }

  /** The last middle is that of the prior and has the whole width. */
  private static double[] bandwidths(double[] middles, double low, double high) {
    int observations = middles.length - 1;
    double[] widths = new double[middles.length];
    double range = high - low;
    double least = range / Math.min(MOST_KERNELS, 1.0 + middles.length);
    double[] sorted = Arrays.copyOf(middles, observations);
    int[] order = SortedPlaces.of(sorted);
    for (int i = 0; i < observations; i++) {
      double left = sorted[i] - (i == 0 ? low : sorted[i - 1]);
      double right = (i == observations - 1 ? high : sorted[i + 1]) - sorted[i];
      double width = Math.max(left, right);
      if (observations > 1 && i == 0) {
        width = right;
      } else if (observations > 1 && i == observations - 1) {
        width = left;
      }
      widths[order[i]] = Math.min(range, Math.max(least, width));
    }
    widths[observations] = range;
    return widths;
  }

  /** A point drawn from the mixture, as codes. */
  double[] draw(UniformRandomProvider random) {
    double share = random.nextDouble() * cumulated[kernels - 1];
    int kernel = 0;
    while (kernel < kernels - 1 && cumulated[kernel] <= share) {
      kernel++;
    }
    double[] point = new double[axes.length];
    for (int d = 0; d < point.length; d++) {
      point[d] =
          axes[d].isCategorical() ? drawOption(d, kernel, random) : drawNumber(d, kernel, random);
    }
    return point;
  }

  private double drawOption(int d, int kernel, UniformRandomProvider random) {
    int options = (int) axes[d].count();
    double rest = random.nextDouble();
    for (int o = 0; o < options - 1; o++) {
      rest -= Math.exp(optionLogs[d][kernel * options + o]);
      if (rest < 0) {
        return o;
      }
    }
    return options - 1.0;
  }

  private double drawNumber(int d, int kernel, UniformRandomProvider random) {
    double middle = middles[d][kernel];
    double width = widths[d][kernel];
    double left = Normal.cdf((axes[d].warpedLow() - middle) / width);
    double right = Normal.cdf((axes[d].warpedHigh() - middle) / width);
    double mass = Math.min(right, left + random.nextDouble() * (right - left));
    return axes[d].unwarp(middle + width * Normal.quantile(mass));
  }

  /** The logarithm of the density at a point; of the probability for stepped numbers. */
  double logDensity(double[] point) {
    System.arraycopy(constants, 0, exponents, 0, kernels);
    for (int d = 0; d < axes.length; d++) {
      if (axes[d].isCategorical()) {
        int options = (int) axes[d].count();
        for (int k = 0; k < kernels; k++) {
          exponents[k] += optionLogs[d][k * options + (int) point[d]];
        }
      } else if (axes[d].count() > 0) {
        addSteps(d, point[d]);
      } else {
        addNormals(middles[d], inverses[d], axes[d].warp(point[d]));
      }
    }
    return logSumExp();
  }

  private void addNormals(double[] middle, double[] inverse, double x) {
    double[] sums = exponents;
    for (int k = 0; k < sums.length; k++) {
      double z = (x - middle[k]) * inverse[k];
      sums[k] -= 0.5 * z * z;
    }
  }

  private void addSteps(int d, double value) {
    double half = axes[d].step() / 2;
    double left = axes[d].warp(value - half);
    double right = axes[d].warp(value + half);
    for (int k = 0; k < kernels; k++) {
      double middle = middles[d][k];
      exponents[k] +=
          Normal.logMass((left - middle) * inverses[d][k], (right - middle) * inverses[d][k]);
    }
  }

  /** Kernels far below the greatest add nothing and are skipped. */
  private double logSumExp() {
    double greatest = Double.NEGATIVE_INFINITY;
    for (double exponent : exponents) {
      greatest = Math.max(greatest, exponent);
    }
    if (Double.isInfinite(greatest)) {
      return greatest;
    }
    double sum = 0;
    for (double exponent : exponents) {
      double below = exponent - greatest;
      if (below > -40) {
        sum += Math.exp(below);
      }
    }
    return greatest + Math.log(sum);
  }
}
