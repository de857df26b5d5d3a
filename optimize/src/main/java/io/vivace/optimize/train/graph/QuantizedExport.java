package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Writes a network that was trained with quantization as a file of whole numbers. Its graph is made
 * anew from the source, so that the network can be trained on.
 */
final class QuantizedExport {
  private final GraphNetwork network;
  private final ModelGraph model;
  private final QuantizedGraph quantized;

  private QuantizedExport(GraphNetwork network, ModelGraph model, QuantizedGraph quantized) {
    this.network = network;
    this.model = model;
    this.quantized = quantized;
  }

  static void save(
      GraphNetwork network,
      ModelSource source,
      QuantizationAware aware,
      Set<String> excluded,
      Path target) {
    try (ModelGraph model = ModelGraph.open(source);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      QuantizedGraph quantized = QuantizedGraph.prepare(model, aware, excluded);
      new QuantizedExport(network, model, quantized).write();
      model.save(target);
    }
  }

  private void write() {
    for (String scale : quantized.scales()) {
      ActivationRange range = network.range(scale);
      if (!range.isKnown()) {
        throw new GraphException(
            "model %s was not trained yet: the range of %s is not known"
                .formatted(model.name(), scale));
      }
      quantized.state(scale, range);
    }
    network.writeInto(model.graph());
    quantized.layers().forEach(this::write);
  }

  private void write(LayerWeight layer) {
    GraphParameter parameter = network.parameter(layer.name());
    NDArray weight = parameter.weightBefore(FakeQuantizedWeight.class);
    int bits = quantized.aware().weightBits();
    FakeQuantizedWeight form = new FakeQuantizedWeight(layer.channelAxis(), bits);
    float[] scales = form.scales(weight);
    Graph graph = model.graph();
    String codes = graph.freshName(layer.name() + "_quantized");
    String scale = graph.freshName(layer.name() + "_scale");
    String zeroPoint = graph.freshName(layer.name() + "_zero_point");
    String back = graph.freshName(layer.name() + "_dequantized");
    OnnxElementType type = bits == 4 ? OnnxElementType.INT4 : OnnxElementType.INT8;
    Shape channels = Shape.of(scales.length);
    graph.put(packed(codes, type, layer.weight().shape(), form.codes(weight)));
    graph.put(Weight.ofFloats(scale, channels, scales));
    graph.put(packed(zeroPoint, type, channels, new long[scales.length]));
    Node node =
        Node.of(
            "DequantizeLinear",
            graph.freshName(layer.name() + "_DequantizeLinear"),
            List.of(codes, scale, zeroPoint),
            List.of(back),
            Attribute.of("axis", layer.channelAxis()));
    graph.nodes().add(0, node);
    for (Node user : layer.nodes()) {
      if (quantized.hasBias(user, layer)) {
        bias(graph, user, layer, scales);
      }
      List<String> inputs =
          user.inputs().stream().map(name -> name.equals(layer.name()) ? back : name).toList();
      user.replaceInputs(inputs);
    }
    remove(graph, layer.name());
  }

  private static void remove(Graph graph, String name) {
    graph.nodes().removeIf(node -> node.is("Constant") && node.outputs().contains(name));
    graph.removeWeight(name);
  }

  /** Engines run a layer on whole numbers only if its bias is one, too. */
  private void bias(Graph graph, Node user, LayerWeight layer, float[] scales) {
    Weight bias = graph.constant(user.input(2)).orElseThrow();
    String input = quantized.inputScale(user, layer.name()).orElseThrow();
    float activation = network.range(input).scale();
    float[] values = bias.floats();
    float[] both = new float[scales.length];
    byte[] bytes = new byte[Integer.BYTES * both.length];
    ByteBuffer codes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < both.length; i++) {
      both[i] = activation * scales[i];
      codes.putInt((int) Math.rint(values[i] / both[i]));
    }
    String name = bias.name();
    Shape shape = Shape.of(both.length);
    String whole = graph.freshName(name + "_quantized");
    String scale = graph.freshName(name + "_scale");
    String back = graph.freshName(name + "_dequantized");
    graph.put(Weight.of(whole, OnnxElementType.INT32, shape, OnnxContent.of(bytes)));
    graph.put(Weight.ofFloats(scale, shape, both));
    Node node =
        Node.of(
            "DequantizeLinear",
            graph.freshName(name + "_DequantizeLinear"),
            List.of(whole, scale),
            List.of(back),
            Attribute.of("axis", 0));
    graph.nodes().add(0, node);
    user.replaceInput(2, back);
    remove(graph, name);
  }

  /** Types of four bits lie two in a byte, the first in the low half. */
  private static Weight packed(String name, OnnxElementType type, Shape shape, long[] codes) {
    byte[] bytes = new byte[(int) type.bytes(codes.length)];
    for (int i = 0; i < codes.length; i++) {
      if (type == OnnxElementType.INT4) {
        bytes[i / 2] |= (byte) ((codes[i] & 0xf) << (i % 2 * 4));
      } else {
        bytes[i] = (byte) codes[i];
      }
    }
    return Weight.of(name, type, shape, OnnxContent.of(bytes));
  }
}
