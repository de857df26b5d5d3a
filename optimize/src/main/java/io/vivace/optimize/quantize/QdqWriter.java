package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.quantize.QdqPlan.Mark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts QuantizeLinear and DequantizeLinear into a graph, with the names that the tool gives. */
final class QdqWriter {
  private final Graph graph;
  private final QdqPlan plan;
  private final StaticScales scales;
  private final StaticOptions options;
  private final List<Node> added = new ArrayList<>();
  private final Map<String, Scale> known = new HashMap<>();
  private final Map<String, String> renamed = new LinkedHashMap<>();

  /** The names of scale and zero point of a value that is quantized, and the scale itself. */
  private static final class Scale {
    private final String name;
    private final String zeroPoint;
    private final float[] values;

    Scale(String name, String zeroPoint, float... values) {
      this.name = name;
      this.zeroPoint = zeroPoint;
      this.values = values;
    }

    String scale() {
      return name;
    }

    String zeroPoint() {
      return zeroPoint;
    }
  }

  QdqWriter(Graph graph, QdqPlan plan, StaticScales scales, StaticOptions options) {
    this.graph = graph;
    this.plan = plan;
    this.scales = scales;
    this.options = options;
  }

  void write() {
    Map<String, Mark> open = new LinkedHashMap<>(plan.marks);
    plan.marks.forEach(
        (name, mark) -> {
          if (mark.provider() == null) {
            known.put(name, graph.weight(name).isPresent() ? weight(name, mark) : activation(name));
            open.remove(name);
          }
        });
    while (!open.isEmpty()) {
      List<String> ready =
          open.keySet().stream().filter(name -> known.containsKey(provider(open, name))).toList();
      if (ready.isEmpty()) {
        throw new GraphException("values %s take scales from each other".formatted(open.keySet()));
      }
      for (String name : ready) {
        Scale scale = Objects.requireNonNull(known.get(provider(open, name)));
        pair(name, scale);
        known.put(name, scale);
        open.remove(name);
      }
    }
    plan.biases.forEach(this::bias);
    graph.nodes().removeAll(plan.removed);
    rename();
    graph.nodes().addAll(added);
    graph.forgetValues();
    graph.sort();
  }

  private static String provider(Map<String, Mark> open, String name) {
    Mark mark = open.get(name);
    String provider = mark == null ? null : mark.provider();
    return provider == null ? name : provider;
  }

  private Scale activation(String name) {
    Affine affine = scales.activation(name);
    Scale scale = new Scale(fresh(name + "_scale"), fresh(name + "_zero_point"), affine.scale());
    OnnxElementType type = options.activationRange().type();
    graph.put(Weight.ofFloats(scale.scale(), Shape.of(), affine.scale()));
    graph.put(bytes(scale.zeroPoint(), type, Shape.of(), affine.zeroPoint()));
    pair(name, scale);
    return scale;
  }

  /** Consumers take the rounded value; a graph's output keeps its name. */
  private void pair(String name, Scale scale) {
    String input = name;
    String output = fresh(name + "_DequantizeLinear_Output");
    if (graph.isOutput(name)) {
      input = fresh(name + "_QuantizeLinear_Input");
      output = name;
      for (Node node : graph.nodes()) {
        int index = node.outputs().indexOf(name);
        if (index >= 0) {
          node.replaceOutput(index, input);
        }
      }
    } else {
      renamed.put(name, output);
    }
    String integers = fresh(name + "_QuantizeLinear_Output");
    List<String> inputs = List.of(input, scale.scale(), scale.zeroPoint());
    added.add(Node.of("QuantizeLinear", name + "_QuantizeLinear", inputs, List.of(integers)));
    inputs = List.of(integers, scale.scale(), scale.zeroPoint());
    added.add(Node.of("DequantizeLinear", name + "_DequantizeLinear", inputs, List.of(output)));
  }

  private Scale weight(String name, Mark mark) {
    Weight tensor = graph.weight(name).orElseThrow();
    StaticScales.Scales fitted = scales.weight(name);
    float[] values = fitted.values();
    Scale scale = new Scale(fresh(name + "_scale"), fresh(name + "_zero_point"), values);
    Shape shape = mark.axis() < 0 ? Shape.of() : Shape.of(values.length);
    graph.put(Weight.ofFloats(scale.scale(), shape, values));
    OnnxElementType type = fitted.range().type();
    graph.put(bytes(scale.zeroPoint(), type, shape, fitted.zeroPoints()));
    float[] zeroPoints = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      zeroPoints[i] = fitted.zeroPoints()[i];
    }
    String integers = fresh(name + "_quantized");
    graph.put(
        Weight.of(
            integers,
            type,
            tensor.shape(),
            new QuantizedContent(
                tensor.elements(), fitted.channels(), values, zeroPoints, fitted.range())));
    String output = fresh(name + "_DequantizeLinear_Output");
    added.add(dequantize(name, List.of(integers, scale.scale(), scale.zeroPoint()), output, mark));
    renamed.put(name, output);
    return scale;
  }

  private static Node dequantize(String name, List<String> inputs, String output, Mark mark) {
    Node node = Node.of("DequantizeLinear", name + "_DequantizeLinear", inputs, List.of(output));
    if (mark.axis() >= 0) {
      node.attribute(Attribute.of("axis", mark.axis()));
    }
    return node;
  }

  /** The bias as 32-bit integers: {@code rint(bias / (input scale * weight scale * beta))}. */
  private void bias(String name, QdqPlan.Bias bias) {
    Scale input = known.get(bias.input());
    Scale weight = known.get(bias.weight());
    if (input == null || weight == null) {
      return;
    }
    Weight tensor = graph.weight(name).orElseThrow();
    float[] floats = tensor.floats();
    float[] step = new float[weight.values.length];
    for (int i = 0; i < step.length; i++) {
      step[i] = input.values[0] * weight.values[i] * bias.beta();
    }
    ByteBuffer integers =
        ByteBuffer.allocate(floats.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < floats.length; i++) {
      double quotient = Math.rint(floats[i] / (double) step[step.length == 1 ? 0 : i]);
      integers.putInt((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, quotient)));
    }
    String values = fresh(name + "_quantized");
    String scale = fresh(name + "_quantized_scale");
    String zero = fresh(name + "_quantized_zero_point");
    Shape shape = step.length == 1 ? Shape.of() : Shape.of(step.length);
    graph.put(
        Weight.of(values, OnnxElementType.INT32, tensor.shape(), OnnxContent.of(integers.array())));
    graph.put(Weight.ofFloats(scale, Shape.of(step.length), step));
    graph.put(
        Weight.of(zero, OnnxElementType.INT32, shape, OnnxContent.of(new byte[step.length * 4])));
    graph.removeWeight(name);
    Mark mark = new Mark(true, step.length == 1 ? -1 : 0, null);
    added.add(dequantize(name, List.of(values, scale, zero), name, mark));
  }

  /** What nodes take is the rounded value now; new nodes come later and keep the original. */
  private void rename() {
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        String now = renamed.get(node.input(i));
        if (now != null) {
          node.replaceInput(i, now);
        }
      }
    }
  }

  private static Weight bytes(String name, OnnxElementType type, Shape shape, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Weight.of(name, type, shape, OnnxContent.of(bytes));
  }

  private String fresh(String wish) {
    return graph.freshName(wish);
  }
}
