package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Value;
import io.vivace.optimize.graph.ValueType;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the nodes of a graph compute in half precision, with casts between them and those that stay
 * floats. A value keeps its name where it is a float; the half one has a name of its own. Inputs
 * and outputs that become half themselves have it the other way round.
 */
final class HalfRewriter {
  /** Those that have no half precision everywhere, lose too much by it, or gain nothing. */
  private static final Set<String> FLOAT =
      Set.of(
          "Constant",
          "CumSum",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "EyeLike",
          "Bernoulli",
          "Max",
          "Min",
          "Multinomial",
          "NonMaxSuppression",
          "QuantizeLinear",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Range",
          "RoiAlign",
          "SequenceEmpty",
          "StringNormalizer",
          "TfIdfVectorizer",
          "TopK",
          "Upsample");

  private final ModelGraph model;
  private final Graph graph;
  private final Float16Quantization options;
  private final TypeInference types;

  /**
   * Squares leave the range of half precision soon; and ONNX Runtime to 1.26 fails to load such
   * nodes.
   */
  private final Set<Node> norms;

  /** By the name of the value, the names of its half and its float version, as far as there are. */
  private final Map<String, String> halves = new HashMap<>();

  private final Map<String, String> floats = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  HalfRewriter(ModelGraph model, Float16Quantization options) {
    this.model = model;
    this.graph = model.graph();
    this.options = options;
    this.types = TypeInference.of(model);
    this.norms = SpelledOut.norms(graph);
  }

  /** Returns whether any node computes in half precision. */
  boolean rewrite() {
    if (options.isThroughout()) {
      makeInputsHalf();
    }
    graph.weights().forEach(weight -> floats.putIfAbsent(weight.name(), weight.name()));
    graph.inputs().stream()
        .filter(input -> !halves.containsKey(input.name()))
        .forEach(input -> floats.putIfAbsent(input.name(), input.name()));
    boolean found = false;
    for (Node node : List.copyOf(graph.nodes())) {
      if (isHalf(node)) {
        compute(node);
        found = true;
      } else {
        keep(node);
      }
    }
    makeOutputs();
    graph.replaceNodes(nodes);
    graph.forgetValues();
    return found;
  }

  private void makeInputsHalf() {
    for (Value input : List.copyOf(graph.inputs())) {
      if (isFloat(input.name()) && graph.weight(input.name()).isEmpty()) {
        graph.putInput(Value.of(input.name(), half(input.type())));
        halves.put(input.name(), input.name());
      }
    }
  }

  /** What is an output has to be there under its name, and in the right type. */
  private void makeOutputs() {
    for (Value output : List.copyOf(graph.outputs())) {
      String name = output.name();
      if (!isFloat(name)) {
        continue;
      }
      if (!options.isThroughout()) {
        asFloat(name);
        continue;
      }
      graph.putOutput(Value.of(name, half(output.type())));
      graph
          .weight(name)
          .filter(weight -> weight.type() == OnnxElementType.FLOAT)
          .ifPresent(
              weight -> {
                String copy = graph.freshName(name + "_float");
                graph.put(weight.named(copy));
                rename(name, copy);
                graph.put(options.converted(weight, name));
              });
    }
  }

  private void rename(String name, String copy) {
    for (Node node : nodes) {
      for (int i = 0; i < node.inputs().size(); i++) {
        if (node.input(i).equals(name)) {
          node.replaceInput(i, copy);
        }
      }
    }
  }

  private static ValueType half(ValueType type) {
    return new ValueType(OnnxElementType.FLOAT16, type.dimensions());
  }

  private boolean isFloat(String value) {
    return types.type(value).element() == OnnxElementType.FLOAT;
  }

  /** Whether a node has floats, no bodies, and nothing of a type that is not known. */
  private boolean isHalf(Node node) {
    if (!options.includes(node)
        || FLOAT.contains(node.operator())
        || norms.contains(node)
        || !node.graphs().isEmpty()) {
      return false;
    }
    boolean found = false;
    for (List<String> values : List.of(node.inputs(), node.outputs())) {
      for (String value : values) {
        if (!value.isEmpty() && types.type(value).element() == OnnxElementType.UNDEFINED) {
          return false;
        }
        found |= isFloat(value);
      }
    }
    return found;
  }

