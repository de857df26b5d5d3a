package io.vivace.optimize.train.graph;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.onnx.proto.OnnxMl;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.ModelGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A case of one node in double precision, its loss the outputs times the cosines of 0, 1, 2... */
final class Gradients implements AutoCloseable {
  private final GraphNetwork network;
  private final NDManager manager;
  private final NDList inputs = new NDList();

  Gradients(NodeCase each) {
    ModelGraph graph = ModelGraph.open(ModelSource.bytes(each.name() + ".onnx", each.model()));
    network = GraphNetwork.of(graph, DataType.FLOAT64, Optional.of(false));
    manager = network.manager().newSubManager();
    for (OnnxMl.TensorProto tensor : each.in()) {
      inputs.add(Tensors.array(manager, tensor, DataType.FLOAT64));
    }
  }

  boolean isDifferentiable(int input) {
    return inputs.get(input).getDataType().isFloating() && inputs.get(input).size() > 0;
  }

  int inputs() {
    return inputs.size();
  }

  NDArray input(int index) {
    return inputs.get(index);
  }

  /** The first output. */
  double[] output() {
    try (NDManager run = manager.newSubManager()) {
      NDList outputs = network.forward(copies(run), true);
      return outputs.get(0).toType(DataType.FLOAT64, false).toDoubleArray();
    }
  }

  private NDList copies(NDManager run) {
    NDList copies = new NDList();
    for (NDArray input : inputs) {
      NDArray copy = input.duplicate();
      copy.attach(run);
      copies.add(copy);
    }
    return copies;
  }

  double loss() {
    double sum = 0;
    double[] output = output();
    for (int i = 0; i < output.length; i++) {
      sum += output[i] * Math.cos(i);
    }
    return sum;
  }

  /** The gradient of each input; empty for integers. */
  List<double[]> backward() {
    try (NDManager run = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDList copies = copies(run);
      for (int i = 0; i < copies.size(); i++) {
        if (isDifferentiable(i)) {
          copies.get(i).setRequiresGradient(true);
        }
      }
      NDArray output = network.forward(copies, true).get(0);
      NDArray weights =
          run.arange(0, (int) output.size(), 1, DataType.FLOAT64)
              .cos()
              .reshape(output.getShape());
      collector.backward(output.mul(weights).sum());
      List<double[]> gradients = new ArrayList<>();
      for (int i = 0; i < copies.size(); i++) {
        gradients.add(
            isDifferentiable(i)
                ? copies.get(i).getGradient().toType(DataType.FLOAT64, false).toDoubleArray()
                : new double[0]);
      }
      return gradients;
    }
  }

  /** The slope of the loss along one element, by central differences. */
  double slope(int input, int element) {
    double[] values = inputs.get(input).toDoubleArray();
    double before = values[element];
    double step = 1e-6 * Math.max(1, Math.abs(before));
    values[element] = before + step;
    inputs.get(input).set(values);
    double above = loss();
    values[element] = before - step;
    inputs.get(input).set(values);
    double below = loss();
    values[element] = before;
    inputs.get(input).set(values);
    return (above - below) / (2 * step);
  }

  @Override
  public void close() {
    manager.close();
    network.close();
  }
}
