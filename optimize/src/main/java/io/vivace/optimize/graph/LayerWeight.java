package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A constant single-precision tensor that layers multiply with or look up in: what is pruned,
 * shared and factorized. A tensor that several layers use is one weight with several nodes.
 */
public final class LayerWeight implements LayerTensor {
  private final Graph graph;
  private final Weight weight;
  private final int channelAxis;
  private final List<Node> nodes = new ArrayList<>();

  private LayerWeight(Graph graph, Weight weight, int channelAxis) {
    this.graph = graph;
    this.weight = weight;
    this.channelAxis = channelAxis;
  }

  /**
   * Finds the weights of a graph and of the graphs inside it: those of MatMul, Gemm, Conv,
   * ConvTranspose, LSTM, GRU, RNN, and the tables of Gather, with two or more axes, whether they
   * are initializers or the values of {@code Constant} nodes.
   *
   * @param graph the graph
   * @return the weights, each once, in the order of the nodes that use them first
   */
  public static List<LayerWeight> of(Graph graph) {
    Map<String, LayerWeight> found = new LinkedHashMap<>();
    collect(graph, found);
    return List.copyOf(found.values());
  }

  private static void collect(Graph graph, Map<String, LayerWeight> found) {
    for (Node node : graph.nodes()) {
      if (node.domain().isEmpty()) {
        for (int input : inputs(node)) {
          add(graph, node, input, found);
        }
      }
      node.graphs().forEach(inner -> collect(inner, found));
    }
  }

  /** Which inputs of a node may be weights. */
  private static int[] inputs(Node node) {
    return switch (node.operator()) {
      case "Conv", "ConvTranspose", "Gemm" -> new int[] {1};
      case "MatMul" -> new int[] {0, 1};
      case "Gather" -> new int[] {0};
      case "LSTM", "GRU", "RNN" -> new int[] {1, 2};
      default -> new int[0];
    };
  }

  private static void add(Graph graph, Node node, int input, Map<String, LayerWeight> found) {
    if (input >= node.inputs().size()) {
      return;
    }
    Optional<Weight> constant = graph.constant(node.input(input));
    if (constant.isEmpty()
        || constant.get().type() != OnnxElementType.FLOAT
        || constant.get().shape().rank() < 2) {
      return;
    }
    Weight weight = constant.get();
    Graph owner = owner(graph, weight.name());
    String key = System.identityHashCode(owner) + "/" + weight.name();
    found
        .computeIfAbsent(key, name -> new LayerWeight(owner, weight, channelAxis(node, weight)))
        .nodes
        .add(node);
  }

  private static Graph owner(Graph graph, String name) {
    Graph owner = graph;
    while (!owner.defines(name)) {
      owner = owner.outer().orElseThrow();
    }
    return owner;
  }

  private static int channelAxis(Node node, Weight weight) {
    int last = weight.shape().rank() - 1;
    return switch (node.operator()) {
      case "Conv", "Gather" -> 0;
      case "Gemm" -> node.integer("transB", 0) == 0 ? 1 : 0;
      case "MatMul" -> last;
      default -> 1;
    };
  }

  @Override
  public Weight weight() {
    return weight;
  }

  @Override
  public int channelAxis() {
    return channelAxis;
  }

  @Override
  public boolean isTable() {
    return nodes.stream().allMatch(node -> node.is("Gather"));
  }

  /**
   * Returns the nodes that use the tensor.
   *
   * @return at least one, in the order of the graph
   */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * Puts another tensor in its place, for every node that uses it. The value of a {@code Constant}
   * node becomes an initializer.
   *
   * @param replacement a tensor of the same type and shape; its name does not matter
   * @throws IllegalArgumentException if type or shape differ
   */
  @Override
  public void replace(Weight replacement) {
    Objects.requireNonNull(replacement, "replacement");
    if (replacement.type() != weight.type() || !replacement.shape().equals(weight.shape())) {
      throw new IllegalArgumentException(
          "tensor %s cannot take the place of %s".formatted(replacement, weight));
    }
    graph.nodes().removeIf(node -> node.is("Constant") && node.outputs().contains(name()));
    graph.put(replacement.named(name()));
  }

  @Override
  public String toString() {
    return weight + " of " + nodes.get(0);
  }
}
