package io.vivace.core.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** Puts a value where one is missing. */
final class ImputedFeatures extends StepTransform {
  static final String TYPE = "impute";
  private final double[] fill;

  ImputedFeatures(double[] fill) {
    this.fill = fill;
  }

  @Override
  public int features() {
    return fill.length;
  }

  @Override
  public double[] apply(double[] example) {
    double[] full = copy(example);
    for (int i = 0; i < full.length; i++) {
      full[i] = Double.isNaN(full[i]) ? fill[i] : full[i];
    }
    return full;
  }

  @Override
  public double[] inverse(double[] prepared) {
    return copy(prepared);
  }

  @Override
  void write(JsonArray steps) {
    JsonObject step = new JsonObject();
    step.addProperty("type", TYPE);
    step.add("fill", array(fill));
    steps.add(step);
  }
}
