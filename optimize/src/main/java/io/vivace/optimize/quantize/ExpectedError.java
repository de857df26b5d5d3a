package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Weight;
import java.util.List;

/**
 * The squared error of products of a layer normalization's output when both are quantized, as
 * expected from its scale g and shift b alone: channel k is taken for normally distributed with
 * mean b[k] and deviation g[k]. With factors s of the channels, rounding errors that are evenly
 * distributed and independent, and scales per column of the weights W:
 *
 * <pre>{@code
 * step = 2 * max over k of ((|b[k]| + 3 |g[k]|) / s[k]) / 255
 * step[j] = max over k of |W[k][j] s[k]| / 127
 * error = (step^2 * sum (W[k][j] s[k])^2
 *         + sum over j of step[j]^2 * sum over k of (b[k]^2 + g[k]^2) / s[k]^2) / 12
 * }</pre>
 */
final class ExpectedError {
  private static final int DEVIATIONS = 3;
  private static final double ACTIVATION_LEVELS = 255;
  private static final double WEIGHT_LEVELS = 127;

  private final float[] largest;
  private final double[] power;
  private final List<float[]> weights;
  private final float[] largestWeights;

  ExpectedError(float[] scale, float[] shift, List<Weight> weights) {
    int width = scale.length;
    this.largest = new float[width];
    this.power = new double[width];
    for (int k = 0; k < width; k++) {
      largest[k] = Math.abs(shift[k]) + DEVIATIONS * Math.abs(scale[k]);
      power[k] = (double) shift[k] * shift[k] + (double) scale[k] * scale[k];
    }
    this.weights = weights.stream().map(Weight::floats).toList();
    this.largestWeights = new float[width];
    for (float[] values : this.weights) {
      int columns = values.length / width;
      for (int i = 0; i < values.length; i++) {
        largestWeights[i / columns] = Math.max(largestWeights[i / columns], Math.abs(values[i]));
      }
    }
  }

  /** The factors of an alpha, with a geometric mean of 1. */
  float[] scales(double alpha) {
    return Smoothing.scales(alpha, largest, largestWeights);
  }

  /** The sum over the weights, each relative to the expected squared product. */
  double of(float[] scales) {
    double highest = 0;
    double inputs = 0;
    for (int k = 0; k < scales.length; k++) {
      highest = Math.max(highest, largest[k] / scales[k]);
      inputs += power[k] / ((double) scales[k] * scales[k]);
    }
    double step = 2 * highest / ACTIVATION_LEVELS;
    double error = 0;
    for (float[] values : weights) {
      error += of(values, scales, step * step, inputs);
    }
    return error;
  }

  private double of(float[] values, float[] scales, double step, double inputs) {
    int columns = values.length / scales.length;
    float[] largestOfColumn = new float[columns];
    double squares = 0;
    double product = 0;
    for (int k = 0; k < scales.length; k++) {
      double row = 0;
      for (int j = 0; j < columns; j++) {
        float value = Math.abs(values[k * columns + j]);
        largestOfColumn[j] = Math.max(largestOfColumn[j], value * scales[k]);
        row += value * value;
      }
      squares += row * scales[k] * scales[k];
      product += row * power[k];
    }
    double steps = 0;
    for (float each : largestOfColumn) {
      steps += (each / WEIGHT_LEVELS) * (each / WEIGHT_LEVELS);
    }
    return product > 0 ? (step * squares + steps * inputs) / product : 0;
  }
}
