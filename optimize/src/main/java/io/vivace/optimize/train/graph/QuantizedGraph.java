package io.vivace.optimize.train.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph with quantized activations: what goes into a layer passes QuantizeLinear and
 * DequantizeLinear, whose scales are found while training. Layers that only move values or take the
 * largest are passed with the same scale, so that engines can run them on whole numbers.
 */
final class QuantizedGraph {
  private static final Set<String> QUANTIZED = Set.of("Conv", "Gemm", "MatMul");
  private static final Set<String> PASSED =
      Set.of(
          "MaxPool",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Identity",
          "Dropout");

  private final Graph graph;
  private final QuantizationAware aware;
  private final List<LayerWeight> layers = new ArrayList<>();
  private final Map<String, Node> makers = new HashMap<>();
  private final Map<String, String> quantized = new HashMap<>();
  private final Map<String, String> scales = new HashMap<>();
  private final Map<String, String> zeroPoints = new LinkedHashMap<>();
  private final Map<String, List<String>> limits = new HashMap<>();

  private QuantizedGraph(Graph graph, QuantizationAware aware) {
    this.graph = graph;
    this.aware = aware;
    graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
  }

  /** Puts the nodes into the graph; the same graph gets the same names each time. */
  static QuantizedGraph prepare(ModelGraph model, QuantizationAware aware, Set<String> excluded) {
    OpsetConversion.atLeast(aware.opset()).apply(model, PassContext.defaults());
    QuantizedGraph result = new QuantizedGraph(model.graph(), aware);
    for (LayerWeight layer : LayerWeight.of(model.graph())) {
      boolean all = layer.nodes().stream().allMatch(result::canBeQuantized);
      if (all && !excluded.contains(layer.name())) {
        result.layers.add(layer);
        layer.nodes().forEach(node -> result.quantizeInput(node, layer.name()));
      }
    }
    return result;
  }

  private boolean canBeQuantized(Node node) {
    return node.domain().isEmpty()
        && QUANTIZED.contains(node.operator())
        && graph.nodes().contains(node);
  }

  private void quantizeInput(Node node, String weight) {
    int data = node.input(0).equals(weight) ? 1 : 0;
    String input = node.input(data);
    if (graph.constant(input).isEmpty()) {
      node.replaceInput(data, quantized(input));
    }
  }

  /** The value behind the two nodes. */
  private String quantized(String value) {
    String known = quantized.get(value);
    if (known != null) {
      return known;
    }
    Node maker = makers.get(value);
    if (maker != null && passes(maker)) {
      String before = maker.input(0);
      maker.replaceInput(0, quantized(before));
      String scale = scales.getOrDefault(before, "");
      scales.put(value, scale);
      return insert(value, value, scale);
    }
    String scale = newScale(value);
    scales.put(value, scale);
    return insert(value, limited(value, scale), scale);
  }

  private boolean passes(Node maker) {
    return maker.domain().isEmpty()
        && PASSED.contains(maker.operator())
        && graph.constant(maker.input(0)).isEmpty();
  }

  private String newScale(String value) {
    String scale = graph.freshName(value + "_scale");
    zeroPoints.put(scale, graph.freshName(value + "_zero_point"));
    graph.put(Weight.ofFloats(scale, Shape.of(), 1));
    zeroPoint(scale, 0);
    return scale;
  }

  private void zeroPoint(String scale, long value) {
    String name = zeroPoints.getOrDefault(scale, "");
    OnnxContent content = OnnxContent.of(new byte[] {(byte) value});
    graph.put(Weight.of(name, OnnxElementType.UINT8, Shape.of(), content));
  }

  /**
   * Engines have few operators for activations of less than 8 bits, so these stay bytes of which
   * few values are used: those outside are cut off before. While training the range does that.
   */
  private String limited(String value, String scale) {
    if (aware.activationBits() == 8) {
      return value;
    }
    String low = graph.freshName(value + "_low");
    String high = graph.freshName(value + "_high");
    limits.put(scale, List.of(low, high));
    graph.put(Weight.ofFloats(low, Shape.of(), -Float.MAX_VALUE));
    graph.put(Weight.ofFloats(high, Shape.of(), Float.MAX_VALUE));
    String result = graph.freshName(value + "_limited");
    String name = graph.freshName(value + "_Clip");
    add(value, Node.of("Clip", name, List.of(value, low, high), List.of(result)));
    return result;
  }

