package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weight and bias of a product while its channels are scaled. */
final class EqualizedLayer {
  private final Node node;
  private final String weightName;
  private final Shape shape;
  private final float[] weight;
  private final String biasName;
  private final float[] bias;
  private final int outputs;

  /** Elements of an input channel side by side, times those of an output channel. */
  private final int columns;

  private final boolean inputsFirst;
  private final int groups;

  EqualizedLayer(Node node, Weight weight, @Nullable Weight bias) {
    this.node = node;
    this.weightName = weight.name();
    this.shape = weight.shape();
    this.weight = weight.floats();
    this.biasName = bias == null ? "" : bias.name();
    this.bias = bias == null ? new float[0] : bias.floats();
    this.outputs = outputs(node, weight);
    this.inputsFirst = inputsFirst(node);
    this.columns = outputs == 0 ? 0 : this.weight.length / outputs;
    this.groups = (int) node.integer("group", 1);
  }

  private static boolean inputsFirst(Node node) {
    return !node.is("Conv") && node.integer("transB", 0) == 0;
  }

  static int outputs(Node node, Weight weight) {
    return (int) weight.shape().dimension(inputsFirst(node) ? 1 : 0);
  }

  int outputs() {
    return outputs;
  }

  /** Whether the input has so many channels, or each of them so many elements that follow. */
  boolean takes(int channels) {
    long inputs = node.is("Conv") ? shape.dimension(1) * groups : columns;
    return channels > 0 && (node.is("Conv") ? inputs == channels : inputs % channels == 0);
  }

  private int at(int output, int column) {
    return inputsFirst ? column * outputs + output : output * columns + column;
  }

  /** The channel of an input that an element of an output's weights is multiplied with. */
  private int channel(int output, int column, int channels) {
    if (!node.is("Conv")) {
      return column / (columns / channels);
    }
    int perGroup = (int) shape.dimension(1);
    int group = output / (outputs / groups);
    return group * perGroup + column / (columns / perGroup);
  }

  /** The largest absolute weight of each output channel. */
  float[] outputRanges() {
    float[] ranges = new float[outputs];
    for (int output = 0; output < outputs; output++) {
      for (int column = 0; column < columns; column++) {
        ranges[output] = Math.max(ranges[output], Math.abs(weight[at(output, column)]));
      }
    }
    return ranges;
  }

  /** The largest absolute weight of each input channel. */
  float[] inputRanges(int channels) {
    float[] ranges = new float[channels];
    for (int output = 0; output < outputs; output++) {
      for (int column = 0; column < columns; column++) {
        int channel = channel(output, column, channels);
        ranges[channel] = Math.max(ranges[channel], Math.abs(weight[at(output, column)]));
      }
    }
    return ranges;
  }

  void divideOutputs(float[] scales) {
    for (int output = 0; output < outputs; output++) {
      for (int column = 0; column < columns; column++) {
        weight[at(output, column)] /= scales[output];
      }
      if (bias.length > 0) {
        bias[output] /= scales[output];
      }
    }
  }

  void multiplyInputs(float[] scales) {
    for (int output = 0; output < outputs; output++) {
      for (int column = 0; column < columns; column++) {
        weight[at(output, column)] *= scales[channel(output, column, scales.length)];
      }
    }
  }

  /** Under new names, since other nodes may use the old ones. */
  void write(Graph graph) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(1, graph.freshName(weightName + "_equalized"));
    graph.put(Weight.ofFloats(inputs.get(1), shape, weight));
    if (bias.length > 0) {
      inputs.set(2, graph.freshName(biasName + "_equalized"));
      graph.put(Weight.ofFloats(inputs.get(2), Shape.of(bias.length), bias));
    }
    node.replaceInputs(inputs);
  }
}
