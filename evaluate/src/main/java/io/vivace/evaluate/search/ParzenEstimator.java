package io.vivace.evaluate.search;

import java.util.Arrays;
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
  private static final double LEAST_PRODUCT = 1e-100;

  private final Axis[] axes;
  private final int kernels;

  /** The share of each kernel and, growing, the share up to it. */
  private final double[] cumulated;

  /** The kernels of the numbers, and of the choices the logarithms of every option. */
  private final AxisPoints.Kernels[] numbers;

  private final double[][] optionLogs;

  /** All of a kernel's logarithm that does not depend on the point. */
  private final double[] constants;

  private final double[] divisors;
  private final double[] exponents;

  /**
   * Estimates the density of some points.
   *
   * @param seen all points
   * @param group the parameters, which all of them have
   * @param trials the numbers of the points that count, ascending
   * @param priorWeight the weight of the prior
   */
  ParzenEstimator(SeenPoints seen, int[] group, int[] trials, double priorWeight) {
    axes = Arrays.stream(group).mapToObj(seen.space()::axis).toArray(Axis[]::new);
    kernels = trials.length + 1;
    numbers = new AxisPoints.Kernels[axes.length];
    optionLogs = new double[axes.length][];
    exponents = new double[kernels];
    constants = new double[kernels];
    divisors = new double[kernels];
    Arrays.fill(divisors, 1);
    int[] kernelOf = kernelOf(trials, seen.size());
    for (int d = 0; d < axes.length; d++) {
      AxisPoints along = seen.along(group[d]);
      if (along == null) {
        int place = group[d];
        options(
            d, Arrays.stream(trials).mapToDouble(t -> seen.code(t, place)).toArray(), priorWeight);
      } else {
        numbers[d] = new AxisPoints.Kernels(kernels);
        along.fill(kernelOf, numbers[d]);
        divide(numbers[d].masses);
      }
    }
    cumulated = weights(trials.length, priorWeight);
    for (int k = 0; k < kernels; k++) {
      constants[k] += Math.log(cumulated[k] / divisors[k]);
    }
    for (int k = 1; k < kernels; k++) {
      cumulated[k] += cumulated[k - 1];
    }
  }

  private static int[] kernelOf(int[] trials, int size) {
    int[] kernelOf = new int[size];
    Arrays.fill(kernelOf, -1);
    for (int k = 0; k < trials.length; k++) {
      kernelOf[trials[k]] = k;
    }
    return kernelOf;
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

  /** Divides kernels by numbers; the logarithm waits until the product nears its bounds. */
  private void divide(double[] by) {
    for (int k = 0; k < kernels; k++) {
      double product = divisors[k] * by[k];
      if (product < LEAST_PRODUCT || product > 1 / LEAST_PRODUCT) {
        constants[k] -= Math.log(product);
        product = 1;
      }
      divisors[k] = product;
    }
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
    double middle = numbers[d].middles[kernel];
    double width = numbers[d].widths[kernel];
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
        addNormals(numbers[d].middles, numbers[d].inverses, axes[d].warp(point[d]));
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
    AxisPoints.Kernels along = numbers[d];
    for (int k = 0; k < kernels; k++) {
      double middle = along.middles[k];
      double inverse = along.inverses[k];
      exponents[k] += Normal.logMass((left - middle) * inverse, (right - middle) * inverse);
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
