package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import java.util.List;
import java.util.Optional;

/** One run of one node: its inputs and settings. */
final class Call {
  private final Node node;
  private final List<Optional<Operand>> inputs;
  private final RunContext context;

  Call(Node node, List<Optional<Operand>> inputs, RunContext context) {
    this.node = node;
    this.inputs = inputs;
    this.context = context;
  }

  Node node() {
    return node;
  }

  boolean training() {
    return context.training();
  }

  boolean paddedChannels() {
    return context.paddedChannels();
  }

  long opset() {
    return context.opset();
  }

  /** Where new arrays are made; they live until the run ends. */
  NDManager manager() {
    return context.manager();
  }

  /** The floating-point type that the network computes in. */
  DataType real() {
    return context.real();
  }

  int count() {
    return inputs.size();
  }

  boolean has(int index) {
    return index < inputs.size() && inputs.get(index).isPresent();
  }

  Operand operand(int index) {
    if (!has(index)) {
      throw new GraphException("node " + node + " lacks its input " + index);
    }
    return inputs.get(index).get();
  }

  NDArray in(int index) {
    return operand(index).array(manager());
  }

  /** The input as real numbers, whatever its type. */
  NDArray realIn(int index) {
    NDArray array = in(index);
    return array.getDataType().isFloating() ? array : array.toType(real(), true);
  }

  Integers integers(int index) {
    return operand(index).integers();
  }

  /** The values of an input that states axes, sizes or the like. */
  long[] longs(int index) {
    return integers(index).values();
  }

  /** The values of an input that states real numbers. */
  double[] doubles(int index) {
    NDArray array = realIn(index);
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  /** All inputs are integers of the host. */
  boolean onHost() {
    return inputs.stream().allMatch(input -> input.map(Operand::isHost).orElse(true));
  }

  /** No input holds real numbers. */
  boolean isIntegral() {
    return inputs.stream().allMatch(input -> input.map(each -> !each.isReal()).orElse(true));
  }

  /** A number as an array of the network's type, made once. */
  NDArray scalar(double value) {
    return context.scalar(value);
  }

  NDArray zeros(Shape shape) {
    return manager().zeros(shape, real());
  }

  NDArray ones(Shape shape) {
    return manager().ones(shape, real());
  }

  NDArray create(double[] values, Shape shape) {
    NDArray made = manager().create(values, shape);
    return made.toType(real(), false);
  }

  long integer(String attribute, long fallback) {
    return node.integer(attribute, fallback);
  }

  float number(String attribute, float fallback) {
    return node.number(attribute, fallback);
  }

  long[] integersOf(String attribute, long... fallback) {
    return node.integers(attribute, fallback);
  }

  String text(String attribute, String fallback) {
    return node.attribute(attribute).map(each -> each.text()).orElse(fallback);
  }

  /** An axis from 0; negative ones count from the end. */
  int axis(String attribute, long fallback, int rank) {
    return axis(node.integer(attribute, fallback), rank);
  }

  int axis(long stated, int rank) {
    long axis = stated < 0 ? stated + rank : stated;
    if (axis < 0 || axis > rank) {
      throw refuse("axis " + stated + " is outside an array of " + rank + " axes");
    }
    return (int) axis;
  }

  /** The range of a value that is quantized, if training finds it. */
  Optional<ActivationRange> range() {
    return Optional.ofNullable(context.ranges().get(node.input(1)));
  }

  /** The type that a quantized result is limited to. */
  QuantizedType quantizedType() {
    return context.quantizedType(node);
  }

  GraphException refuse(String reason) {
    return new GraphException("node " + node + " cannot run: " + reason);
  }
}
