package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.ShortNames;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Dynamic int8: weights are quantized now, activations while the model runs. Immutable: each option
 * returns a changed copy.
 *
 * <p>Where a layer normalization gives an activation, its scale and shift tell which channels are
 * large; they are moved into weights that have a scale per column (SmoothQuant, without data).
 * Other activations that feed one product have a scale per row. Biases, and the scales and shifts
 * of normalizations, are stored in half precision if they have 128 elements or more and fit it. Not
 * so in strict mode.
 */
public final class DynamicQuantization implements Quantization, LayerPass {
  static final DynamicQuantization DEFAULTS = new DynamicQuantization(new DynamicOptions());

  /** DynamicQuantizeLinear came with it. */
  private static final long LOWEST_OPSET = 11;

  private final DynamicOptions options;

  private DynamicQuantization(DynamicOptions options) {
    this.options = options;
  }

  private DynamicQuantization with(Consumer<DynamicOptions> change) {
    DynamicOptions copy = options.copy();
    change.accept(copy);
    return new DynamicQuantization(copy);
  }

  /**
   * Gives each output column of a matrix its own scale. The default, but not in strict mode.
   *
   * @return a changed copy
   */
  public DynamicQuantization perChannel() {
    return with(changed -> changed.perChannel = true);
  }

  /**
   * Gives each matrix one scale. The default in strict mode.
   *
   * @return a changed copy
   */
  public DynamicQuantization perTensor() {
    return with(changed -> changed.perChannel = false);
  }

  /**
   * Takes one bit of the matrices away, -64 to 64, so that processors with AVX2 or AVX-512 but
   * without VNNI cannot overflow: they add two products in 16 bits. Without this option, signed
   * weights of one scale per column get as many integers, between 64 and 127, as cannot overflow
   * there for any input; not so in strict mode.
   *
   * @return a changed copy
   */
  public DynamicQuantization reduceRange() {
    return with(changed -> changed.reduced = true);
  }

  /**
   * Uses all eight bits of the matrices: less error, on processors that can (x86 with VNNI, ARM).
   * On others signed weights give wrong results now and then. The default in strict mode, and for
   * unsigned weights.
   *
   * @return a changed copy
   */
  public DynamicQuantization fullRange() {
    return with(changed -> changed.reduced = false);
  }

  /**
   * Makes the matrices unsigned, with zero point 128 (strict mode: as the tool does). Right on any
   * processor with all eight bits, but slower where there is VNNI. Default: signed.
   *
   * @return a changed copy
   */
  public DynamicQuantization unsignedWeights() {
    return with(changed -> changed.unsignedWeights = true);
  }

  /**
   * Leaves nodes as they are.
   *
   * @param nodes names of nodes; each must be there when the pass runs
   * @return a changed copy
   */
  public DynamicQuantization exclude(String... nodes) {
    List<String> more = List.of(nodes);
    return with(
        changed -> changed.excludedNodes = DynamicOptions.joined(changed.excludedNodes, more));
  }

  /**
   * Leaves all nodes of some operators as they are.
   *
   * @param operators for example {@code Gather}
   * @return a changed copy
   */
  public DynamicQuantization excludeOperators(String... operators) {
    List<String> more = List.of(operators);
    return with(
        changed ->
            changed.excludedOperators = DynamicOptions.joined(changed.excludedOperators, more));
  }

  /**
   * Moves the large channels of activations into the weights before both are quantized
   * (SmoothQuant), where that makes the product more exact; how far is searched for each
   * activation. Activations then have one scale each time, not one per row, which is faster. Not in
   * strict mode. An engine on the class path runs the samples.
   *
   * @param calibration calibration data: each a map from the names of all inputs to tensors of full
   *     shape; some dozens are enough. Read through once per run, apart from those that a pipeline
   *     compares its result on
   * @return a changed copy
   */
  public DynamicQuantization smoothed(Iterable<Map<String, Tensor>> calibration) {
    Objects.requireNonNull(calibration, "calibration");
    return with(changed -> changed.samples = calibration);
  }

  /**
   * Does exactly what ONNX Runtime's tool does with the same options, faults included.
   *
   * @param release which release of the tool
   * @return a changed copy
   */
  public DynamicQuantization strict(StrictProfile release) {
    Objects.requireNonNull(release, "release");
    return with(changed -> changed.profile = release);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    Graph graph = model.graph();
    FloatModel.require(model);
    FloatModel.requireNodes(model, options.excludedNodes);
    FloatModel.users(model, options.excludedWeights);
    OpsetConversion.atLeast(LOWEST_OPSET).apply(model, context);
    StrictProfile release = options.profile;
    if (release != null) {
      new ToolRewriter(graph, this, release).rewrite(context);
      return;
    }
    new ConstantLifting().apply(model, context);
    GemmRewriter.rewrite(graph);
    Set<String> smooth = smooth(model, context);
    HalfVectors.store(graph);
    new DynamicRewriter(graph, this, model.opset(), smooth).rewrite(context);
    new DeadCode().apply(model, context);
    new DuplicateWeights().apply(model, context);
    new ShortNames().apply(model, context);
  }

  /** The names of smooth activations. Matrices of one scale each have none for the channels. */
  private Set<String> smooth(ModelGraph model, PassContext context) {
    DynamicRewriter products = new DynamicRewriter(model.graph(), this, model.opset());
    Smoothing smoothing =
        new Smoothing(model.graph(), products::isProduct, value -> !products.isAttention(value));
    Iterable<Map<String, Tensor>> calibration = options.samples;
    if (calibration != null) {
      return smoothing.apply(model, calibration, context);
    }
    return isPerChannel() ? smoothing.applyExpected(context) : Set.of();
  }

  @Override
  public DynamicQuantization without(Collection<String> weights) {
    return with(
        changed ->
            changed.excludedWeights = DynamicOptions.joined(changed.excludedWeights, weights));
  }

  boolean includes(Node node) {
    return node.domain().isEmpty()
        && !options.excludedOperators.contains(node.operator())
        && !options.excludedNodes.contains(node.name())
        && node.inputs().stream().noneMatch(options.excludedWeights::contains);
  }

  boolean isPerChannel() {
    return options.perChannel == null ? options.profile == null : options.perChannel;
  }

  boolean isReduced() {
    return options.reduced == null
        ? options.profile == null && !options.unsignedWeights
        : options.reduced;
  }

  /** Whether each column of a matrix gets as many integers as cannot overflow. */
  boolean isRangeAutomatic() {
    return options.reduced == null
        && options.profile == null
        && !options.unsignedWeights
        && isPerChannel();
  }

  boolean isSmoothed() {
    return options.samples != null;
  }

  boolean hasUnsignedWeights() {
    return options.unsignedWeights;
  }

  @Override
  public String toString() {
    return ("DynamicQuantization[perChannel=%s, reduceRange=%s, unsignedWeights=%s, exclude=%s,"
            + " without=%s, excludeOperators=%s, strict=%s, smoothed=%s]")
        .formatted(
            isPerChannel(),
            isRangeAutomatic() ? "automatic" : isReduced(),
            options.unsignedWeights,
            options.excludedNodes,
            options.excludedWeights,
            options.excludedOperators,
            options.profile,
            options.samples != null);
  }
}
