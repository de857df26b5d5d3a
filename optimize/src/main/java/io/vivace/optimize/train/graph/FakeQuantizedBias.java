package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;

/**
 * A bias in whole numbers of 32 bits, times the scales of the layer's weight and of its input: what
 * an engine adds to the sum of products of whole numbers.
 */
final class FakeQuantizedBias implements WeightForm {
  private final GraphParameter weight;
  private final FakeQuantizedWeight form;
  private final ActivationRange input;

  FakeQuantizedBias(GraphParameter weight, FakeQuantizedWeight form, ActivationRange input) {
    this.weight = weight;
    this.form = form;
    this.input = input;
  }

  @Override
  public NDArray apply(NDArray trained) {
    if (!input.isKnown()) {
      return trained;
    }
    NDArray channels = form.scale(weight.weightBefore(FakeQuantizedWeight.class));
    NDArray scale = channels.reshape(-1).mul(input.scale()).toType(trained.getDataType(), false);
    return FakeQuantization.rounded(trained.div(scale)).mul(scale);
  }
}
