package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import io.vivace.optimize.train.graph.RecurrentLayer.Cell;

/** The cell of an LSTM layer, with gates in ONNX's order: input, output, forget, cell. */
final class LongShortTermMemory implements Cell {
  private final NDArray weights;
  private final NDArray recurrence;
  private final NDArray bias;

  LongShortTermMemory(Call call, NDArray weights, NDArray recurrence, NDArray bias) {
    this.weights = weights.transpose();
    this.recurrence = recurrence.transpose();
    NDList halves = bias.split(2, 0);
    this.bias = halves.get(0).add(halves.get(1));
  }

  @Override
  public NDArray project(NDArray inputs) {
    return inputs.matMul(weights).add(bias);
  }

  @Override
  public NDList step(NDArray projected, NDList state) {
    NDList gates = projected.add(state.get(0).matMul(recurrence)).split(4, 1);
    NDArray input = Activation.sigmoid(gates.get(0)).mul(gates.get(3).tanh());
    NDArray cell = Activation.sigmoid(gates.get(2)).mul(state.get(1)).add(input);
    return new NDList(Activation.sigmoid(gates.get(1)).mul(cell.tanh()), cell);
  }
}
