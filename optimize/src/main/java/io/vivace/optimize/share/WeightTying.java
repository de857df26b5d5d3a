package io.vivace.optimize.share;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets several layers use one tensor, as when one convolution serves two places. The file holds it
 * once. Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * GraphPass tied = WeightTying.of("conv2.weight", "conv3.weight"); // both use conv2.weight
 * }</pre>
 *
 * <p>What the model computes changes by as much as the tensors differed: tune it afterwards. Later
 * passes see one tensor with several layers, and keep it one. Biases stay apart unless they are
 * tied, too. Default: the values of the first tensor.
 */
public final class WeightTying implements GraphPass {
  private final List<String> names;
  private final boolean averaged;

  private WeightTying(List<String> names, boolean averaged) {
    this.names = names;
    this.averaged = averaged;
  }

  /**
   * Names the tensors.
   *
   * @param first the one that stays
   * @param others those that it stands for, at least one, all of its type and shape
   * @return the pass
   * @throws IllegalArgumentException if there is no other tensor, or one is named twice
   */
  public static WeightTying of(String first, String... others) {
    List<String> names = new ArrayList<>(List.of(first));
    names.addAll(List.of(others));
    Set<String> distinct = new HashSet<>(names);
    if (names.size() < 2 || distinct.size() < names.size()) {
      throw new IllegalArgumentException(
          "two or more different tensors can be tied, but named were " + names);
    }
    return new WeightTying(List.copyOf(names), false);
  }

  /**
   * Takes the mean of all tensors instead of the first. An element that is 0 in one of them becomes
   * 0 only if it is in all.
   *
   * @return a changed copy
   */
  public WeightTying averaged() {
    return new WeightTying(names, true);
  }

  /**
   * Returns the number of bytes of weights that the pass saves.
   *
   * @param model the model; stays as it is
   * @return the bytes of all tensors but the first
   * @throws GraphException as {@link #apply}
   */
  public long savedBytes(ModelGraph model) {
    return weights(model).get(0).bytes() * (names.size() - 1);
  }

  /**
   * Ties the tensors.
   *
   * @param model the model
   * @param context not used
   * @throws GraphException if a tensor is not there, is an input or output, or types or shapes
   *     differ
   */
  @Override
  public void apply(ModelGraph model, PassContext context) {
    List<Weight> weights = weights(model);
    Graph graph = model.graph();
    Weight first = averaged ? mean(weights) : weights.get(0);
    graph.nodes().removeIf(node -> node.is("Constant") && names.contains(node.output()));
    graph.put(first.named(names.get(0)));
    Set<String> gone = new HashSet<>(names.subList(1, names.size()));
    rename(graph, gone, names.get(0));
    gone.forEach(graph::removeWeight);
  }

  private List<Weight> weights(ModelGraph model) {
    Graph graph = model.graph();
    List<Weight> weights = new ArrayList<>();
    for (String name : names) {
      Weight weight =
          graph
              .constant(name)
              .orElseThrow(
                  () ->
                      new GraphException(
                          "model %s has no tensor \"%s\" to tie; its layers have %s"
                              .formatted(
                                  model.name(),
                                  name,
                                  LayerWeight.of(graph).stream().map(LayerWeight::name).toList())));
      if (graph.isInput(name) || graph.isOutput(name)) {
        throw new GraphException(
            "tensor %s is an input or output of model %s, so it stays on its own"
                .formatted(weight, model.name()));
      }
      weights.add(weight);
    }
    Weight first = weights.get(0);
    for (Weight weight : weights) {
      if (weight.type() != first.type() || !weight.shape().equals(first.shape())) {
        throw new GraphException(
            "tied tensors must be of one type and shape, but are %s and %s"
                .formatted(first, weight));
      }
    }
    if (averaged && first.type() != OnnxElementType.FLOAT) {
      throw new GraphException(
          "only tensors of FLOAT have a mean, but %s was named".formatted(first));
    }
    return weights;
  }

  private static Weight mean(List<Weight> weights) {
    double[] sums = new double[weights.get(0).floats().length];
    for (Weight weight : weights) {
      float[] values = weight.floats();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += values[i];
      }
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sums[i] / weights.size());
    }
    return Weight.ofFloats("mean", weights.get(0).shape(), mean);
  }

  /** Renames uses, also in the graphs inside, but not where a name means something else there. */
  private static void rename(Graph graph, Set<String> gone, String name) {
    for (Node node : graph.nodes()) {
      node.replaceInputs(
          node.inputs().stream().map(input -> gone.contains(input) ? name : input).toList());
      for (Graph body : node.graphs()) {
        Set<String> seen = new HashSet<>(gone);
        body.inputs().forEach(input -> seen.remove(input.name()));
        body.weights().forEach(weight -> seen.remove(weight.name()));
        body.nodes().forEach(inner -> seen.removeAll(inner.outputs()));
        rename(body, seen, name);
      }
    }
  }

  @Override
  public String toString() {
    return "WeightTying[%s, averaged=%s]".formatted(names, averaged);
  }
}
