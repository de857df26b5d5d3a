package io.vivace.core.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** {@code (x - shift) / divisor}. */
final class AffineFeatures extends StepTransform {
  static final String TYPE = "scale";
  private final double[] shift;
  private final double[] divisor;

  AffineFeatures(double[] shift, double[] divisor) {
    this.shift = shift;
    this.divisor = divisor;
  }

  @Override
  public int features() {
    return shift.length;
  }

  @Override
  public double[] apply(double[] example) {
    double[] scaled = copy(example);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (scaled[i] - shift[i]) / divisor[i];
    }
    return scaled;
  }

  @Override
  public double[] inverse(double[] prepared) {
    double[] original = copy(prepared);
    for (int i = 0; i < original.length; i++) {
      original[i] = original[i] * divisor[i] + shift[i];
    }
    return original;
  }

  @Override
  void write(JsonArray steps) {
    JsonObject step = new JsonObject();
    step.addProperty("type", TYPE);
    step.add("shift", array(shift));
    step.add("divisor", array(divisor));
    steps.add(step);
  }
}
