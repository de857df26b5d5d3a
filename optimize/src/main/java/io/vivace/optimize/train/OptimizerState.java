package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vivace.optimize.train.Optimizer.Rule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The arrays that an optimizer keeps from step to step, and its steps. */
final class OptimizerState {
  private static final String[] SLOTS = {"#first", "#second"};

  private final Optimizer optimizer;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();

  OptimizerState(Optimizer optimizer, Map<String, NDArray> parameters, NDManager manager) {
    this.optimizer = optimizer;
    this.parameters = parameters;
    parameters.forEach(
        (name, weight) -> {
          for (int slot = 0; slot < optimizer.slots(); slot++) {
            arrays.put(name + SLOTS[slot], manager.zeros(weight.getShape(), weight.getDataType()));
          }
        });
  }

  Map<String, NDArray> arrays() {
    return arrays;
  }

  /** Changes all weights; a step's number is counted from 1. */
  void apply(long step, double rate) {
    parameters.forEach(
        (name, weight) -> {
          NDArray gradient = weight.getGradient();
          if (optimizer.rule() == Rule.SGD) {
            descend(name, weight, gradient, (float) rate);
          } else {
            adapt(name, weight, gradient, step, rate);
          }
        });
  }

  private void descend(String name, NDArray weight, NDArray gradient, float rate) {
    NDArray direction = gradient;
    if (optimizer.decay() > 0) {
      direction = gradient.add(weight.stopGradient().mul(optimizer.decay()));
    }
    if (optimizer.first() > 0) {
      direction = slot(name, 0).muli(optimizer.first()).addi(direction);
    }
    weight
        .getNDArrayInternal()
        .sgdUpdate(new NDList(weight, direction), new NDList(weight), rate, 0, 1, -1, 0, false);
  }

  private void adapt(String name, NDArray weight, NDArray gradient, long step, double rate) {
    // The engine's betas are float32: the bias that is taken out must be theirs.
    float first = (float) optimizer.first();
    float second = (float) optimizer.second();
    double bias = Math.sqrt(1 - Math.pow(second, (double) step));
    double corrected = rate * bias / (1 - Math.pow(first, (double) step));
    // The engine adds epsilon before the second moment's bias is taken out, Adam after it.
    double epsilon = optimizer.epsilon() * bias;
    weight
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(weight, gradient, slot(name, 0), slot(name, 1)),
            new NDList(weight),
            (float) rate,
            (float) corrected,
            (float) optimizer.decay(),
            1,
            -1,
            first,
            second,
            (float) epsilon,
            true,
            optimizer.rule() == Rule.ADAM_W);
  }

  private NDArray slot(String name, int slot) {
    return Objects.requireNonNull(arrays.get(name + SLOTS[slot]));
  }
}
