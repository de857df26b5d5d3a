package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the channels between two layers equally large, so that one scale for all of them rounds
 * none away. The outputs of the model stay the same but for what floats round:
 *
 * <pre>{@code
 * f(W1 x + b1) = S f(S^-1 (W1 x + b1)) for any f with f(s x) = s f(x), so that
 * W1' = S^-1 W1, b1' = S^-1 b1, W2' = W2 S, with s[i] = sqrt(max|W1[i]| / max|W2[:, i]|)
 * }</pre>
 *
 * <p>Source: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias
 * Correction", ICCV 2019, section 4.1. Pairs are repeated until their scales settle, since a
 * depthwise convolution is the second of one pair and the first of the next.
 *
 * <p>Paired are convolutions (depthwise ones, too) and Gemm with constant weights, with a following
 * convolution, Gemm or MatMul that alone uses the result, through {@code Relu}, {@code LeakyRelu},
 * pooling and {@code Flatten}. A {@code Clip} with an upper bound, as in ReLU6, is no such function
 * and ends a pair. Normalizations have to be folded before, see {@link
 * io.vivace.optimize.graph.BatchNormFolding}.
 */
public final class CrossLayerEqualization implements GraphPass {
  private static final int MOST_ROUNDS = 20;

  /** Scales so close to 1 change nothing. */
  private static final double SETTLED = 0.01;

  private static final Set<String> CARRIERS =
      Set.of(
          "Relu",
          "LeakyRelu",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Identity");

  /** Makes the pass. */
  public CrossLayerEqualization() {}

  private record Pair(EqualizedLayer first, EqualizedLayer second) {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    new ConstantLifting().apply(model, context);
    Graph graph = model.graph();
    Map<Node, EqualizedLayer> layers = new LinkedHashMap<>();
    List<Pair> pairs = pairs(graph, layers);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      context.stopSignal().throwIfRequested();
      double change = 0;
      for (Pair pair : pairs) {
        change = Math.max(change, equalize(pair));
      }
      if (change < SETTLED) {
        break;
      }
    }
    if (!pairs.isEmpty()) {
      layers.values().forEach(layer -> layer.write(graph));
      new DeadCode().apply(model, context);
    }
  }

  /** Returns how far the scales are from 1. */
  private static double equalize(Pair pair) {
    float[] outputs = pair.first().outputRanges();
    float[] inputs = pair.second().inputRanges(outputs.length);
    float[] scales = new float[outputs.length];
    double change = 0;
    for (int i = 0; i < scales.length; i++) {
      double scale = Math.sqrt((double) outputs[i] / inputs[i]);
      // A channel of zeros, or one that nothing uses, has no range to share.
      scales[i] = scale > 0 && Double.isFinite(scale) ? (float) scale : 1;
      change = Math.max(change, Math.abs(scales[i] - 1));
    }
    pair.first().divideOutputs(scales);
    pair.second().multiplyInputs(scales);
    return change;
  }

  private static List<Pair> pairs(Graph graph, Map<Node, EqualizedLayer> layers) {
    Uses uses = Uses.of(graph);
    List<Pair> pairs = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node other = isFirst(graph, node) ? next(graph, uses, node) : null;
      if (other != null) {
        EqualizedLayer first = layers.computeIfAbsent(node, key -> layer(graph, key));
        EqualizedLayer second = layers.computeIfAbsent(other, key -> layer(graph, key));
        if (second.takes(first.outputs())) {
          pairs.add(new Pair(first, second));
        }
      }
    }
    return pairs;
  }

  private static EqualizedLayer layer(Graph graph, Node node) {
    return new EqualizedLayer(
        node, weight(graph, node).orElseThrow(), graph.weight(node.input(2)).orElse(null));
  }

  /** The product that alone uses what a node makes, whatever keeps proportions in between. */
  private static @Nullable Node next(Graph graph, Uses uses, Node node) {
    String value = node.output();
    boolean image = node.is("Conv");
    while (!graph.isOutput(value) && uses.consumers(value).size() == 1) {
      Node user = uses.consumers(value).get(0);
      if (isSecond(graph, user, value)) {
        // Channels of images come second, those of rows last.
        return user.is("Conv") == image ? user : null;
      }
      if (user.is("Flatten") && user.integer("axis", 1) == 1) {
        image = false;
      } else if (!user.domain().isEmpty() || !CARRIERS.contains(user.operator())) {
        return null;
      }
      value = user.output();
    }
    return null;
  }

  private static boolean isFirst(Graph graph, Node node) {
    if (weight(graph, node).isEmpty() || node.is("MatMul")) {
      return false;
    }
    return node.input(2).isEmpty()
        || graph
            .weight(node.input(2))
            .filter(bias -> bias.type() == OnnxElementType.FLOAT && bias.shape().rank() == 1)
            .filter(
                bias ->
                    bias.shape().dimension(0)
                        == EqualizedLayer.outputs(node, weight(graph, node).orElseThrow()))
            .isPresent();
  }

  private static boolean isSecond(Graph graph, Node node, String value) {
    return weight(graph, node).isPresent()
        && node.input(0).equals(value)
        && !node.input(1).equals(value)
        && !node.input(2).equals(value)
        && node.integer("transA", 0) == 0;
  }

  private static Optional<Weight> weight(Graph graph, Node node) {
    if (!node.is("Conv") && !node.is("Gemm") && !node.is("MatMul")) {
      return Optional.empty();
    }
    return graph
        .weight(node.input(1))
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .filter(weight -> node.is("Conv") ? weight.shape().rank() > 2 : weight.shape().rank() == 2);
  }

  @Override
  public String toString() {
    return "CrossLayerEqualization";
  }
}
