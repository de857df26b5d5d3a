package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Puts matrices in blocks and small tables in the place of float ones, in one graph. */
final class WeightOnlyRewriter {
  private static final long FEWEST_ELEMENTS = 4_096;

  private final Graph graph;
  private final WeightOnlyQuantization options;
  private final Uses uses;
  private final Activations activations;
  private final Map<String, BlockMatrix> matrices = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /** What the scaled inputs are named. */
  private final Map<String, String> scaled = new HashMap<>();

  private WeightOnlyRewriter(Graph graph, WeightOnlyQuantization options, Activations activations) {
    this.graph = graph;
    this.options = options;
    this.uses = Uses.of(graph);
    this.activations = activations;
  }

  static void rewrite(ModelGraph model, WeightOnlyQuantization options, PassContext context) {
    Graph graph = model.graph();
    WeightOnlyRewriter finder = new WeightOnlyRewriter(graph, options, Activations.none());
    List<String> inputs =
        graph.nodes().stream()
            .filter(finder::isProduct)
            .map(node -> node.input(0))
            .filter(input -> graph.constant(input).isEmpty())
            .distinct()
            .toList();
    Activations read =
        options.samples() == null || inputs.isEmpty()
            ? Activations.none()
            : Activations.read(model, inputs, Objects.requireNonNull(options.samples()), context);
    if (!rewrite(graph, options, read, context)) {
      throw new GraphException(
          ("model %s has no weight to quantize: wanted are constant factors of MatMul or Gemm, and"
                  + " tables of Gather, of %,d elements or more")
              .formatted(model.name(), FEWEST_ELEMENTS));
    }
    if (model.graph().nodes().stream().anyMatch(node -> node.domain().equals(Blocks.DOMAIN))) {
      model.opset(Blocks.DOMAIN, 1);
    }
  }

  private static boolean rewrite(
      Graph graph, WeightOnlyQuantization options, Activations read, PassContext context) {
    boolean found = false;
    for (Node node : graph.nodes()) {
      for (Graph body : node.graphs()) {
        GemmRewriter.rewrite(body);
        found |= rewrite(body, options, Activations.none(), context);
      }
    }
    return new WeightOnlyRewriter(graph, options, read).rewrite(context) || found;
  }

  private boolean rewrite(PassContext context) {
    Map<String, List<Node>> products = new LinkedHashMap<>();
    boolean tables = false;
    for (Node node : graph.nodes()) {
      if (isProduct(node)) {
        products.computeIfAbsent(node.input(0), key -> new ArrayList<>()).add(node);
      }
      tables |= isTable(node);
    }
    Map<String, float[]> smoothing = quantize(products, context);
    TableLookup lookup = new TableLookup(graph, options, nodes);
    for (Node node : graph.nodes()) {
      if (isProduct(node)) {
        product(node, smoothing);
      } else if (isTable(node)) {
        lookup.rewrite(node, context);
      } else {
        nodes.add(node);
      }
    }
    graph.replaceNodes(nodes);
    return tables || !products.isEmpty();
  }

  /** Quantizes the matrices; returns by which factors the channels of inputs were scaled. */
  private Map<String, float[]> quantize(Map<String, List<Node>> products, PassContext context) {
    Map<String, float[]> smoothing = new LinkedHashMap<>();
    Map<String, String> inputs = new LinkedHashMap<>();
    products.forEach(
        (input, users) -> users.forEach(user -> inputs.putIfAbsent(user.input(1), input)));
    if (options.isAwq()) {
      List<String> scaled =
          products.keySet().stream()
              .filter(input -> activations.has(input) && isAlone(input, products))
              .toList();
      float[][] factors = new float[scaled.size()][];
      context.forEach(
          factors.length,
          i -> {
            List<Weight> weights =
                products.getOrDefault(scaled.get(i), List.of()).stream()
                    .map(user -> graph.weight(user.input(1)).orElseThrow())
                    .distinct()
                    .toList();
            factors[i] = ChannelScaling.search(weights, activations.of(scaled.get(i)), options);
          });
      for (int i = 0; i < factors.length; i++) {
        smoothing.put(scaled.get(i), factors[i]);
      }
    }
    List<String> names = List.copyOf(inputs.keySet());
    BlockMatrix[] results = new BlockMatrix[names.size()];
    context.forEach(
        results.length,
        i -> {
          String input = inputs.getOrDefault(names.get(i), "");
          Weight weight = graph.weight(names.get(i)).orElseThrow();
          results[i] = matrix(weight, input, smoothing.getOrDefault(input, new float[0]));
        });
    for (int i = 0; i < results.length; i++) {
      matrices.put(names.get(i), results[i]);
    }
    return smoothing;
  }

