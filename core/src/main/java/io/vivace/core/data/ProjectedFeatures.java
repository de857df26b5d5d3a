package io.vivace.core.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** {@code directions . (x - mean) / divisor}. */
final class ProjectedFeatures extends StepTransform {
  static final String TYPE = "project";
  private final double[] mean;
  private final double[][] directions;
  private final double[] divisor;

  ProjectedFeatures(double[] mean, double[][] directions, double[] divisor) {
    this.mean = matrix("means", new double[][] {mean})[0];
    this.directions = matrix("directions", directions);
    this.divisor = matrix("divisors", new double[][] {divisor})[0];
    if (this.directions[0].length != this.mean.length
        || this.directions.length != this.divisor.length) {
      throw new IllegalArgumentException(
          String.format(
              "%d directions of %d numbers need as many divisors and means, but there are %d and"
                  + " %d",
              directions.length, directions[0].length, divisor.length, mean.length));
    }
    for (double each : divisor) {
      if (each == 0) {
        throw new IllegalArgumentException("the divisors must not be 0");
      }
    }
  }

  @Override
  public int features() {
    return mean.length;
  }

  @Override
  public int outputs() {
    return directions.length;
  }

  @Override
  public double[] apply(double[] example) {
    double[] centred = copy(example);
    for (int i = 0; i < centred.length; i++) {
      centred[i] -= mean[i];
    }
    double[] projected = new double[directions.length];
    for (int j = 0; j < projected.length; j++) {
      double sum = 0;
      for (int i = 0; i < centred.length; i++) {
        sum += directions[j][i] * centred[i];
      }
      projected[j] = sum / divisor[j];
    }
    return projected;
  }

  @Override
  public double[] inverse(double[] prepared) {
    requireLength(outputs(), prepared);
    double[] original = mean.clone();
    for (int j = 0; j < prepared.length; j++) {
      double length = prepared[j] * divisor[j];
      for (int i = 0; i < original.length; i++) {
        original[i] += length * directions[j][i];
      }
    }
    return original;
  }

  @Override
  void write(JsonArray steps) {
    JsonObject step = new JsonObject();
    step.addProperty("type", TYPE);
    step.add("mean", array(mean));
    step.add("directions", array(directions));
    step.add("divisor", array(divisor));
    steps.add(step);
  }
}
