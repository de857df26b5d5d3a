package io.vivace.optimize.prune;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks through a graph and joins what each operator ties. What no rule speaks of stays: an axis of
 * an input or output that a rule did not touch is kept, with the node as the reason.
 */
final class Couplings {
  /**
   * Element by element: every axis of the output is that of the inputs, stretched where it is 1.
   */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Relu",
          "LeakyRelu",
          "Sigmoid",
          "Tanh",
          "Erf",
          "Sqrt",
          "Exp",
          "Log",
          "Abs",
          "Neg",
          "Clip",
          "HardSigmoid",
          "HardSwish",
          "Elu",
          "Selu",
          "Celu",
          "Softplus",
          "Softsign",
          "Gelu",
          "Mish",
          "Floor",
          "Ceil",
          "Round",
          "Sign",
          "Reciprocal",
          "Identity",
          "Dropout",
          "ThresholdedRelu",
          "PRelu",
          "Not",
          "Sin",
          "Cos",
          "Atan",
          "Swish",
          "Cast",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Min",
          "Max",
          "Mean",
          "Sum",
          "Equal",
          "Greater",
          "Less",
          "GreaterOrEqual",
          "LessOrEqual",
          "And",
          "Or",
          "Xor",
          "Where",
          "IsNaN",
          "IsInf");

  private static final Set<String> MICROSOFT = Set.of("Gelu", "FastGelu", "QuickGelu", "BiasGelu");

  private final Graph graph;
  private final TypeInference types;
  private final ChannelClasses classes;
  private final AxisLinks links;
  private final LayerCouplings layers;
  private final MovementCouplings movements;
  private final List<Node> reshapes = new ArrayList<>();

  Couplings(Graph graph, TypeInference types, ChannelClasses classes, long opset) {
    this.graph = graph;
    this.types = types;
    this.classes = classes;
    this.links = new AxisLinks(graph, classes);
    this.layers = new LayerCouplings(graph, classes, links, opset);
    this.movements = new MovementCouplings(graph, classes, links);
  }

  Set<Axis> consumed() {
    return links.consumed();
  }

  Set<Axis> produced() {
    return links.produced();
  }

  Set<Axis> contracted() {
    return links.contracted();
  }

  void run() {
    graph
        .inputs()
        .forEach(
            value ->
                classes.keep(value.name(), "input \"" + value.name() + "\"", "keeps its shape"));
    graph
        .outputs()
        .forEach(
            value ->
                classes.keep(value.name(), "output \"" + value.name() + "\"", "keeps its shape"));
    for (Node node : graph.nodes()) {
      if (isReshape(node)) {
        reshapes.add(node);
      } else {
        couple(node);
      }
    }
    // Last: of the axes that one is made of, the one is followed that nothing else holds.
    reshapes.forEach(this::couple);
    new ShapeLeaks(graph, Uses.of(graph), classes, types).keep();
  }

  private static boolean isReshape(Node node) {
    return node.is("Reshape") || node.is("Flatten") || node.is("Squeeze") || node.is("Unsqueeze");
  }

  private void couple(Node node) {
    links.forgetTouched();
    for (Graph body : node.graphs()) {
      Uses.captured(body)
          .forEach(
              name -> classes.keep(name, node.toString(), "a graph inside it takes the value"));
    }
    if (!node.is("Shape") && !node.is("Size")) {
      try {
        rule(node);
      } catch (IndexOutOfBoundsException e) {
        throw new GraphException(
            "node %s has not the inputs, or not of the shapes, that its operator takes"
                .formatted(node));
      }
      keepRest(node);
    }
  }

  private void keepRest(Node node) {
    Set<String> names = new LinkedHashSet<>(node.inputs());
    names.addAll(node.outputs());
    names.remove("");
    for (String name : names) {
      for (Axis axis : classes.axes(name)) {
        if (axis != null && !links.isTouched(axis)) {
          classes.keep(
              axis,
              node,
              "its operator is not known to allow fewer along axis "
                  + axis.index()
                  + " of \""
                  + name
                  + "\"");
        }
      }
    }
  }

  private void rule(Node node) {
    if (node.domain().equals("com.microsoft") && MICROSOFT.contains(node.operator())) {
      movements.elementwise(node);
      return;
    }
    if (!node.domain().isEmpty()) {
      return;
    }
    if (ELEMENTWISE.contains(node.operator())) {
      movements.elementwise(node);
      return;
    }
    switch (node.operator()) {
      case "Conv" -> layers.convolution(node);
      case "ConvTranspose" -> layers.transposedConvolution(node);
      case "Gemm" -> layers.gemm(node);
      case "MatMul" -> layers.matMul(node);
      case "BatchNormalization" -> layers.batchNormalization(node);
      case "InstanceNormalization" -> layers.instanceNormalization(node);
      case "MaxPool",
          "AveragePool",
          "LpPool",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "GlobalLpPool" ->
          links.sameAxes(node, 0, 1);
      case "Softmax", "LogSoftmax", "Hardmax" -> layers.softmax(node);
      case "LayerNormalization", "RMSNormalization" -> layers.layerNormalization(node);
      case "Concat" -> movements.concat(node);
      case "Split" -> movements.split(node);
      case "Slice" -> movements.slice(node);
      case "Transpose" -> movements.transpose(node);
      case "Gather" -> movements.gather(node);
      case "Pad" -> movements.pad(node);
      case "Expand" -> links.stretch(node.input(0), node.output());
      case "Resize", "Upsample" -> movements.resize(node);
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> movements.reshape(node);
      default -> {
        if (node.operator().startsWith("Reduce")) {
          movements.reduce(node);
        }
      }
    }
  }
}
