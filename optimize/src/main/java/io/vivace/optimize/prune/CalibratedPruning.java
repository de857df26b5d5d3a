package io.vivace.optimize.prune;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.InputMoments;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sets to 0 the weights that matter least to the outputs of their layer, as samples show them.
 * Immutable: each option returns a changed copy.
 *
 * <p>Pruned are MatMul, Gemm and ungrouped Conv over images; other layers stay as they are. What is
 * 0 stays 0. The same model, samples and options give the same bytes, whatever the number of
 * threads. Defaults: half of the weights of each layer, every layer.
 */
public final class CalibratedPruning implements GraphPass {
  private final boolean updates;
  private final Iterable<Map<String, Tensor>> samples;
  private final double sparsity;
  private final int kept;
  private final int group;
  private final Set<String> excluded;

  private CalibratedPruning(
      boolean updates,
      Iterable<Map<String, Tensor>> samples,
      double sparsity,
      int kept,
      int group,
      Set<String> excluded) {
    this.updates = updates;
    this.samples = Objects.requireNonNull(samples, "samples");
    this.sparsity = sparsity;
    this.kept = kept;
    this.group = group;
    this.excluded = excluded;
  }

  /**
   * Removes, of the weights of each output, those of the smallest {@code |weight| * norm of the
   * input} (Sun and others, 2024, "A Simple and Effective Pruning Approach for Large Language
   * Models"). The others do not change.
   *
   * @param samples each a map from the names of all inputs to tensors of full shape; read through
   *     once per run
   * @return the pass, with the default of each option
   */
  public static CalibratedPruning wanda(Iterable<Map<String, Tensor>> samples) {
    return new CalibratedPruning(false, samples, 0.5, 0, 0, Set.of());
  }

  /**
   * Removes the weights whose loss the others can make good best, and changes the others so
   * (Frantar and Alistarh, 2023, "SparseGPT"; blocks of 128 inputs, 0.1 of the mean added to the
   * diagonal). Wants some hundred samples: with few it is worse than {@link #wanda}.
   *
   * @param samples each a map from the names of all inputs to tensors of full shape; read through
   *     once per run
   * @return the pass, with the default of each option
   */
  public static CalibratedPruning sparseGpt(Iterable<Map<String, Tensor>> samples) {
    return new CalibratedPruning(true, samples, 0.5, 0, 0, Set.of());
  }

  /**
   * Sets how many weights of each layer go. Default: 0.5.
   *
   * @param share from 0 to 1
   * @return a changed copy
   * @throws IllegalArgumentException if the share is out of this range
   */
  public CalibratedPruning sparsity(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the sparsity must be from 0 to 1, but was " + share);
    }
    return new CalibratedPruning(updates, samples, share, 0, 0, excluded);
  }

  /**
   * Keeps {@code n} of each {@code m} neighbouring inputs of each output; the sparsity follows from
   * it.
   *
   * @param n from 1 to {@code m - 1}
   * @param m from 2 to 64
   * @return a changed copy
   * @throws IllegalArgumentException if a number is out of its range
   */
  public CalibratedPruning nOfM(int n, int m) {
    if (m < 2 || m > 64 || n < 1 || n >= m) {
      throw new IllegalArgumentException(
          "n of m must be 1 to m - 1 of 2 to 64, but was " + n + " of " + m);
    }
    return new CalibratedPruning(updates, samples, 1 - (double) n / m, n, m, excluded);
  }

  /**
   * Leaves weights as they are.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public CalibratedPruning exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new CalibratedPruning(updates, samples, sparsity, kept, group, all);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    List<LayerWeight> layers = layers(model);
    List<Node> nodes = layers.stream().map(layer -> layer.nodes().get(0)).toList();
    InputMoments moments = InputMoments.of(model, nodes, samples, context);
    layers.removeIf(layer -> moments.of(layer.nodes().get(0)).isEmpty());
    if (layers.isEmpty()) {
      throw new GraphException(
          ("model %s has no layer that samples can prune: MatMul, Gemm or Conv of one group with a"
                  + " constant weight")
              .formatted(model.name()));
    }
    for (LayerWeight layer : layers) {
      context.stopSignal().throwIfRequested();
      Node node = layer.nodes().get(0);
      layer.replace(pruned(layer.weight(), node, moments.of(node).orElseThrow(), context));
    }
  }

  private List<LayerWeight> layers(ModelGraph model) {
    List<LayerWeight> layers = new ArrayList<>(LayerWeight.of(model.graph()));
    Set<String> unknown = new TreeSet<>(excluded);
    layers.forEach(layer -> unknown.remove(layer.name()));
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no layer weight named %s, but they are excluded"
              .formatted(model.name(), unknown));
    }
    layers.removeIf(
        layer ->
            excluded.contains(layer.name())
                || !layer.nodes().get(0).input(1).equals(layer.name())
                || !model.graph().nodes().contains(layer.nodes().get(0)));
    return layers;
  }

  private Weight pruned(Weight weight, Node node, double[] moments, PassContext context) {
    float[] values = weight.floats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new GraphException("element %d of %s is %s".formatted(i, weight, values[i]));
      }
    }
    int inputs = (int) Math.round(Math.sqrt(moments.length));
    int outputs = values.length / Math.max(1, inputs);
    boolean byInput = node.is("MatMul") || (node.is("Gemm") && node.integer("transB", 0) == 0);
    float[] rows = byInput ? transposed(values, inputs, outputs) : values;
    if (updates) {
      new SparseGpt(rows, inputs, moments, context).prune(sparsity, kept, group);
    } else {
      wanda(rows, inputs, moments, context);
    }
    float[] result = byInput ? transposed(rows, outputs, inputs) : rows;
    return Weight.ofFloats(weight.name(), weight.shape(), result);
  }

  private void wanda(float[] rows, int inputs, double[] moments, PassContext context) {
    float[] norms = new float[inputs];
    for (int j = 0; j < inputs; j++) {
      norms[j] = (float) Math.sqrt(moments[j * inputs + j]);
    }
    context.forEach(
        rows.length / inputs,
        row -> {
          float[] scores = new float[inputs];
          for (int j = 0; j < inputs; j++) {
            scores[j] = Math.abs(rows[row * inputs + j]) * norms[j];
          }
          boolean[] mask =
              group == 0
                  ? Importance.largest(scores, sparsity)
                  : Importance.nOfM(scores, inputs, kept, group);
          for (int j = 0; j < inputs; j++) {
            rows[row * inputs + j] = mask[j] ? rows[row * inputs + j] : 0;
          }
        });
  }

  private static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }

  @Override
  public String toString() {
    return "CalibratedPruning[%s, %s, exclude=%s]"
        .formatted(
            updates ? "sparseGpt" : "wanda",
            group == 0 ? "sparsity=" + sparsity : kept + " of " + group,
            excluded);
  }
}
