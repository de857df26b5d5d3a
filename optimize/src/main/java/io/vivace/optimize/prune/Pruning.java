package io.vivace.optimize.prune;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sets weights to 0. Shapes stay as they are, and so do size and speed until the file is packed.
 * Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * Compression.of(source).prune(Pruning.magnitude().sparsity(0.9)).saveTo(target);
 * }</pre>
 *
 * <p>Weights that are 0 already count as removed and are removed first, so that a pruned model
 * pruned again is not pruned further than asked. Defaults: sparsity 0.5, every layer but the tables
 * of Gather.
 */
public final class Pruning implements LayerPass, WeightPass {
  /** What decides. */
  private enum Method {
    MAGNITUDE,
    GLOBAL_MAGNITUDE,
    RANDOM,
    N_OF_M,
    BLOCKS
  }

  private final Method method;
  private final double sparsity;
  private final int first;
  private final int second;
  private final long seed;
  private final boolean tables;
  private final Set<String> excluded;

  private Pruning(
      Method method,
      double sparsity,
      int first,
      int second,
      long seed,
      boolean tables,
      Set<String> excluded) {
    this.method = method;
    this.sparsity = sparsity;
    this.first = first;
    this.second = second;
    this.seed = seed;
    this.tables = tables;
    this.excluded = excluded;
  }

  private static Pruning of(Method method, int first, int second, long seed) {
    return new Pruning(method, 0.5, first, second, seed, false, Set.of());
  }

  /**
   * Removes the smallest weights of each tensor.
   *
   * @return the pass, with the default of each option
   */
  public static Pruning magnitude() {
    return of(Method.MAGNITUDE, 0, 0, 0);
  }

  /**
   * Removes the smallest weights of all tensors together, so that layers that need more keep more.
   *
   * @return the pass, with the default of each option
   */
  public static Pruning globalMagnitude() {
    return of(Method.GLOBAL_MAGNITUDE, 0, 0, 0);
  }

  /**
   * Removes weights at random, to compare the others with.
   *
   * @param seed any number
   * @return the pass, with the default of each option
   */
  public static Pruning random(long seed) {
    return of(Method.RANDOM, 0, 0, seed);
  }

  /**
   * Keeps the {@code n} largest of each {@code m} neighbours along the last axis; the sparsity
   * follows from it.
   *
   * @param n from 1 to {@code m - 1}
   * @param m from 2 to 64; 2 of 4 is what graphics processors know
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if a number is out of its range
   */
  public static Pruning nOfM(int n, int m) {
    if (m < 2 || m > 64 || n < 1 || n >= m) {
      throw new IllegalArgumentException(
          "n of m must be 1 to m - 1 of 2 to 64, but was " + n + " of " + m);
    }
    return of(Method.N_OF_M, n, m, 0);
  }

  /**
   * Removes whole blocks, by their mean magnitude. A tensor is seen as a matrix: its last axis is
   * the width.
   *
   * @param height of a block, from 1
   * @param width of a block, from 1
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if a number is below 1
   */
  public static Pruning blocks(int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a block must be at least 1 by 1, but was " + height + " by " + width);
    }
    return of(Method.BLOCKS, height, width, 0);
  }

  /**
   * Sets how many weights go. Default: 0.5.
   *
   * @param share from 0 to 1
   * @return a changed copy
   * @throws IllegalArgumentException if the share is out of this range
   */
  public Pruning sparsity(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the sparsity must be from 0 to 1, but was " + share);
    }
    if (method == Method.N_OF_M) {
      throw new IllegalArgumentException(
          "the sparsity of %d of %d is %s already"
              .formatted(first, second, this.sparsityOfGroups()));
    }
    return new Pruning(method, share, first, second, seed, tables, excluded);
  }

  private double sparsityOfGroups() {
    return 1 - (double) first / second;
  }

  /**
   * Prunes the tables of Gather, too. Default: they stay, for a row is looked up as a whole.
   *
   * @return a changed copy
   */
  public Pruning tables() {
    return new Pruning(method, sparsity, first, second, seed, true, excluded);
  }

  /**
   * Leaves weights as they are.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public Pruning exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new Pruning(method, sparsity, first, second, seed, tables, all);
  }

  @Override
  public Pruning without(Collection<String> weights) {
    return exclude(weights.toArray(String[]::new));
  }

  @Override
  public void change(ModelWeights model, PassContext context) {
    List<? extends LayerTensor> layers = layers(model);
    float[][] scores = new float[layers.size()][];
    context.forEach(scores.length, i -> scores[i] = scores(layers.get(i), i));
    float threshold =
        method == Method.GLOBAL_MAGNITUDE
            ? Importance.globalThreshold(List.of(scores), sparsity)
            : Float.NaN;
    Weight[] pruned = new Weight[scores.length];
    context.forEach(
        scores.length,
        i -> {
          pruned[i] = masked(layers.get(i).weight(), mask(layers.get(i), scores[i], threshold));
        });
    for (int i = 0; i < pruned.length; i++) {
      layers.get(i).replace(pruned[i]);
    }
  }

  private List<? extends LayerTensor> layers(ModelWeights model) {
    List<? extends LayerTensor> layers =
        model.layersWithout(excluded).stream().filter(layer -> tables || !layer.isTable()).toList();
    if (layers.isEmpty()) {
      throw new GraphException("model " + model.name() + " has no weight to prune");
    }
    return layers;
  }

  private float[] scores(LayerTensor layer, int number) {
    float[] weights = layer.weight().floats();
    for (int i = 0; i < weights.length; i++) {
      if (Float.isNaN(weights[i])) {
        throw new GraphException("element %d of %s is NaN".formatted(i, layer.weight()));
      }
    }
    if (method != Method.RANDOM) {
      return Importance.magnitude(weights);
    }
    float[] scores = Importance.random(weights.length, seed + number);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = weights[i] == 0 ? -1 : scores[i];
    }
    return scores;
  }

  private boolean[] mask(LayerTensor layer, float[] scores, float threshold) {
    int width = (int) layer.weight().shape().dimension(layer.weight().shape().rank() - 1);
    return switch (method) {
      case MAGNITUDE, RANDOM -> Importance.largest(scores, sparsity);
      case GLOBAL_MAGNITUDE -> Importance.above(scores, threshold);
      case N_OF_M -> Importance.nOfM(scores, width, first, second);
      case BLOCKS -> Importance.blocks(scores, width, first, second, sparsity);
    };
  }

  static Weight masked(Weight weight, boolean[] mask) {
    BitSet kept = new BitSet(mask.length);
    for (int i = 0; i < mask.length; i++) {
      kept.set(i, mask[i]);
    }
    return Weight.of(
        weight.name(),
        OnnxElementType.FLOAT,
        weight.shape(),
        new MaskedContent(weight.elements(), kept));
  }

  @Override
  public String toString() {
    double share = method == Method.N_OF_M ? sparsityOfGroups() : sparsity;
    return "Pruning[%s, sparsity=%s, tables=%s, exclude=%s]"
        .formatted(method, share, tables, excluded);
  }
}
