package io.vivace.optimize.prune;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.StructuralOptions.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Removes whole channels: filters of convolutions, neurons of fully connected layers, heads of
 * attention. The result is a smaller dense model that is faster in every engine. Immutable: each
 * option returns a changed copy.
 *
 * <pre>{@code
 * Compression.of(source).prune(StructuralPruning.l2().ratio(0.5).multipleOf(8)).saveTo(target);
 * }</pre>
 *
 * <p>Which channels hang together is read from the graph: through sums, concatenations, depthwise
 * and grouped convolutions, normalization by batch statistics, flattening and the reshapes of
 * attention (a dependency graph, as in Fang and others, 2023, "DepGraph"). The result computes what
 * the original would if the layers behind took 0 from the removed channels. What cannot be proved
 * to do so stays: what reaches an output, what a softmax or layer normalization runs over, what an
 * operator takes of which no rule is known. {@link #plan} tells what stays and why.
 *
 * <p>Defaults: half of the channels of each group, every layer that can be pruned, no rounding.
 * Never does a layer lose its last channel. The same model and options give the same bytes.
 */
public final class StructuralPruning implements GraphPass {
  private final StructuralOptions options;

  private StructuralPruning(StructuralOptions options) {
    this.options = options;
  }

  private static StructuralPruning of(Method method) {
    return new StructuralPruning(StructuralOptions.of(method));
  }

  /**
   * Removes the channels of the smallest sums of magnitudes, over all weights that make or take
   * them (Li and others, 2017, "Pruning Filters for Efficient ConvNets").
   *
   * @return the pass, with the default of each option
   */
  public static StructuralPruning l1() {
    return of(Method.L1);
  }

  /**
   * Removes the channels of the smallest Euclidean norms, over all weights that make or take them.
   *
   * @return the pass, with the default of each option
   */
  public static StructuralPruning l2() {
    return of(Method.L2);
  }

  /**
   * Removes the channels whose batch normalization has the smallest factors (Liu and others, 2017,
   * "Network Slimming"). Layers without one stay as they are; so do folded ones.
   *
   * @return the pass, with the default of each option
   */
  public static StructuralPruning batchNormScale() {
    return of(Method.BATCH_NORM_SCALE);
  }

  /**
   * Removes the channels whose loss changes least in first order, {@code |sum of weight *
   * gradient|} (Molchanov and others, 2019, "Importance Estimation for Neural Network Pruning").
   *
   * @param gradients of the loss by the weights, by the names of tensors, as long as these; layers
   *     without one stay as they are. Not copied
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if there is no gradient
   */
  public static StructuralPruning taylor(Map<String, float[]> gradients) {
    if (gradients.isEmpty()) {
      throw new IllegalArgumentException("taylor needs the gradient of one weight at least");
    }
    return new StructuralPruning(StructuralOptions.of(Method.TAYLOR).gradients(gradients));
  }

  /**
   * Removes the channels of which the layers behind see the smallest mean magnitude.
   *
   * @param samples each a map from the names of all inputs to tensors of full shape; read through
   *     once per run
   * @return the pass, with the default of each option
   */
  public static StructuralPruning activation(Iterable<Map<String, Tensor>> samples) {
    Objects.requireNonNull(samples, "samples");
    return new StructuralPruning(StructuralOptions.of(Method.ACTIVATION).samples(samples));
  }

  /**
   * Removes the channels that other passes have zeroed, as after {@link ZeroedWeights}. The result
   * computes the same as the model before: a channel goes if the layers behind have only zeros for
   * it, or if what it holds is the same for every input, and can be added to the bias behind.
   * {@link #ratio} has no meaning.
   *
   * @return the pass
   */
  public static StructuralPruning zeroed() {
    return of(Method.ZEROED);
  }

  /**
   * Sets how many channels of each group go. Default: 0.5.
   *
   * @param share from 0 to 1; at 1 one channel of each group stays
   * @return a changed copy
   * @throws IllegalArgumentException if the share is out of this range
   */
  public StructuralPruning ratio(double share) {
    requireShare(share);
    return new StructuralPruning(options.ratio(share));
  }

  /**
   * Sets how many output channels of one layer go, and of the layers that are tied to it.
   *
   * @param weight the name of the layer's weight
   * @param share from 0 to 1; at 1 one channel stays
   * @return a changed copy
   * @throws IllegalArgumentException if the share is out of this range
   */
  public StructuralPruning ratio(String weight, double share) {
    requireShare(share);
    return new StructuralPruning(options.ratio(weight, share));
  }

  private static void requireShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the ratio must be from 0 to 1, but was " + share);
    }
  }

  /**
   * Takes the least important channels of the whole model, so that layers that need more keep more.
   * Scores are divided by their group's mean. Default: the ratio holds for each group.
   *
   * @return a changed copy
   */
  public StructuralPruning global() {
    return new StructuralPruning(options.ofWholeModel());
  }

  /**
   * Keeps a multiple of this number of outputs, where the layer has as many: fewer channels go than
   * the ratio says. Default: 1; 8 fits the vectors of processors.
   *
   * @param number from 1
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public StructuralPruning multipleOf(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("the multiple must be at least 1, but was " + number);
    }
    return new StructuralPruning(options.multiple(number));
  }

  /**
   * Prunes the output channels of these layers only. Default: all that can be pruned.
   *
   * @param weights names of tensors; a run is refused if one of them cannot lose channels
   * @return a changed copy
   */
  public StructuralPruning only(String... weights) {
    return new StructuralPruning(options.only(Set.of(weights)));
  }

  /**
   * Leaves the output channels of layers as they are, and of those tied to them.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public StructuralPruning exclude(String... weights) {
    return new StructuralPruning(options.excluded(Set.of(weights)));
  }

  /**
   * Tells what the pass would do, without doing it.
   *
   * @param model the model; constants in nodes become initializers, else it stays as it is
   * @param context how much of the machine to use
   * @return groups and refusals, in the order of the graph
   * @throws GraphException as {@link #apply}
   */
  public StructuralPlan plan(ModelGraph model, PassContext context) {
    return run(model, context).plan();
  }

  /**
   * Removes the channels.
   *
   * @param model the model
   * @param context how much of the machine to use
   * @throws GraphException if a named layer is not there or cannot lose channels, no layer can, or
   *     a weight is NaN; the message names the node and the reason
   */
  @Override
  public void apply(ModelGraph model, PassContext context) {
    run(model, context).apply();
  }

  StructuralRun run(ModelGraph model, PassContext context) {
    return new StructuralRun(options, model, context);
  }

  @Override
  public String toString() {
    return ("StructuralPruning[%s, ratio=%s, ratios=%s, global=%s, multipleOf=%d, only=%s,"
            + " exclude=%s]")
        .formatted(
            options.method(),
            options.ratio(),
            options.ratios(),
            options.global(),
            options.multiple(),
            options.only(),
            options.excluded());
  }
}
