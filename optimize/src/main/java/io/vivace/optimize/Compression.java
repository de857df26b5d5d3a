package io.vivace.optimize;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.quantize.Quantization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of passes over a model file. Immutable: each step and option returns a changed copy,
 * and one pipeline may be run several times.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #threads(int) threads}</td><td>number of processors</td></tr>
 * <tr><td>{@link #samples(Iterable) samples}</td><td>made up from the signature</td></tr>
 * <tr><td>{@link #limits(OnnxLimits) limits}</td><td>{@link OnnxLimits#standard()}</td></tr>
 * <tr><td>{@link #progress(Progress) progress}</td><td>nobody listens</td></tr>
 * <tr><td>{@link #stopSignal(StopSignal) stopSignal}</td><td>never given</td></tr>
 * <tr><td>{@link #timing(Duration) timing}</td><td>0.3 s</td></tr>
 * <tr><td>{@link #unchecked() check}</td><td>an engine loads, runs and times the result</td></tr>
 * </table>
 */
public final class Compression {
  private final ModelSource source;
  private final List<Step> steps;
  private final PipelineOptions options;
  private final @Nullable CompressionPlan plan;

  private Compression(
      ModelSource source,
      List<Step> steps,
      PipelineOptions options,
      @Nullable CompressionPlan plan) {
    this.source = Objects.requireNonNull(source, "source");
    this.steps = List.copyOf(steps);
    this.options = options;
    this.plan = plan;
  }

  /**
   * Starts a pipeline without a pass.
   *
   * @param source the model, an ONNX file or a TorchScript archive; it is read when the pipeline
   *     runs, and changed only if it is the target as well
   * @return the pipeline
   */
  public static Compression of(ModelSource source) {
    return new Compression(source, List.of(), PipelineOptions.defaults(), null);
  }

  /**
   * Adds quantization.
   *
   * @param quantization for example {@code Quantization.dynamicInt8()}
   * @return a changed copy
   */
  public Compression quantize(Quantization quantization) {
    return pass(quantization);
  }

  /**
   * Adds pruning.
   *
   * @param pruning of single weights, {@code Pruning.magnitude().sparsity(0.5)} or {@code
   *     CalibratedPruning.wanda(samples)}, or of whole channels, {@code
   *     StructuralPruning.l2().ratio(0.5)}, which makes the model smaller and faster
   * @return a changed copy
   */
  public Compression prune(GraphPass pruning) {
    return pass(pruning);
  }

  /**
   * Adds factorization.
   *
   * @param factorization for example {@code Factorization.energy(0.99)}
   * @return a changed copy
   * @throws IllegalArgumentException after steps that prune, share or round single weights: factors
   *     would be dense again
   */
  public Compression factorize(Factorization factorization) {
    return pass(factorization);
  }

  /**
   * Adds weight sharing.
   *
   * @param sharing of values, {@code WeightSharing.kMeans(16)}, or of whole tensors, {@code
   *     WeightTying.of("conv2.weight", "conv3.weight")}
   * @return a changed copy
   */
  public Compression share(GraphPass sharing) {
    return pass(sharing);
  }

  /**
   * Adds packing: sparse and shared weights take little space in the file. The last step: a further
   * one is refused, as it would not see packed weights.
   *
   * @param packing for example {@code Packing.standard()}
   * @return a changed copy
   */
  public Compression pack(Packing packing) {
    return pass(packing);
  }

  /**
   * Adds any pass, for example one of your own.
   *
   * @param pass runs after those that were added before
   * @return a changed copy
   * @throws IllegalArgumentException if it would undo an earlier step, or not see its result: any
   *     pass after packing, and factorization after passes that give single weights other values
   */
  public Compression pass(GraphPass pass) {
    return step(List.of(Objects.requireNonNull(pass, "pass")));
  }

  /**
   * Adds a step in which each layer gets one of several settings, or stays as it is: {@link
   * #keep(QualityLimit) keep} finds out which. Without a search every layer gets the strongest.
   *
   * @param strongest the setting that makes layers smallest
   * @param milder others, stronger ones first
   * @return a changed copy
   */
  public Compression choose(LayerPass strongest, LayerPass... milder) {
    List<GraphPass> settings = new ArrayList<>();
    settings.add(Objects.requireNonNull(strongest, "strongest"));
    settings.addAll(List.of(milder));
    return step(settings);
  }

  private Compression step(List<GraphPass> settings) {
    List<Step> more = new ArrayList<>(steps);
    more.add(new Step(settings));
    StepOrder.require(more);
    return new Compression(source, more, options, plan);
  }

  /**
   * Replays what a search found, instead of doing the strongest to every layer.
   *
   * @param found the plan, of a pipeline with the same steps on the same model: {@link #saveTo}
   *     refuses another one
   * @return a changed copy
   */
  public Compression plan(CompressionPlan found) {
    return new Compression(source, steps, options, Objects.requireNonNull(found, "found"));
  }

  /**
   * Goes over to a search for the smallest result that is still good enough.
   *
   * @param limit for example {@code Quality.of(open, score).within(0.005)}
   * @return the search, which takes more limits
   */
  public CompressionSearch keep(QualityLimit limit) {
    return new CompressionSearch(source, steps, options, limit);
  }

  /**
   * Sets how many threads compute and write. The result has the same bytes for any number.
   *
   * @param count 1 to 1,024; default: the number of processors
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is out of this range
   */
  public Compression threads(int count) {
    return with(options.context(options.context().threads(count)));
  }

  /**
   * Sets inputs on which the outputs before and after are compared.
   *
   * @param inputs each a map from the names of all inputs to tensors of full shape; read through
   *     once per run, and the first one once more. Default: one made up from the signature, which
   *     tells little of the quality: floats from the normal distribution, ones for integers, open
   *     sizes 1 (first axis) and 8
   * @return a changed copy
   */
  public Compression samples(Iterable<Map<String, Tensor>> inputs) {
    return with(options.samples(inputs));
  }

  /**
   * Leaves out what takes time beside the compression itself: no engine loads the result, and the
   * report has no differences, latency, non-zeros and MACs.
   *
   * @return a changed copy
   */
  public Compression unchecked() {
    return with(options.unchecked());
  }

  /**
   * Sets how long both models are run in turns, to compare their latency.
   *
   * @param duration 0 for no measurement; default 0.3 s
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public Compression timing(Duration duration) {
    return with(options.timing(duration));
  }

  /**
   * Sets how much the model's file may ask for.
   *
   * @param fileLimits the limits
   * @return a changed copy
   */
  public Compression limits(OnnxLimits fileLimits) {
    return with(options.limits(fileLimits));
  }

  /**
   * Sets who hears of each pass that is done, of the bytes written, and of the trials of a search.
   *
   * @param listener the listener; what it throws is logged only
   * @return a changed copy
   */
  public Compression progress(Progress listener) {
    return with(options.context(options.context().progress(listener)));
  }

  /**
   * Sets the signal that ends the run; asked after each piece of work, so within milliseconds.
   *
   * @param signal the signal
   * @return a changed copy
   */
  public Compression stopSignal(StopSignal signal) {
    return with(options.context(options.context().stopSignal(signal)));
  }

  private Compression with(PipelineOptions changed) {
    return new Compression(source, steps, changed, plan);
  }

  /**
   * Runs the passes and writes the model: whole, or not at all. The result is loaded and run by an
   * engine before it takes the target's name, if one is on the class path that opens it.
   *
   * @param target the file; replaced if it exists. It may be the source's own
   * @return what was done
   * @throws io.vivace.core.ModelLoadException if the model cannot be read, or an engine refuses the
   *     result
   * @throws io.vivace.optimize.graph.GraphException if a pass cannot do with this model what was
   *     asked, as one that changes the graph of a TorchScript archive
   * @throws IllegalArgumentException if a plan was given that is not for these steps or this model,
   *     or if the samples are empty or do not fit the model
   * @throws java.io.UncheckedIOException if the file cannot be written
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  public CompressionReport saveTo(Path target) {
    Assignment assignment = plan == null ? null : plan.assignment(steps);
    try (ModelArtifact artifact = source.resolve()) {
      if (plan != null) {
        plan.requireModel(artifact, options.limits());
      }
      return new CompressionRun(options, steps).save(artifact, target, assignment, null);
    }
  }

  /**
   * Compares this pipeline's source with another file of the same model, whoever made it. The steps
   * do not matter.
   *
   * @param other the other file, of the same format
   * @return what is different: {@link CompressionReport#before()} is of the source, {@code after}
   *     of the other one
   * @throws io.vivace.core.ModelLoadException if one of them cannot be read, or the other one lacks
   *     an output of this pipeline's source; outputs are compared by their names
   * @throws io.vivace.optimize.graph.GraphException if they are of different formats
   * @throws IllegalArgumentException if the samples are empty or do not fit both models
   */
  public CompressionReport compareWith(ModelSource other) {
    try (ModelArtifact artifact = source.resolve();
        ModelArtifact found = other.resolve()) {
      return new CompressionRun(options, List.of()).compare(artifact, found);
    }
  }

  @Override
  public String toString() {
    return "Compression[source=" + source + ", steps=" + steps + ", " + options + "]";
  }
}
