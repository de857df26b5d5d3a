package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import io.vivace.optimize.train.graph.RecurrentLayer.Cell;

/** The cell of a GRU layer, with gates in ONNX's order: update, reset, hidden. */
final class GatedRecurrentUnit implements Cell {
  private final Call call;
  private final NDArray weights;
  private final NDList recurrence;
  private final NDArray inputBias;
  private final NDList stateBias;
  private final boolean resetLast;

  GatedRecurrentUnit(Call call, NDArray weights, NDArray recurrence, NDArray bias) {
    this.call = call;
    this.weights = weights.transpose();
    this.recurrence = recurrence.transpose().split(3, 1);
    NDList halves = bias.split(2, 0);
    this.inputBias = halves.get(0);
    this.stateBias = halves.get(1).split(3, 0);
    this.resetLast = call.integer("linear_before_reset", 0) != 0;
  }

  @Override
  public NDArray project(NDArray inputs) {
    return inputs.matMul(weights).add(inputBias);
  }

  @Override
  public NDList step(NDArray projected, NDList state) {
    NDArray before = state.get(0);
    NDList gates = projected.split(3, 1);
    NDArray update = Activation.sigmoid(gates.get(0).add(from(before, 0)));
    NDArray reset = Activation.sigmoid(gates.get(1).add(from(before, 1)));
    NDArray hidden = resetLast ? reset.mul(from(before, 2)) : from(reset.mul(before), 2);
    NDArray candidate = gates.get(2).add(hidden).tanh();
    NDArray kept = update.mul(before);
    return new NDList(update.neg().add(call.scalar(1)).mul(candidate).add(kept));
  }

  private NDArray from(NDArray state, int gate) {
    return state.matMul(recurrence.get(gate)).add(stateBias.get(gate));
  }
}
