package io.vivace.optimize.prune;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What channels hold that no input changes: those of a layer whose weights for them are zero hold
 * its bias, and after an activation that of the bias. NaN stands for what is not known.
 */
final class ChannelConstants {
  private final Graph graph;
  private final ChannelClasses classes;
  private final Map<Axis, double[]> known = new HashMap<>();

  ChannelConstants(Graph graph, ChannelClasses classes) {
    this.graph = graph;
    this.classes = classes;
    graph.nodes().forEach(this::compute);
  }

  /** One number per position of an axis; empty if nothing is known of it. */
  double[] along(String tensor, int index) {
    Axis axis = axis(tensor, index);
    double[] found = axis == null ? null : known.get(axis);
    return found == null ? new double[0] : found.clone();
  }

  private @Nullable Axis axis(String tensor, int index) {
    Axis[] axes = classes.axes(tensor);
    return index >= 0 && index < axes.length ? axes[index] : null;
  }

  private void compute(Node node) {
    if (!node.domain().isEmpty() || node.outputs().isEmpty()) {
      return;
    }
    switch (node.operator()) {
      case "Conv", "Gemm", "MatMul" -> layer(node);
      case "BatchNormalization" -> batchNormalization(node);
      case "Add", "Sub", "Mul", "Div" -> binary(node);
      case "MaxPool", "GlobalMaxPool", "GlobalAveragePool" -> moved(node, x -> x);
      case "AveragePool" ->
          moved(node, x -> ZeroedChannels.isUnpadded(node) || x == 0 ? x : Double.NaN);
      case "Flatten",
          "Reshape",
          "Transpose",
          "Squeeze",
          "Unsqueeze",
          "Identity",
          "Dropout",
          "Split",
          "Concat" ->
          moved(node, x -> x);
      default -> activation(node).ifPresent(function -> moved(node, function));
    }
  }

  private Optional<DoubleUnaryOperator> activation(Node node) {
    return Optional.ofNullable(
        switch (node.operator()) {
          case "Relu" -> x -> Math.max(0, x);
          case "LeakyRelu" -> x -> x < 0 ? x * node.number("alpha", 0.01f) : x;
          case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
          case "Tanh" -> Math::tanh;
          case "Abs" -> Math::abs;
          case "Neg" -> x -> -x;
          case "Exp" -> Math::exp;
          case "Softplus" -> x -> Math.log1p(Math.exp(x));
          case "Elu" -> x -> x < 0 ? node.number("alpha", 1) * Math.expm1(x) : x;
          case "HardSigmoid" ->
              x -> hardSigmoid(x, node.number("alpha", 0.2f), node.number("beta", 0.5f));
          case "HardSwish" -> x -> x * hardSigmoid(x, 1 / 6.0, 0.5);
          case "Clip" -> clip(node);
          default -> null;
        });
  }

  private static double hardSigmoid(double x, double alpha, double beta) {
    return Math.max(0, Math.min(1, alpha * x + beta));
  }

  private @Nullable DoubleUnaryOperator clip(Node node) {
    if (node.attribute("min").isPresent() || node.attribute("max").isPresent()) {
      double low = node.number("min", -Float.MAX_VALUE);
      double high = node.number("max", Float.MAX_VALUE);
      return x -> Math.max(low, Math.min(high, x));
    }
    float[] low = bound(node.input(1), Float.NEGATIVE_INFINITY);
    float[] high = bound(node.input(2), Float.POSITIVE_INFINITY);
    return low.length != 1 || high.length != 1 ? null : x -> Math.max(low[0], Math.min(high[0], x));
  }

  private float[] bound(String name, float fallback) {
    return name.isEmpty() ? new float[] {fallback} : floats(name).orElse(new float[0]);
  }

  private Optional<float[]> floats(String name) {
    return graph
        .weight(name)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .map(Weight::floats);
  }

