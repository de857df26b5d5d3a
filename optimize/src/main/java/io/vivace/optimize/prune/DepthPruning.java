package io.vivace.optimize.prune;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes whole blocks of a network: what a block gave, its input gives. Fits networks whose blocks
 * keep the shape, as the layers of a transformer and the equal stages of a residual network.
 * Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * DepthPruning half = DepthPruning.none()
 *     .remove("/encoder/layer.0/output/LayerNorm/Add_1_output_0",
 *             "/encoder/layer.1/output/LayerNorm/Add_1_output_0");   // layer 1
 * Compression.of(source).prune(half).saveTo(target);
 * }</pre>
 *
 * <p>A block is named by the value that goes into it and the value that comes out. All that only
 * the block needed is removed, too. The answers are others until the model has been trained again,
 * for example by distillation from the whole one. Blocks that follow each other may all be removed.
 */
public final class DepthPruning implements GraphPass {
  private final Map<String, String> blocks;

  private DepthPruning(Map<String, String> blocks) {
    this.blocks = blocks;
  }

  /**
   * Removes nothing.
   *
   * @return the pass, to name blocks to
   */
  public static DepthPruning none() {
    return new DepthPruning(Map.of());
  }

  /**
   * Removes a block.
   *
   * @param from the value that goes into the block
   * @param to the value that comes out; whatever used it uses {@code from}. It may be an output of
   *     the model, which keeps its name
   * @return a changed copy
   * @throws IllegalArgumentException if the two are the same, or a block that ends there was named
   *     before
   */
  public DepthPruning remove(String from, String to) {
    if (from.equals(to) || blocks.containsKey(to)) {
      throw new IllegalArgumentException(
          "a block goes from one value to another and is named once, but was \"%s\" to \"%s\" beside %s"
              .formatted(from, to, blocks));
    }
    Map<String, String> all = new LinkedHashMap<>(blocks);
    all.put(to, from);
    return new DepthPruning(all);
  }

  /**
   * {@inheritDoc}
   *
   * @throws GraphException if a value is not there, the second does not depend on the first, both
   *     have types that are known to differ, or a block starts where it would itself be removed in
   *     a circle
   */
  @Override
  public void apply(ModelGraph model, PassContext context) {
    Graph graph = model.graph();
    TypeInference types = TypeInference.of(model);
    Uses uses = Uses.of(graph);
    Map<String, String> sources = new LinkedHashMap<>();
    blocks.forEach(
        (to, from) -> {
          require(model, uses, from, to);
          requireSameType(model, from, types.type(from), to, types.type(to));
        });
    blocks.forEach((to, from) -> sources.put(to, source(from))); // no circle: all were checked
    for (Node node : graph.nodes()) {
      refuseSubgraphs(model, node, sources.keySet());
      for (int i = 0; i < node.inputs().size(); i++) {
        String source = sources.get(node.inputs().get(i));
        if (source != null) {
          node.replaceInput(i, source);
        }
      }
    }
    sources.forEach((to, source) -> keepOutput(graph, source, to));
    new DeadCode().apply(model, context);
    graph.forgetValues();
  }

  /** Where the input of a block comes from if blocks before it are removed as well. */
  private String source(String from) {
    String source = from;
    for (String before = blocks.get(source); before != null; before = blocks.get(source)) {
      source = before;
    }
    return source;
  }

  private void require(ModelGraph model, Uses uses, String from, String to) {
    Optional<Node> end = uses.producer(to);
    if (end.isEmpty()) {
      throw new GraphException(
          "no node of model %s makes a value \"%s\", at which a block is to end"
              .formatted(model.name(), to));
    }
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(Uses.inputsOf(end.get()));
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (name.equals(from)) {
        return;
      }
      if (seen.add(name)) {
        uses.producer(name).ifPresent(node -> open.addAll(Uses.inputsOf(node)));
      }
    }
    throw new GraphException(
        "value \"%s\" of model %s does not depend on \"%s\", so they do not enclose a block"
            .formatted(to, model.name(), from));
  }

  private static void requireSameType(
      ModelGraph model, String from, ValueType before, String to, ValueType after) {
    boolean known =
        before.element() != OnnxElementType.UNDEFINED
            && after.element() != OnnxElementType.UNDEFINED;
    if ((known && before.element() != after.element()) || differ(before, after)) {
      throw new GraphException(
          "the block of model %s from \"%s\" to \"%s\" cannot be removed: %s goes in, but %s comes out"
              .formatted(model.name(), from, to, before, after));
    }
  }

  /** Sizes that are named or unknown may be equal: only two numbers tell. */
  private static boolean differ(ValueType before, ValueType after) {
    if (before.dimensions() == null || after.dimensions() == null) {
      return false;
    }
    boolean equal = before.rank() == after.rank();
    for (int axis = 0; equal && axis < before.rank(); axis++) {
      long left = before.size(axis);
      long right = after.size(axis);
      equal = left < 0 || right < 0 || left == right;
    }
    return !equal;
  }

  private static void refuseSubgraphs(ModelGraph model, Node node, Set<String> removed) {
    for (Graph inner : node.graphs()) {
      for (String name : Uses.captured(inner)) {
        if (removed.contains(name)) {
          throw new GraphException(
              "the value \"%s\" of model %s is used inside node %s, whose graphs are not rewired"
                  .formatted(name, model.name(), node));
        }
      }
    }
  }

  /** An output of the model keeps its name by a node that does nothing. */
  private static void keepOutput(Graph graph, String source, String to) {
    if (!graph.isOutput(to)) {
      return;
    }
    Uses uses = Uses.of(graph);
    Node end = uses.producer(to).orElseThrow();
    end.replaceOutput(end.outputs().indexOf(to), graph.freshName(to + "_removed"));
    graph.nodes().add(Node.of("Identity", to + "_kept", List.of(source), List.of(to)));
  }

  @Override
  public String toString() {
    return "DepthPruning" + blocks;
  }
}
