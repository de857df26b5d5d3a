package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.BatchNormFolding;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.HardSwishFusion;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.ShortNames;
import io.vivace.optimize.graph.TypeInference;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Static int8: weights and activations are quantized with scales that are fixed now, from the
 * ranges that activations take over calibration samples. For convolutional networks. The operators
 * stay as they are, with {@code QuantizeLinear} and {@code DequantizeLinear} around them (QDQ
 * form), which engines turn into integer operators. Immutable: each option returns a changed copy.
 *
 * <p>Samples are an argument of this pass, apart from those that a pipeline compares its result on:
 * data for calibration should not be data for testing. A hundred are plenty; memory does not grow
 * with their number. They are run by an engine on the class path.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th><th>in strict mode</th></tr>
 * <tr><td>form</td><td>{@link #quantizeDequantize()}</td><td>same</td></tr>
 * <tr><td>calibration</td><td>{@link Calibration#minMax()}</td><td>same</td></tr>
 * <tr><td>scales of weights</td><td>{@link #perChannel()}</td><td>{@link #perTensor()}</td></tr>
 * <tr><td>type of weights</td><td>{@link #unsignedWeights()}, zero point 128</td>
 * <td>{@link #signedWeights()}</td></tr>
 * <tr><td>type of activations</td><td>{@link #unsignedActivations()}</td>
 * <td>{@link #signedActivations()}</td></tr>
 * <tr><td>operators</td><td>all that have integer kernels; see {@link #whereFaster()}</td>
 * <td>all that the tool knows</td></tr>
 * <tr><td>range of signed weights</td><td>{@link #reduceRange()}</td>
 * <td>{@link #fullRange()}</td></tr>
 * </table>
 */
public final class StaticQuantization implements Quantization, LayerPass {
  /** Scales along an axis came with it. */
  private static final long LOWEST_OPSET = 13;

  private static final long LOWEST_STRICT_OPSET = 10;

  private final StaticOptions options;

  private StaticQuantization(StaticOptions options) {
    this.options = options;
  }

  static StaticQuantization of(Iterable<Map<String, Tensor>> samples) {
    StaticOptions options = new StaticOptions();
    options.samples = Objects.requireNonNull(samples, "samples");
    return new StaticQuantization(options);
  }

  static StaticQuantization of(Map<String, ActivationRange> ranges) {
    StaticOptions options = new StaticOptions();
    options.ranges = Map.copyOf(ranges);
    return new StaticQuantization(options);
  }

  private StaticQuantization with(Consumer<StaticOptions> change) {
    StaticOptions copy = options.copy();
    change.accept(copy);
    return new StaticQuantization(copy);
  }

  /**
   * Sets how ranges are chosen from the samples.
   *
   * @param way the way
   * @return a changed copy
   */
  public StaticQuantization calibration(Calibration way) {
    Objects.requireNonNull(way, "way");
    return with(copy -> copy.calibration = way);
  }

  /**
   * Keeps the operators as they are and puts {@code QuantizeLinear} and {@code DequantizeLinear}
   * around them (QDQ form).
   *
   * @return a changed copy
   */
  public StaticQuantization quantizeDequantize() {
    return with(copy -> copy.operators = false);
  }

  /**
   * Writes the integer operators themselves, as {@code QLinearConv}, where there are any (QOperator
   * form). Some are ONNX Runtime's own, in the domain {@code com.microsoft}. Not in strict mode.
   *
   * @return a changed copy
   */
  public StaticQuantization integerOperators() {
    return with(copy -> copy.operators = true);
  }

  /**
   * Gives each output channel of a weight its own scale; symmetric always.
   *
   * @return a changed copy
   */
  public StaticQuantization perChannel() {
    return with(copy -> copy.perChannel = true);
  }

  /**
   * Gives each weight one scale.
   *
   * @return a changed copy
   */
  public StaticQuantization perTensor() {
    return with(copy -> copy.perChannel = false);
  }

  /**
   * Makes weights unsigned; symmetric ones have zero point 128. Right on any processor with all
   * eight bits.
   *
   * @return a changed copy
   */
  public StaticQuantization unsignedWeights() {
    return with(copy -> copy.unsignedWeights = true);
  }

  /**
   * Makes weights signed, with zero point 0. Faster than unsigned ones on processors with VNNI. On
   * x86 processors without it they need the reduced range.
   *
   * @return a changed copy
   */
  public StaticQuantization signedWeights() {
    return with(copy -> copy.unsignedWeights = false);
  }

  /**
   * Lets weights of one scale have a range that is not symmetric. Has no effect per channel.
   *
   * @return a changed copy
   */
  public StaticQuantization asymmetricWeights() {
    return with(copy -> copy.asymmetricWeights = true);
  }

  /**
   * Makes activations unsigned.
   *
   * @return a changed copy
   */
  public StaticQuantization unsignedActivations() {
    return with(copy -> copy.unsignedActivations = true);
  }

  /**
   * Makes activations signed: fast on ARM. Engines on x86 run fewer operators on such integers.
   *
   * @return a changed copy
   */
  public StaticQuantization signedActivations() {
    return with(copy -> copy.unsignedActivations = false);
  }

  /**
   * Makes the ranges of activations symmetric. {@code Relu} and {@code Clip} then stay in the
   * graph.
   *
   * @return a changed copy
   */
  public StaticQuantization symmetricActivations() {
    return with(copy -> copy.symmetricActivations = true);
  }

  /**
   * Takes one bit of all weights away, -64 to 64 or 0 to 127.
   *
   * @return a changed copy
   */
  public StaticQuantization reduceRange() {
    return with(copy -> copy.reduced = true);
  }

  /**
   * Uses all eight bits of all weights. Processors with AVX2 or AVX-512 but without VNNI then give
   * wrong results now and then with signed weights and unsigned activations.
   *
   * @return a changed copy
   */
  public StaticQuantization fullRange() {
    return with(copy -> copy.reduced = false);
  }

  /**
   * Leaves nodes as they are.
   *
   * @param nodes names of nodes; each must be there when the pass runs
   * @return a changed copy
   */
  public StaticQuantization exclude(String... nodes) {
    return with(
        copy -> copy.excludedNodes = DynamicOptions.joined(copy.excludedNodes, List.of(nodes)));
  }

  /**
   * Leaves all nodes of some operators as they are.
   *
   * @param operators for example {@code Add}
   * @return a changed copy
   */
  public StaticQuantization excludeOperators(String... operators) {
    return with(
        copy ->
            copy.excludedOperators =
                DynamicOptions.joined(copy.excludedOperators, List.of(operators)));
  }

  /**
   * Quantizes only where integers are faster: products with at least 24 multiplications per element
   * that goes in or out, and what lies between two of them. Depthwise convolutions, those of few
   * channels and those of one pixel stay floats, since the conversions around them take more time
   * than integers save. Default: all products, which makes the file smallest. Not in strict mode.
   *
   * @return a changed copy
   */
  public StaticQuantization whereFaster() {
    return with(copy -> copy.selective = true);
  }

  /**
   * Makes the channels between two layers equally large first, see {@link CrossLayerEqualization}:
   * for networks whose channels are very different, such as those with depthwise convolutions, and
   * for {@link #perTensor()}. A {@code Clip} whose upper bound no sample reaches becomes a {@code
   * Relu}. Default: no. Not in strict mode.
   *
   * @return a changed copy
   */
  public StaticQuantization equalized() {
    return with(copy -> copy.equalized = true);
  }

  /**
   * Takes back by how much rounding shifts the mean of each output channel of convolutions and
   * Gemm, measured on the first 32 samples, layer after layer: the model runs on them once more per
   * layer. Default: no. Needs samples, and not the strict mode.
   *
   * @return a changed copy
   */
  public StaticQuantization correctBias() {
    return with(copy -> copy.corrected = true);
  }

  @Override
  public StaticQuantization without(Collection<String> weights) {
    return with(
        copy -> copy.excludedWeights = DynamicOptions.joined(copy.excludedWeights, weights));
  }

  /**
   * Does what ONNX Runtime's {@code quantize_static} (1.30, QDQ form) does with the same options
   * and ranges: the same values are quantized, with the same integers, scales and zero points.
   * Weights in {@code Constant} nodes are weights, too, and scales per channel raise the operator
   * set to 13, where the tool writes a file that no engine opens.
   *
   * @return a changed copy
   */
  public StaticQuantization strict() {
    return with(copy -> copy.strict = true);
  }

  @Override
  public void apply(ModelGraph model, PassContext context) {
    Graph graph = model.graph();
    FloatModel.require(model);
    FloatModel.requireNodes(model, options.excludedNodes);
    requireOptions();
    long opset = options.strict && !options.isPerChannel() ? LOWEST_STRICT_OPSET : LOWEST_OPSET;
    OpsetConversion.atLeast(opset).apply(model, context);
    new ConstantLifting().apply(model, context);
    // Before other passes rename the weights.
    Set<Node> spared = FloatModel.users(model, options.excludedWeights);
    if (!options.strict) {
      new BatchNormFolding().apply(model, context);
      new HardSwishFusion().apply(model, context);
      new DeadCode().apply(model, context);
    }
    if (options.equalized) {
      equalize(model, context);
    }
    TypeInference types = TypeInference.of(model);
    StaticOperators operators = new StaticOperators(graph, types, options, spared);
    BiasCorrection correction =
        options.corrected && options.samples != null
            ? BiasCorrection.before(model, operators, options.samples, context)
            : null;
    Map<String, ActivationRange> ranges = ranges(model, operators.candidates(), context);
    AbsorbedRanges.adjust(graph, operators, ranges);
    QdqPlan plan = new QdqPlacement(graph, types, model.opset(), options, operators, ranges).plan();
    StaticScales scales = new StaticScales(graph, options, ranges);
    scales.fit(plan, context);
    new QdqWriter(graph, plan, scales, options).write();
    if (correction != null) {
      correction.apply(model, context);
    }
    if (options.operators && IntegerOperators.rewrite(graph)) {
      model.opset(IntegerOperators.CONTRIB, 1);
    }
    new DeadCode().apply(model, context);
    if (!options.strict) {
      new DuplicateWeights().apply(model, context);
      new ShortNames().apply(model, context);
    }
  }

  private void equalize(ModelGraph model, PassContext context) {
    if (options.samples != null) {
      UnreachedBounds.remove(model, options.samples, context);
    }
    new CrossLayerEqualization().apply(model, context);
  }

  private Map<String, ActivationRange> ranges(
      ModelGraph model, Set<String> candidates, PassContext context) {
    if (options.samples == null || candidates.isEmpty()) {
      return new HashMap<>(options.ranges);
    }
    return new HashMap<>(options.calibration.ranges(model, candidates, options.samples, context));
  }

  private void requireOptions() {
    if (options.strict && options.operators) {
      throw new GraphException(
          "integer operators were asked for in strict mode, which knows only the form of quantize"
              + " and dequantize; leave out one of the two");
    }
    if (options.strict && (options.equalized || options.corrected || options.selective)) {
      throw new GraphException(
          "equalized(), correctBias() or whereFaster() was asked for in strict mode, which does"
              + " what the tool does; leave out one of the two");
    }
    if (options.corrected && options.samples == null) {
      throw new GraphException(
          "correctBias() was asked for, but only ranges were given; give calibration samples");
    }
    if (options.hasUnsignedWeights() && !options.hasUnsignedActivations()) {
      throw new GraphException(
          "signed activations with unsigned weights were asked for, which no engine runs; make the"
              + " weights signed, or the activations unsigned");
    }
  }

  @Override
  public String toString() {
    return ("StaticQuantization[form=%s, calibration=%s, perChannel=%s, unsignedWeights=%s,"
            + " unsignedActivations=%s, symmetricActivations=%s, reduceRange=%s, exclude=%s,"
            + " without=%s, excludeOperators=%s, whereFaster=%s,"
            + " equalized=%s, correctBias=%s, strict=%s]")
        .formatted(
            options.operators ? "integerOperators" : "quantizeDequantize",
            options.calibration,
            options.isPerChannel(),
            options.hasUnsignedWeights(),
            options.hasUnsignedActivations(),
            options.symmetricActivations,
            options.isReduced(),
            options.excludedNodes,
            options.excludedWeights,
            options.excludedOperators,
            options.selective,
            options.equalized,
            options.corrected,
            options.strict);
  }
}
