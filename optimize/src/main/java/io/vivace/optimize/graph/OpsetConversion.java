package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Raises the version of ONNX's operator set, for passes that need a newer one: from 7 or later to
 * at most 22. A model that has the version already is not touched.
 *
 * <p>Settings that became inputs are moved, and operators that changed their meaning are rewritten.
 * What cannot be converted is refused with the node's name.
 */
public final class OpsetConversion implements GraphPass {
  private static final long OLDEST = 7;
  private static final long NEWEST = 22;

  /** The oldest version of the file format that may state each version of the operator set. */
  private static final NavigableMap<Long, Long> IR_VERSIONS =
      new TreeMap<>(Map.of(7L, 3L, 9L, 4L, 10L, 5L, 11L, 6L, 12L, 7L, 15L, 8L, 19L, 9L, 21L, 10L));

  /** Whose axes became an input with version 18. */
  private static final Set<String> REDUCTIONS =
      Set.of(
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceSumSquare");

  private static final Set<String> SOFTMAX = Set.of("Softmax", "LogSoftmax", "Hardmax");

  private final long target;

  private OpsetConversion(long target) {
    this.target = target;
  }

  /**
   * Makes the pass.
   *
   * @param version the lowest version that the model shall have, 7 to 22
   * @return the pass
   * @throws IllegalArgumentException if the version is out of this range
   */
  public static OpsetConversion atLeast(long version) {
    if (version < OLDEST || version > NEWEST) {
      throw new IllegalArgumentException(
          "the operator set must be %d to %d, but was %d".formatted(OLDEST, NEWEST, version));
    }
    return new OpsetConversion(version);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    if (model.opset() >= target) {
      return;
    }
    if (model.opset() < OLDEST) {
      throw new GraphException(
          "model %s has operator set %d, convertible is %d or newer; export it again"
              .formatted(model.name(), model.opset(), OLDEST));
    }
    if (model.hasFunctions()) {
      throw new GraphException(
          "model %s defines functions, whose operator sets cannot be converted; inline them first"
              .formatted(model.name()));
    }
    new Conversion(TypeInference.of(model), model.opset(), target).graph(model.graph());
    model.opset("", target);
    long irVersion = IR_VERSIONS.floorEntry(target).getValue();
    model.irVersion(Math.max(model.irVersion(), irVersion));
  }

  @Override
  public String toString() {
    return "OpsetConversion[atLeast=" + target + "]";
  }

  /** The conversion of one graph. */
  private record Conversion(TypeInference types, long from, long to) {
    void graph(Graph graph) {
      List<Node> result = new ArrayList<>();
      for (Node node : List.copyOf(graph.nodes())) {
        for (Graph body : node.graphs()) {
          new Conversion(types.body(body).orElse(types), from, to).graph(body);
        }
        if (node.domain().isEmpty()) {
          node(graph, node, result);
        } else {
          result.add(node);
        }
      }
      graph.replaceNodes(result);
    }

    private boolean crosses(int version) {
      return from < version && to >= version;
    }

    private void node(Graph graph, Node node, List<Node> result) {
      String operator = node.operator();
      if (crosses(9) && operator.equals("BatchNormalization")) {
        node.removeAttribute("spatial");
      }
      if (crosses(10) && operator.equals("Slice")) {
        moveLongs(graph, node, "starts", "ends", "axes");
      }
      if (crosses(10) && operator.equals("TopK")) {
        moveLong(graph, node, "k");
      }
      if (crosses(11)) {
        eleven(graph, node);
      }
      if (crosses(12) && operator.equals("Dropout")) {
        moveFloats(graph, node, "ratio");
      }
      if (crosses(13)) {
        thirteen(graph, node);
      }
      if (crosses(14) && operator.equals("BatchNormalization") && node.outputs().size() > 1) {
        throw refused(node, "has the outputs of training");
      }
      if (crosses(18)) {
        eighteen(graph, node);
      }
      if (crosses(20) && operator.equals("GridSample")) {
        gridSample(node);
      }
      boolean flattens = crosses(13) && SOFTMAX.contains(operator);
      if (!flattens || !softmax(node, result)) {
        result.add(crosses(11) ? renamed(node) : node);
      }
    }

    private static Node renamed(Node node) {
      return switch (node.operator()) {
        case "Scatter" -> as("ScatterElements", node);
        case "Upsample" -> as("Resize", node);
        default -> node;
      };
    }

    private static Node as(String operator, Node node) {
      Attribute[] attributes = node.attributes().toArray(Attribute[]::new);
      return Node.of(operator, node.name(), node.inputs(), node.outputs(), attributes);
    }

    private void eleven(Graph graph, Node node) {
      switch (node.operator()) {
        case "Clip" -> moveFloats(graph, node, "min", "max");
        case "Pad" -> {
          moveLongs(graph, node, "pads");
          moveFloats(graph, node, "value");
        }
        case "Upsample", "Resize" -> resize(graph, node);
        default -> {}
      }
    }

    /**
     * Sampled positions as the older versions did; the scales moved behind the new second input.
     */
    private void resize(Graph graph, Node node) {
      node.attribute("scales")
          .map(Attribute::numbers)
          .ifPresent(
              v -> move(graph, node, 1, "scales", Weight.ofFloats("", Shape.of(v.length), v)));
      if (node.input(1).isEmpty()) {
        throw refused(node, "has no scales");
      }
      node.replaceInputs(List.of(node.input(0), "", node.input(1)));
      node.attribute(Attribute.of("coordinate_transformation_mode", "asymmetric"));
      node.attribute(Attribute.of("nearest_mode", "floor"));
    }

    private void thirteen(Graph graph, Node node) {
      switch (node.operator()) {
        case "Squeeze", "Unsqueeze", "ReduceSum" -> moveLongs(graph, node, "axes");
        case "Split" -> moveLongs(graph, node, "split");
        default -> {}
      }
    }

    private void eighteen(Graph graph, Node node) {
      if (REDUCTIONS.contains(node.operator())) {
        moveLongs(graph, node, "axes");
      }
      if (node.is("Split") && node.input(1).isEmpty()) {
        node.attribute(Attribute.of("num_outputs", node.outputs().size()));
      }
    }

    private static void gridSample(Node node) {
      String mode = node.attribute("mode").map(Attribute::text).orElse("bilinear");
      switch (mode) {
        case "bilinear" -> node.attribute(Attribute.of("mode", "linear"));
        case "bicubic" -> node.attribute(Attribute.of("mode", "cubic"));
        default -> {}
      }
    }

    private static GraphException refused(Node node, String reason) {
      return new GraphException(
          "node %s cannot be converted to a newer operator set: it %s; export the model with it"
              .formatted(node, reason));
    }

    private void moveLongs(Graph graph, Node node, String... names) {
      int input = 1;
      for (String name : names) {
        int at = input++;
        node.attribute(name)
            .map(Attribute::integers)
            .ifPresent(v -> move(graph, node, at, name, Weight.ofLongs("", Shape.of(v.length), v)));
      }
    }

    private void moveLong(Graph graph, Node node, String name) {
      node.attribute(name)
          .map(Attribute::integer)
          .ifPresent(v -> move(graph, node, 1, name, Weight.ofLongs("", Shape.of(1), v)));
    }

    private void moveFloats(Graph graph, Node node, String... names) {
      int input = node.is("Pad") ? 2 : 1;
      for (String name : names) {
        int at = input++;
        node.attribute(name)
            .map(Attribute::number)
            .ifPresent(v -> move(graph, node, at, name, Weight.ofFloats("", Shape.of(), v)));
      }
    }

    private static void move(Graph graph, Node node, int input, String name, Weight value) {
      String constant = graph.freshName(node.output() + "_" + name);
      graph.put(value.named(constant));
      List<String> inputs = new ArrayList<>(node.inputs());
      while (inputs.size() <= input) {
        inputs.add("");
      }
      inputs.set(input, constant);
      node.replaceInputs(inputs);
      node.removeAttribute(name);
    }

    /**
     * Before version 13 the axes from the stated one on were taken as one. Says whether it added
     * the nodes for that; not needed for the last axis.
     */
    private boolean softmax(Node node, List<Node> result) {
      long axis = node.integer("axis", 1);
      int rank = types.type(node.input(0)).rank();
      if (rank >= 0 && (axis == rank - 1 || axis == -1)) {
        node.attribute(Attribute.of("axis", -1));
        return false;
      }
      String base = node.output();
      String shape = base + "_shape";
      String flat = base + "_flat";
      String normalized = base + "_normalized";
      result.add(Node.of("Shape", "", List.of(node.input(0)), List.of(shape)));
      result.add(
          Node.of(
              "Flatten", "", List.of(node.input(0)), List.of(flat), Attribute.of("axis", axis)));
      result.add(
          Node.of(
              node.operator(),
              node.name(),
              List.of(flat),
              List.of(normalized),
              Attribute.of("axis", -1)));
      result.add(Node.of("Reshape", "", List.of(normalized, shape), List.of(base)));
      return true;
    }
  }
}