  /** Puts a node behind the one that makes a value. */
  private void add(String value, Node node) {
    Node maker = makers.get(value);
    int at = maker == null ? 0 : graph.nodes().indexOf(maker) + 1;
    graph.nodes().add(at, node);
    makers.put(node.output(), node);
  }

  /** Writes a range that was found into the graph. */
  void state(String scale, ActivationRange range) {
    float step = range.scale();
    long zero = range.zeroPoint();
    graph.put(Weight.ofFloats(scale, Shape.of(), step));
    zeroPoint(scale, zero);
    List<String> names = limits.getOrDefault(scale, List.of());
    if (!names.isEmpty()) {
      float low = (range.type().lowest() - zero) * step;
      float high = (range.type().highest() - zero) * step;
      graph.put(Weight.ofFloats(names.get(0), Shape.of(), low));
      graph.put(Weight.ofFloats(names.get(1), Shape.of(), high));
    }
  }

  private String insert(String value, String from, String scale) {
    String zeroPoint = zeroPoints.getOrDefault(scale, "");
    String whole = graph.freshName(value + "_quantized");
    String back = graph.freshName(value + "_dequantized");
    String name = graph.freshName(value + "_QuantizeLinear");
    add(from, Node.of("QuantizeLinear", name, List.of(from, scale, zeroPoint), List.of(whole)));
    name = graph.freshName(value + "_DequantizeLinear");
    add(whole, Node.of("DequantizeLinear", name, List.of(whole, scale, zeroPoint), List.of(back)));
    quantized.put(value, back);
    return back;
  }

  /** Lets a network find the ranges and compute with quantized weights. */
  void install(GraphNetwork network) {
    zeroPoints
        .keySet()
        .forEach(scale -> network.range(scale, new ActivationRange(network, scale, aware)));
    for (LayerWeight layer : layers) {
      GraphParameter weight = network.parameter(layer.name());
      FakeQuantizedWeight form = form(layer);
      weight.add(form);
      for (Node user : layer.nodes()) {
        if (hasBias(user, layer)) {
          ActivationRange input = network.range(inputScale(user, layer.name()).orElseThrow());
          network.parameter(user.input(2)).add(new FakeQuantizedBias(weight, form, input));
        }
      }
    }
  }

  /** Whether a node adds a bias per channel, of its own, to products of whole numbers. */
  boolean hasBias(Node user, LayerWeight layer) {
    String name = user.input(2);
    if (name.isEmpty() || inputScale(user, layer.name()).isEmpty()) {
      return false;
    }
    long channels = layer.weight().shape().dimension(layer.channelAxis());
    boolean fits =
        graph
            .constant(name)
            .filter(bias -> bias.type() == OnnxElementType.FLOAT)
            .filter(bias -> bias.shape().rank() == 1 && bias.shape().dimension(0) == channels)
            .isPresent();
    long users = graph.nodes().stream().filter(node -> node.inputs().contains(name)).count();
    boolean plain = user.number("alpha", 1) == 1 && user.number("beta", 1) == 1;
    return fits && users == 1 && plain && !graph.isOutput(name);
  }

  private FakeQuantizedWeight form(LayerWeight layer) {
    return new FakeQuantizedWeight(layer.channelAxis(), aware.weightBits());
  }

  Set<String> scales() {
    return zeroPoints.keySet();
  }

  List<LayerWeight> layers() {
    return layers;
  }

  QuantizationAware aware() {
    return aware;
  }

  Graph graph() {
    return graph;
  }

  /** The scale of what goes into a node, if that is quantized. */
  Optional<String> inputScale(Node node, String weight) {
    String input = node.input(node.input(0).equals(weight) ? 1 : 0);
    return graph.nodes().stream()
        .filter(each -> each.is("DequantizeLinear") && each.output().equals(input))
        .map(each -> each.input(1))
        .findFirst();
  }
}
