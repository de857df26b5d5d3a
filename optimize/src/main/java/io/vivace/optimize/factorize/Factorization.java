package io.vivace.optimize.factorize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces layers by products of thinner layers: fully connected ones and convolutions of one pixel
 * by the singular value decomposition, other convolutions by Tucker-2 or by columns and rows.
 * Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * Compression.of(source).factorize(Factorization.energy(0.99).samples(calibration)).saveTo(target);
 * }</pre>
 *
 * <p>A layer is only replaced where its factors have fewer weights, or with {@link #measured} where
 * they are faster. It stays, and {@link #plan} tells why, if its weight is not constant, has been
 * pruned or shares few values (factors would have neither zeros nor shared values), or is used by
 * nodes of different kinds. Models that are quantized already are refused. The same model, options
 * and samples give the same bytes, whatever the number of threads; but what was measured differs
 * from run to run, and {@link FactorizationPlan#ranks} with {@link #ranks} repeats it.
 *
 * <p>Defaults: weights alone decide, every layer, Tucker-2 for convolutions.
 */
public final class Factorization implements GraphPass {
  private final FactorTarget target;
  private final @Nullable Iterable<Map<String, Tensor>> samples;
  private final ConvolutionFactors convolutions;
  private final Set<String> only;
  private final Set<String> excluded;

  private Factorization(
      FactorTarget target,
      @Nullable Iterable<Map<String, Tensor>> samples,
      ConvolutionFactors convolutions,
      Set<String> only,
      Set<String> excluded) {
    this.target = target;
    this.samples = samples;
    this.convolutions = convolutions;
    this.only = only;
    this.excluded = excluded;
  }

  private static Factorization of(FactorTarget target) {
    return new Factorization(target, null, ConvolutionFactors.TUCKER, Set.of(), Set.of());
  }

  /**
   * Keeps, in each layer, a share of the sum of the squared singular values.
   *
   * @param share above 0, at most 1; of the outputs' energy where there are {@link #samples}
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if the share is out of this range
   */
  public static Factorization energy(double share) {
    requireShare("energy", share);
    return of(new FactorTarget(FactorTarget.Kind.ENERGY, share, Map.of()));
  }

  /**
   * Keeps, in each layer, at most a share of the weights.
   *
   * @param share above 0, at most 1
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if the share is out of this range
   */
  public static Factorization size(double share) {
    requireShare("size", share);
    return of(new FactorTarget(FactorTarget.Kind.SIZE, share, Map.of()));
  }

  /**
   * Takes, in each layer, the smallest rank within an error, and replaces the layer where an engine
   * runs the factors faster.
   *
   * @param error the relative error of a layer that is allowed, above 0, below 1: of its output
   *     where there are {@link #samples}, else of its weights
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if the error is out of this range
   */
  public static Factorization measured(double error) {
    if (!(error > 0 && error < 1)) {
      throw new IllegalArgumentException("the error must be above 0 and below 1, but was " + error);
    }
    return of(new FactorTarget(FactorTarget.Kind.MEASURED, error, Map.of()));
  }

  /**
   * Takes given ranks.
   *
   * @param ranks by the names of weights: one, or for Tucker factors that of the inputs and that of
   *     the outputs; other layers stay as they are
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if a rank is below 1
   */
  public static Factorization ranks(Map<String, List<Integer>> ranks) {
    ranks.forEach(
        (name, values) -> {
          if (values.isEmpty() || values.stream().anyMatch(rank -> rank < 1)) {
            throw new IllegalArgumentException(
                "ranks must be at least 1, but those of \"%s\" are %s".formatted(name, values));
          }
        });
    Factorization pass = of(new FactorTarget(FactorTarget.Kind.RANKS, 0, Map.copyOf(ranks)));
    return pass.only(ranks.keySet().toArray(String[]::new));
  }

  private static void requireShare(String what, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the %s must be above 0 and at most 1, but was %s".formatted(what, share));
    }
  }

  /**
   * Keeps the outputs of layers near instead of their weights, as samples show them (Wang and
   * others, 2024, "SVD-LLM"). Holds for fully connected layers and convolutions of one pixel.
   *
   * @param inputs each a map from the names of all inputs to tensors of full shape; read through
   *     once per run
   * @return a changed copy
   */
  public Factorization samples(Iterable<Map<String, Tensor>> inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return new Factorization(target, inputs, convolutions, only, excluded);
  }

  /**
   * Says how convolutions of more than one pixel are factorized. Default: {@link
   * ConvolutionFactors#TUCKER}.
   *
   * @param factors the way
   * @return a changed copy
   */
  public Factorization convolutions(ConvolutionFactors factors) {
    return new Factorization(target, samples, factors, only, excluded);
  }

  /**
   * Factorizes these layers only. Default: all that can be.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public Factorization only(String... weights) {
    Set<String> all = new TreeSet<>(only);
    all.addAll(List.of(weights));
    return new Factorization(target, samples, convolutions, all, excluded);
  }

  /**
   * Leaves layers as they are.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public Factorization exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new Factorization(target, samples, convolutions, only, all);
  }

  /**
   * Tells what the pass would do, without doing it.
   *
   * @param model the model; stays as it is
   * @param context how much of the machine to use
   * @return a line per layer
   * @throws GraphException as {@link #apply}
   */
  public FactorizationPlan plan(ModelGraph model, PassContext context) {
    return run(model, context).plan();
  }

  /**
   * Factorizes.
   *
   * @param model the model
   * @param context how much of the machine to use
   * @throws GraphException if the model is quantized already, a named layer is not there, or a
   *     weight is not finite
   */
  @Override
  public void apply(ModelGraph model, PassContext context) {
    run(model, context).apply();
  }

  /**
   * Returns the factors of the weight of a layer, outside of any model: of a fully connected layer,
   * {@code [outputs, inputs]}, or of a convolution, {@code [outputs, inputs, ...]}. Samples do not
   * count.
   *
   * @param weight two axes or more; finite
   * @return the weights of the thinner layers in the order in which they are applied, each of the
   *     same axes; nothing if the weight stays as it is, or no factors have fewer elements
   * @throws GraphException if an element is not finite
   */
  public List<Weight> factors(Weight weight) {
    boolean matrix = weight.shape().rank() == 2;
    boolean chosen = only.isEmpty() || only.contains(weight.name());
    boolean pixel =
        weight.shape().elements() == weight.shape().dimension(0) * weight.shape().dimension(1);
    if (!chosen
        || excluded.contains(weight.name())
        || (!pixel && convolutions == ConvolutionFactors.NONE)) {
      return List.of();
    }
    FactorSearch search = new FactorSearch(target, convolutions);
    Factors found;
    try {
      found = matrix ? search.matrix(weight, true, null) : search.convolution(weight, null);
    } catch (IllegalArgumentException e) {
      throw new GraphException(
          "weight %s cannot be factorized: %s".formatted(weight, e.getMessage()), e);
    }
    if (found.rank() == 0 || found.parameters() >= weight.shape().elements()) {
      return List.of();
    }
    List<Weight> factors = new ArrayList<>();
    for (int i = 0; i < found.values().size(); i++) {
      factors.add(Weight.ofFloats(weight.name(), found.shapes().get(i), found.values().get(i)));
    }
    return factors;
  }

  private FactorizationRun run(ModelGraph model, PassContext context) {
    return new FactorizationRun(target, samples, convolutions, only, excluded, model, context);
  }

  @Override
  public String toString() {
    return "Factorization[%s%s, samples=%s, convolutions=%s, only=%s, exclude=%s]"
        .formatted(
            target.kind(),
            target.kind() == FactorTarget.Kind.RANKS ? target.ranks() : "=" + target.value(),
            samples == null ? "none" : "given",
            convolutions,
            only,
            excluded);
  }
}
