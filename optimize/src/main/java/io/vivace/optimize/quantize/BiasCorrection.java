package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationReader;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes back by how much rounding shifts the mean of each output channel:
 *
 * <pre>{@code
 * b'[c] = b[c] + mean(y[c]) - mean(quantized y[c])
 * }</pre>
 *
 * <p>Layer after layer, so that a layer sees what those before it really give. Source: Nagel et
 * al., "Data-Free Quantization Through Weight Equalization and Bias Correction", ICCV 2019,
 * appendix D (empirical correction).
 */
final class BiasCorrection {
  /** Means are stable long before; each layer runs the model on all of them. */
  private static final int MOST_SAMPLES = 32;

  private final List<Map<String, Tensor>> samples = new ArrayList<>();

  /** The layers with the true means of their outputs. */
  private final Map<Node, double[]> wanted = new LinkedHashMap<>();

  private BiasCorrection(Iterable<Map<String, Tensor>> all) {
    Iterator<Map<String, Tensor>> each = all.iterator();
    while (each.hasNext() && samples.size() < MOST_SAMPLES) {
      samples.add(each.next());
    }
  }

  /** Measures the float model, and gives a bias of zeros to layers that have none. */
  static BiasCorrection before(
      ModelGraph model,
      StaticOperators operators,
      Iterable<Map<String, Tensor>> samples,
      PassContext context) {
    BiasCorrection correction = new BiasCorrection(samples);
    Graph graph = model.graph();
    Map<Node, String> outputs = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if ((node.is("Conv") || node.is("Gemm")) && operators.mayInclude(node)) {
        outputs.put(node, node.output());
        if (node.input(2).isEmpty()) {
          addBias(graph, node);
        }
      }
    }
    Map<String, double[]> means = correction.means(model, outputs.values(), context);
    outputs.forEach(
        (node, output) -> {
          double[] mean = means.get(output);
          if (mean != null) {
            correction.wanted.put(node, mean);
          }
        });
    return correction;
  }

  private static void addBias(Graph graph, Node node) {
    Weight weight = graph.weight(node.input(1)).orElseThrow();
    boolean first = node.is("Conv") || node.integer("transB", 0) != 0;
    int channels = (int) weight.shape().dimension(first ? 0 : 1);
    String bias = graph.freshName(weight.name() + "_bias");
    graph.put(Weight.ofFloats(bias, Shape.of(channels), new float[channels]));
    node.replaceInputs(List.of(node.input(0), node.input(1), bias));
  }

  /** Corrects the model with quantized layers. */
  void apply(ModelGraph model, PassContext context) {
    Graph graph = model.graph();
    for (Map.Entry<Node, double[]> layer : wanted.entrySet()) {
      Node node = layer.getKey();
      Node bias = Uses.of(graph).producer(node.input(2)).orElse(null);
      if (bias != null && bias.is("DequantizeLinear")) {
        double[] found = means(model, List.of(node.output()), context).get(node.output());
        if (found != null && found.length == layer.getValue().length) {
          shift(graph, bias, layer.getValue(), found);
        }
      }
    }
  }

  private static void shift(Graph graph, Node bias, double[] wanted, double[] found) {
    Weight stored = graph.weight(bias.input(0)).orElseThrow();
    float[] scales = graph.weight(bias.input(1)).orElseThrow().floats();
    long[] integers = stored.longs();
    if (integers.length != wanted.length) {
      return;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(integers.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < integers.length; i++) {
      double steps = (wanted[i] - found[i]) / scales[scales.length == 1 ? 0 : i];
      double moved = integers[i] + (Double.isFinite(steps) ? Math.rint(steps) : 0);
      bytes.putInt((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, moved)));
    }
    graph.put(
        Weight.of(
            stored.name(), OnnxElementType.INT32, stored.shape(), OnnxContent.of(bytes.array())));
  }

  /** The mean of each channel, the second axis, of some values. */
  private Map<String, double[]> means(
      ModelGraph model, Collection<String> values, PassContext context) {
    Map<String, double[]> sums = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    if (values.isEmpty()) {
      return sums;
    }
    try (ActivationReader reader = ActivationReader.open(model, values, context)) {
      reader.read(
          samples,
          activations ->
              activations.forEach(
                  (name, tensor) -> {
                    int channels = (int) tensor.shape().dimension(1);
                    double[] sum = sums.computeIfAbsent(name, key -> new double[channels]);
                    if (add(tensor, sum)) {
                      counts.merge(name, (long) tensor.size() / channels, Long::sum);
                    }
                  }));
    }
    sums.keySet().retainAll(counts.keySet());
    sums.forEach(
        (name, sum) -> {
          for (int i = 0; i < sum.length; i++) {
            sum[i] /= counts.getOrDefault(name, 1L);
          }
        });
    return sums;
  }

  private static boolean add(Tensor tensor, double[] sums) {
    if (tensor.size() == 0) {
      return false;
    }
    long inner = 1;
    for (int axis = 2; axis < tensor.shape().rank(); axis++) {
      inner *= tensor.shape().dimension(axis);
    }
    FloatBuffer values = tensor.data().asFloatBuffer();
    for (int i = 0; i < tensor.size(); i++) {
      sums[(int) (i / inner % sums.length)] += values.get(i);
    }
    return true;
  }
}