  private void compute(Node node) {
    for (int i = 0; i < node.inputs().size(); i++) {
      String value = node.input(i);
      if (isFloat(value)) {
        node.replaceInput(i, takesFloat(node, i) ? asFloat(value) : asHalf(value));
      }
    }
    retype(node);
    nodes.add(node);
    for (int i = 0; i < node.outputs().size(); i++) {
      String value = node.outputs().get(i);
      if (!isFloat(value)) {
        continue;
      }
      // Mean and deviation are floats whatever the input is.
      if (node.is("LayerNormalization") && i > 0) {
        made(node, i, value);
      } else if (options.isThroughout() && graph.isOutput(value)) {
        halves.put(value, value);
      } else {
        String half = graph.freshName(value + "_half");
        node.replaceOutput(i, half);
        halves.put(value, half);
      }
    }
  }

  private void keep(Node node) {
    Set<String> direct = Set.copyOf(node.inputs());
    for (String value : Uses.inputsOf(node)) {
      if (!isFloat(value)) {
        continue;
      }
      String name = asFloat(value);
      if (!name.equals(value) && !direct.contains(value)) {
        throw new GraphException(
            "input \"%s\" of model %s is used inside node %s, whose floats stay; leave"
                    .formatted(value, model.name(), node)
                + " halfInputsAndOutputs() out");
      }
      for (int i = 0; i < node.inputs().size(); i++) {
        if (node.input(i).equals(value)) {
          node.replaceInput(i, name);
        }
      }
    }
    nodes.add(node);
    for (int i = 0; i < node.outputs().size(); i++) {
      if (isFloat(node.outputs().get(i))) {
        made(node, i, node.outputs().get(i));
      }
    }
  }

  /** A float that a node has made. */
  private void made(Node node, int index, String value) {
    if (options.isThroughout() && graph.isOutput(value)) {
      String name = graph.freshName(value + "_float");
      node.replaceOutput(index, name);
      floats.put(value, name);
      nodes.add(Float16Quantization.cast(name, value, OnnxElementType.FLOAT16));
      halves.put(value, value);
    } else {
      floats.put(value, value);
    }
  }

  private String asHalf(String value) {
    return halves.computeIfAbsent(
        value,
        name -> {
          String half = graph.freshName(name + "_half");
          Weight weight = graph.weight(name).orElse(null);
          if (weight == null) {
            nodes.add(Float16Quantization.cast(name, half, OnnxElementType.FLOAT16));
          } else {
            graph.put(options.converted(weight, half));
          }
          return half;
        });
  }

  private String asFloat(String value) {
    return floats.computeIfAbsent(
        value,
        name -> {
          String half = halves.getOrDefault(name, name);
          String made = half.equals(name) ? graph.freshName(name + "_float") : name;
          nodes.add(Float16Quantization.cast(half, made, OnnxElementType.FLOAT));
          return made;
        });
  }

  /** Scales of a resize are floats in any operator set. */
  private boolean takesFloat(Node node, int input) {
    return node.is("Resize") && input == (model.opset() < 11 ? 1 : 2);
  }

  /** Attributes that state or hold the type of the output. */
  private void retype(Node node) {
    if (!isFloat(node.output())) {
      return;
    }
    if (node.is("Cast")) {
      node.attribute(Attribute.of("to", (long) OnnxElementType.FLOAT16.number()));
    } else if (node.is("ConstantOfShape")) {
      float value = node.attribute("value").map(each -> each.tensor().floats()[0]).orElse(0f);
      short half = HalfContent.half(value);
      byte[] bytes = {(byte) half, (byte) (half >> Byte.SIZE)};
      node.attribute(
          Attribute.of(
              "value", Weight.of("", OnnxElementType.FLOAT16, Shape.of(1), OnnxContent.of(bytes))));
    }
  }
}