  /** Outputs of a layer without weights that are not zero. */
  private void layer(Node node) {
    Axis output = axis(node.output(), node.is("MatMul") ? classes.rank(node.output()) - 1 : 1);
    Weight weight = graph.weight(node.input(1)).orElse(null);
    if (output == null || weight == null || weight.type() != OnnxElementType.FLOAT) {
      return;
    }
    boolean last = node.is("MatMul") || (node.is("Gemm") && node.integer("transB", 0) == 0);
    int axis = last ? weight.shape().rank() - 1 : 0;
    if (weight.shape().rank() < 2 || weight.shape().dimension(axis) != output.size()) {
      return;
    }
    double[] values = bias(node, output.size());
    float[] weights = weight.floats();
    int inner = last ? 1 : weights.length / output.size();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] != 0) {
        values[i / inner % values.length] = Double.NaN;
      }
    }
    if (node.integer("group", 1) > 1) {
      depthwise(node, weights, values);
    }
    known.put(output, values);
  }

  private double[] bias(Node node, int size) {
    double[] bias = new double[size];
    String name = node.is("MatMul") ? "" : node.input(2);
    float[] values = name.isEmpty() ? new float[size] : floats(name).orElse(new float[0]);
    double factor = node.is("Gemm") ? node.number("beta", 1) : 1;
    for (int i = 0; i < size; i++) {
      bias[i] =
          values.length == size
              ? values[i] * factor
              : values.length == 1 ? values[0] * factor : Double.NaN;
    }
    return bias;
  }

  /** A filter of a constant image is constant, but for padded borders. */
  private void depthwise(Node node, float[] weights, double[] values) {
    double[] inputs = along(node.input(0), 1);
    if (inputs.length != node.integer("group", 1)) {
      return;
    }
    double[] bias = bias(node, values.length);
    int perOutput = weights.length / values.length;
    int perInput = values.length / inputs.length;
    for (int i = 0; i < values.length; i++) {
      double input = inputs[i / perInput];
      double sum = 0;
      for (int j = 0; j < perOutput; j++) {
        sum += weights[i * perOutput + j];
      }
      if (input == 0 || (!Double.isNaN(input) && ZeroedChannels.isUnpadded(node))) {
        values[i] = bias[i] + sum * input;
      }
    }
  }

  private void batchNormalization(Node node) {
    Axis output = axis(node.output(), 1);
    double[] values = along(node.input(0), 1);
    if (output == null || values.length != output.size()) {
      return;
    }
    float[][] settings = new float[4][];
    for (int i = 0; i < 4; i++) {
      settings[i] = floats(node.input(i + 1)).orElse(new float[0]);
      if (settings[i].length != values.length) {
        return;
      }
    }
    double epsilon = node.number("epsilon", 1e-5f);
    for (int i = 0; i < values.length; i++) {
      double factor = settings[0][i] / Math.sqrt(settings[3][i] + epsilon);
      values[i] = (values[i] - settings[2][i]) * factor + settings[1][i];
    }
    known.put(output, values);
  }

  private void binary(Node node) {
    int rank = classes.rank(node.output());
    for (int i = 0; i < rank; i++) {
      Axis output = axis(node.output(), i);
      if (output != null && output.size() > 1) {
        double[] left = operand(node.input(0), rank - i, output.size());
        double[] right = operand(node.input(1), rank - i, output.size());
        double[] values = new double[output.size()];
        boolean any = false;
        for (int j = 0; j < values.length; j++) {
          values[j] = combine(node.operator(), left[j], right[j]);
          any |= !Double.isNaN(values[j]);
        }
        if (any) {
          known.put(output, values);
        }
      }
    }
  }

  private static double combine(String operator, double a, double b) {
    return switch (operator) {
      case "Add" -> a + b;
      case "Sub" -> a - b;
      case "Mul" -> a == 0 || b == 0 ? 0 : a * b;
      default -> a / b;
    };
  }

  /** What an operand gives along the axis so far from the end, the same wherever else one looks. */
  private double[] operand(String name, int fromEnd, int size) {
    double[] result = new double[size];
    Arrays.fill(result, Double.NaN);
    Optional<float[]> constant = floats(name);
    int axis = classes.rank(name) - fromEnd;
    if (constant.isPresent()) {
      float[] values = constant.get();
      boolean along = axis >= 0 && values.length == size && classes.size(name, axis) == size;
      for (int i = 0; i < size && (along || values.length == 1); i++) {
        result[i] = values[along ? i : 0];
      }
      return result;
    }
    double[] found = along(name, axis);
    return found.length == size ? found : result;
  }

  /** Positions of the output hold what those of their class in the inputs do, if that is one. */
  private void moved(Node node, DoubleUnaryOperator function) {
    Map<Integer, Double> byRoot = new HashMap<>();
    for (String input : node.inputs().isEmpty() ? List.<String>of() : dataInputs(node)) {
      for (Axis axis : classes.axes(input)) {
        double[] values = axis == null ? null : known.get(axis);
        for (int i = 0; values != null && i < values.length; i++) {
          int root = classes.find(axis.first() + i);
          double value = values[i];
          byRoot.merge(root, value, (a, b) -> a.equals(b) ? a : Double.valueOf(Double.NaN));
        }
      }
    }
    for (String output : byRoot.isEmpty() ? List.<String>of() : node.outputs()) {
      for (Axis axis : output.isEmpty() ? new Axis[0] : classes.axes(output)) {
        if (axis != null) {
          known.put(axis, moved(axis, byRoot, function));
        }
      }
    }
  }

  private static List<String> dataInputs(Node node) {
    return node.is("Concat") ? node.inputs() : List.of(node.input(0));
  }

  private double[] moved(Axis axis, Map<Integer, Double> byRoot, DoubleUnaryOperator function) {
    double[] values = new double[axis.size()];
    for (int i = 0; i < values.length; i++) {
      Double value = byRoot.get(classes.find(axis.first() + i));
      values[i] = value == null ? Double.NaN : function.applyAsDouble(value);
    }
    return values;
  }
}