  /** Whether the factors of an input have no other input: a shared weight has one scaling. */
  private static boolean isAlone(String input, Map<String, List<Node>> products) {
    for (Map.Entry<String, List<Node>> other : products.entrySet()) {
      if (!other.getKey().equals(input)) {
        for (Node user : other.getValue()) {
          if (products.getOrDefault(input, List.of()).stream()
              .anyMatch(u -> u.input(1).equals(user.input(1)))) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private BlockMatrix matrix(Weight weight, String input, float[] factors) {
    Columns columns = Columns.of(weight).scaled(factors);
    if (options.isGptq() && activations.has(input)) {
      return ErrorPropagation.round(
          columns, activations.of(input).scaled(factors), options.format());
    }
    float[] importance =
        options.format().fitted() && activations.has(input)
            ? activations.of(input).scaled(factors).diagonal()
            : new float[0];
    return BlockMatrix.nearest(
        columns.values(), columns.rows(), columns.count(), options.format(), importance);
  }

  private boolean isProduct(Node node) {
    return node.is("MatMul") && options.includes(node) && isLarge(node.input(1));
  }

  private boolean isTable(Node node) {
    return node.is("Gather")
        && options.tableBits() < Float.SIZE
        && options.includes(node)
        && node.integer("axis", 0) == 0
        && isLarge(node.input(0));
  }

  /** Whether a value is a large matrix that nothing uses in another way. */
  private boolean isLarge(String name) {
    boolean large =
        graph
            .weight(name)
            .filter(weight -> weight.type() == OnnxElementType.FLOAT)
            .filter(weight -> weight.shape().rank() == 2)
            .filter(weight -> weight.shape().elements() >= FEWEST_ELEMENTS)
            .isPresent();
    if (!large || graph.isOutput(name) || graph.isInput(name)) {
      return false;
    }
    List<Node> users = uses.consumers(name);
    return users.stream()
            .allMatch(user -> user.is("MatMul") && options.includes(user) && !isFirst(user, name))
        || users.stream()
            .allMatch(user -> user.is("Gather") && options.includes(user) && isFirst(user, name));
  }

  private static boolean isFirst(Node node, String name) {
    return node.input(0).equals(name);
  }

  private void product(Node node, Map<String, float[]> smoothing) {
    BlockMatrix matrix = Objects.requireNonNull(matrices.get(node.input(1)), node.input(1));
    String input = node.input(0);
    float[] factors = smoothing.get(input);
    if (factors != null) {
      input = divided(input, factors);
    }
    Graph owner = graph.owner(node.input(1)).orElseThrow();
    Blocks blocks = new Blocks(graph, owner, node.input(1), matrix, options.format());
    nodes.addAll(options.isStandard() ? blocks.standard(node, input) : blocks.custom(node, input));
  }

  /** The input with each channel divided by its factor; one node for all products of it. */
  private String divided(String input, float[] factors) {
    return scaled.computeIfAbsent(
        input,
        key -> {
          float[] inverse = new float[factors.length];
          for (int i = 0; i < inverse.length; i++) {
            inverse[i] = 1 / factors[i];
          }
          String result = graph.freshName(input + "_scaled");
          String constant = graph.freshName(input + "_factors");
          graph.put(Weight.ofFloats(constant, Shape.of(inverse.length), inverse));
          nodes.add(Node.of("Mul", "", List.of(input, constant), List.of(result)));
          return result;
        });
  }
}
