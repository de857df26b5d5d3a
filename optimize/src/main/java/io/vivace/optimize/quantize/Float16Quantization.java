package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Weights in half precision, which halves the file and changes outputs by about a thousandth.
 * Immutable: each option returns a changed copy.
 *
 * <p>By default only what is stored is in half precision: a {@code Cast}, which engines do once
 * while they load the model, makes each weight a float again. Such a file opens wherever the
 * original does, and runs as fast. {@link #halfPrecision()} computes in half precision, too, for
 * GPUs and other processors with such instructions.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #halfPrecision()}</td><td>no: weights are stored so</td></tr>
 * <tr><td>{@link #halfInputsAndOutputs()}</td><td>no: they stay floats</td></tr>
 * <tr><td>{@link #refuseOverflow()}</td><td>no: numbers beyond 65,504 become 65,504 where it is
 *     computed in half precision; a weight that is only stored stays a float then</td></tr>
 * <tr><td>{@link #excludeOperators excludeOperators}</td><td>none beside those that have no half
 *     precision or no use for it, such as {@code Range}, {@code CumSum}, {@code TopK}, {@code
 *     Min}, {@code Max}, {@code QuantizeLinear}, those of other domains, and those of which layer
 *     normalizations are made</td></tr>
 * <tr><td>{@link #exclude(String...) exclude}</td><td>none</td></tr>
 * </table>
 */
public final class Float16Quantization implements Quantization {
  static final Float16Quantization DEFAULTS =
      new Float16Quantization(false, false, false, Set.of(), Set.of());

  /** Below it the cast takes as many bytes as are saved. */
  private static final long FEWEST_ELEMENTS = 128;

  private final boolean computed;
  private final boolean throughout;
  private final boolean refusing;
  private final Set<String> excludedOperators;
  private final Set<String> excludedNodes;

  private Float16Quantization(
      boolean computed,
      boolean throughout,
      boolean refusing,
      Set<String> excludedOperators,
      Set<String> excludedNodes) {
    this.computed = computed;
    this.throughout = throughout;
    this.refusing = refusing;
    this.excludedOperators = excludedOperators;
    this.excludedNodes = excludedNodes;
  }

  /**
   * Computes in half precision, too. Inputs and outputs of the model stay floats, and nodes inside
   * branches and loops, too. Processors without such instructions run the model slower.
   *
   * @return a changed copy
   */
  public Float16Quantization halfPrecision() {
    return new Float16Quantization(true, throughout, refusing, excludedOperators, excludedNodes);
  }

  /**
   * Makes the inputs and outputs of the model half-precision tensors, too; implies {@link
   * #halfPrecision()}. Programs that use the model have to change; so a pipeline has to be {@link
   * io.vivace.optimize.Compression#unchecked() unchecked}.
   *
   * @return a changed copy
   */
  public Float16Quantization halfInputsAndOutputs() {
    return new Float16Quantization(true, true, refusing, excludedOperators, excludedNodes);
  }

  /**
   * Refuses a model with a weight beyond 65,504, the largest number there is, naming it.
   *
   * @return a changed copy
   */
  public Float16Quantization refuseOverflow() {
    return new Float16Quantization(computed, throughout, true, excludedOperators, excludedNodes);
  }

  /**
   * Leaves all nodes of some operators floats; has no effect on what is only stored.
   *
   * @param operators for example {@code Softmax}
   * @return a changed copy
   */
  public Float16Quantization excludeOperators(String... operators) {
    Set<String> all = DynamicOptions.joined(excludedOperators, List.of(operators));
    return new Float16Quantization(computed, throughout, refusing, all, excludedNodes);
  }

  /**
   * Leaves nodes, and weights that they alone use, floats; has no effect on what is only stored.
   *
   * @param nodes names of nodes; each must be there when the pass runs
   * @return a changed copy
   */
  public Float16Quantization exclude(String... nodes) {
    Set<String> all = DynamicOptions.joined(excludedNodes, List.of(nodes));
    return new Float16Quantization(computed, throughout, refusing, excludedOperators, all);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    FloatModel.requireNodes(model, excludedNodes);
    new ConstantLifting().apply(model, context);
    boolean found =
        computed ? new HalfRewriter(model, this).rewrite() : store(model.graph(), context);
    if (!found) {
      throw new GraphException(
          "model %s has no float weight of %d elements or more to store in half precision"
              .formatted(model.name(), FEWEST_ELEMENTS));
    }
    new DeadCode().apply(model, context);
  }

  /** The cast has the name of the weight, so that nothing else changes. */
  private boolean store(Graph graph, PassContext context) {
    boolean found = false;
    for (Node node : List.copyOf(graph.nodes())) {
      for (Graph body : node.graphs()) {
        found |= store(body, context);
      }
    }
    List<Weight> weights =
        graph.weights().stream()
            .filter(weight -> weight.type() == OnnxElementType.FLOAT)
            .filter(weight -> weight.shape().elements() >= FEWEST_ELEMENTS)
            .filter(weight -> !graph.isInput(weight.name()))
            .toList();
    float[] farthest = new float[weights.size()];
    context.forEach(farthest.length, i -> farthest[i] = HalfContent.farthest(weights.get(i)));
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < farthest.length; i++) {
      if (fits(weights.get(i), farthest[i])) {
        Weight weight = weights.get(i);
        Weight half = half(weight, graph.freshName(weight.name() + "_half"));
        graph.removeWeight(weight.name());
        graph.put(half);
        nodes.add(cast(half.name(), weight.name(), OnnxElementType.FLOAT));
      }
    }
    found |= !nodes.isEmpty();
    nodes.addAll(graph.nodes());
    graph.replaceNodes(nodes);
    return found;
  }

  private boolean fits(Weight weight, float farthest) {
    boolean fits = Math.abs(farthest) <= HalfContent.LARGEST;
    if (!fits && refusing) {
      throw new GraphException(
          ("tensor %s holds %s, but half precision ends at 65504; leave refuseOverflow() out, or"
                  + " exclude the nodes that use it")
              .formatted(weight, farthest));
    }
    return fits;
  }

  /** A weight for nodes that compute in half precision. */
  Weight converted(Weight weight, String name) {
    if (refusing) {
      fits(weight, HalfContent.farthest(weight));
    }
    return half(weight, name);
  }

  private static Weight half(Weight weight, String name) {
    return Weight.of(
        name, OnnxElementType.FLOAT16, weight.shape(), new HalfContent(weight.elements()));
  }

  static Node cast(String from, String to, OnnxElementType type) {
    return Node.of(
        "Cast", "", List.of(from), List.of(to), Attribute.of("to", (long) type.number()));
  }

  boolean includes(Node node) {
    return node.domain().isEmpty()
        && !excludedOperators.contains(node.operator())
        && !excludedNodes.contains(node.name());
  }

  boolean isThroughout() {
    return throughout;
  }

  @Override
  public String toString() {
    return ("Float16Quantization[halfPrecision=%s, halfInputsAndOutputs=%s, refuseOverflow=%s,"
            + " excludeOperators=%s, exclude=%s]")
        .formatted(computed, throughout, refusing, excludedOperators, excludedNodes);
  }
}
