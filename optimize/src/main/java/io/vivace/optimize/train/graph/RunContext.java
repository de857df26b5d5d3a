package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import java.util.HashMap;
import java.util.Map;

/** What all nodes of a run share. */
final class RunContext {
  private final NDManager manager;
  private final DataType real;
  private final long opset;
  private final boolean paddedChannels;
  private final Graph graph;
  private final Map<Double, NDArray> scalars = new HashMap<>();
  private final Map<String, ActivationRange> ranges = new HashMap<>();
  private boolean training;

  RunContext(NDManager manager, DataType real, ModelGraph model, boolean paddedChannels) {
    this.manager = manager;
    this.real = real;
    this.opset = model.opset();
    this.graph = model.graph();
    this.paddedChannels = paddedChannels;
  }

  NDManager manager() {
    return manager;
  }

  DataType real() {
    return real;
  }

  long opset() {
    return opset;
  }

  boolean paddedChannels() {
    return paddedChannels;
  }

  boolean training() {
    return training;
  }

  void training(boolean now) {
    training = now;
  }

  /** The ranges that are found while training, by the names of the scales. */
  Map<String, ActivationRange> ranges() {
    return ranges;
  }

  QuantizedType quantizedType(Node node) {
    return QuantizedType.of(graph, node);
  }

  NDArray scalar(double value) {
    return scalars.computeIfAbsent(value, this::make);
  }

  private NDArray make(double value) {
    NDArray made = manager.create(value);
    NDArray typed = made.toType(real, false);
    // It outlives the run.
    NDScope.unregister(made, typed);
    return typed;
  }
}
