package io.vivace.core.data;

import com.google.gson.JsonArray;

/** One transform and then another. */
final class FeatureChain extends StepTransform {
  private final StepTransform first;
  private final StepTransform second;

  FeatureChain(StepTransform first, StepTransform second) {
    if (first.outputs() != second.features()) {
      throw new IllegalArgumentException(
          String.format(
              "a transform of %d features cannot follow one that gives %d",
              second.features(), first.outputs()));
    }
    this.first = first;
    this.second = second;
  }

  @Override
  public int features() {
    return first.features();
  }

  @Override
  public int outputs() {
    return second.outputs();
  }

  @Override
  public double[] apply(double[] example) {
    return second.apply(first.apply(example));
  }

  @Override
  public double[] inverse(double[] prepared) {
    return first.inverse(second.inverse(prepared));
  }

  @Override
  void write(JsonArray steps) {
    first.write(steps);
    second.write(steps);
  }
}
