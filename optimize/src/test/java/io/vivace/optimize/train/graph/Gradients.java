package io.vivace.optimize.train.graph;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.onnx.proto.OnnxMl;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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
    NDArray array = inputs.get(input);
    return array.getDataType().isFloating() && array.size() > 0 && !isSetting(operator(), input);
  }

  /** Inputs that say how to compute: bounds, rates, sizes. */
  private static boolean isSetting(String operator, int input) {
    return switch (operator) {
      case "Clip", "Resize", "Upsample", "OneHot", "Range" -> input > 0;
      case "Pad" -> input == 2;
      case "BatchNormalization" -> input > 2;
      default -> false;
    };
  }

  int inputs() {
    return inputs.size();
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

  /** The gradient of each input, 0 where nothing depends on it. */
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
          run.arange(0, (int) output.size(), 1, DataType.FLOAT64).cos().reshape(output.getShape());
      boolean depends = backward(collector, output.mul(weights).sum());
      List<double[]> gradients = new ArrayList<>();
      for (int i = 0; i < copies.size(); i++) {
        gradients.add(
            depends && isDifferentiable(i)
                ? copies.get(i).getGradient().toType(DataType.FLOAT64, false).toDoubleArray()
                : new double[(int) copies.get(i).size()]);
      }
      return gradients;
    }
  }

  /** Whether the loss depends on any input; the engine does not say so before. */
  private static boolean backward(GradientCollector collector, NDArray loss) {
    try {
      collector.backward(loss);
      return true;
    } catch (EngineException e) {
      if (e.getMessage().contains("does not require grad")) {
        return false;
      }
      throw e;
    }
  }

  /** Whether the loss depends on an input in a way that has a gradient. */
  boolean hasGradient() {
    boolean any = false;
    for (int i = 0; i < inputs(); i++) {
      any |= isDifferentiable(i);
    }
    return any && hasRealOutput();
  }

  private boolean hasRealOutput() {
    try (NDManager run = manager.newSubManager()) {
      NDArray output = network.forward(copies(run), true).get(0);
      return output.getDataType().isFloating() && !isStep(operator());
    }
  }

  private static boolean isStep(String operator) {
    return operator.equals("OneHot") || operator.equals("ConstantOfShape");
  }

  String operator() {
    List<Node> nodes = network.model().graph().nodes();
    return nodes.get(nodes.size() - 1).operator();
  }

  /** The slope of the loss along one element; empty where it has a kink, or is not finite. */
  OptionalDouble slope(int input, int element) {
    double[] values = inputs.get(input).toDoubleArray();
    double at = values[element];
    double step = 1e-6 * Math.max(1, Math.abs(at));
    double before = loss(input, values, element, at - step);
    double after = loss(input, values, element, at + step);
    double here = loss(input, values, element, at);
    double left = (here - before) / step;
    double right = (after - here) / step;
    boolean smooth = Math.abs(left - right) <= 1e-3 * Math.max(1, Math.abs(left));
    return smooth ? OptionalDouble.of((after - before) / (2 * step)) : OptionalDouble.empty();
  }

  private double loss(int input, double[] values, int element, double value) {
    values[element] = value;
    inputs.get(input).set(values);
    return loss();
  }

  @Override
  public void close() {
    manager.close();
    network.close();
  }
}
