package io.vivace.optimize;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.prune.CalibratedPruning;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.share.WeightTying;
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
 * </table>
 */
public final class Compression {
  private final ModelSource source;
  private final List<GraphPass> passes;
  private final PassContext context;
  private final OnnxLimits limits;
  private final @Nullable Iterable<Map<String, Tensor>> samples;

  private Compression(
      ModelSource source,
      List<GraphPass> passes,
      PassContext context,
      OnnxLimits limits,
      @Nullable Iterable<Map<String, Tensor>> samples) {
    this.source = Objects.requireNonNull(source, "source");
    this.passes = List.copyOf(passes);
    this.context = context;
    this.limits = Objects.requireNonNull(limits, "limits");
    this.samples = samples;
  }

  /**
   * Starts a pipeline without a pass.
   *
   * @param source the model, an ONNX file; it is read when the pipeline runs, and never changed
   * @return the pipeline
   */
  public static Compression of(ModelSource source) {
    return new Compression(source, List.of(), PassContext.defaults(), OnnxLimits.standard(), null);
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
   * Adds pruning of single weights.
   *
   * @param pruning for example {@code Pruning.magnitude().sparsity(0.5)}
   * @return a changed copy
   */
  public Compression prune(Pruning pruning) {
    return pass(pruning);
  }

  /**
   * Adds pruning of whole channels.
   *
   * @param pruning for example {@code StructuralPruning.l2().ratio(0.5)}
   * @return a changed copy
   */
  public Compression prune(StructuralPruning pruning) {
    return pass(pruning);
  }

  /**
   * Adds pruning of single weights by samples.
   *
   * @param pruning for example {@code CalibratedPruning.wanda(samples)}
   * @return a changed copy
   */
  public Compression prune(CalibratedPruning pruning) {
    return pass(pruning);
  }

  /**
   * Adds factorization.
   *
   * @param factorization for example {@code Factorization.energy(0.99)}
   * @return a changed copy
   */
  public Compression factorize(Factorization factorization) {
    return pass(factorization);
  }

  /**
   * Adds weight sharing.
   *
   * @param sharing for example {@code WeightSharing.kMeans(16)}
   * @return a changed copy
   */
  public Compression share(WeightSharing sharing) {
    return pass(sharing);
  }

  /**
   * Adds the tying of tensors.
   *
   * @param tying for example {@code WeightTying.of("conv2.weight", "conv3.weight")}
   * @return a changed copy
   */
  public Compression share(WeightTying tying) {
    return pass(tying);
  }

  /**
   * Adds any pass, for example one of your own.
   *
   * @param pass runs after those that were added before
   * @return a changed copy
   */
  public Compression pass(GraphPass pass) {
    List<GraphPass> more = new ArrayList<>(passes);
    more.add(Objects.requireNonNull(pass, "pass"));
    return new Compression(source, more, context, limits, samples);
  }

  /**
   * Sets how many threads compute and write. The result has the same bytes for any number.
   *
   * @param count 1 to 1,024; default: the number of processors
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is out of this range
   */
  public Compression threads(int count) {
    return new Compression(source, passes, context.threads(count), limits, samples);
  }

  /**
   * Sets inputs on which the outputs before and after are compared.
   *
   * @param inputs each a map from the names of all inputs to tensors of full shape; read through
   *     once per run. Default: one made up from the signature, which tells little of the quality:
   *     floats from the normal distribution, ones for integers, open sizes 1 (first axis) and 8
   * @return a changed copy
   */
  public Compression samples(Iterable<Map<String, Tensor>> inputs) {
    return new Compression(
        source, passes, context, limits, Objects.requireNonNull(inputs, "inputs"));
  }

  /**
   * Sets how much the model's file may ask for.
   *
   * @param fileLimits the limits
   * @return a changed copy
   */
  public Compression limits(OnnxLimits fileLimits) {
    return new Compression(source, passes, context, fileLimits, samples);
  }

  /**
   * Sets who hears of each pass that is done.
   *
   * @param listener the listener; what it throws is logged only
   * @return a changed copy
   */
  public Compression progress(Progress listener) {
    return new Compression(source, passes, context.progress(listener), limits, samples);
  }

  /**
   * Sets the signal that ends the run; asked after each piece of work, so within milliseconds.
   *
   * @param signal the signal
   * @return a changed copy
   */
  public Compression stopSignal(StopSignal signal) {
    return new Compression(source, passes, context.stopSignal(signal), limits, samples);
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
   *     asked
   * @throws java.io.UncheckedIOException if the file cannot be written
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  public CompressionReport saveTo(Path target) {
    long start = System.nanoTime();
    try (ModelArtifact artifact = source.resolve();
        OutputFolder folder = OutputFolder.beside(target)) {
      ModelSize before;
      ModelSize after;
      ModelSource resolved =
          () -> ModelArtifact.of(artifact.name(), artifact.path(), artifact.format());
      try (ModelGraph model = ModelGraph.open(resolved, limits)) {
        before = ModelSize.of(model, model.bytes());
        run(model);
        model.save(folder.file(), writer());
        after = ModelSize.of(model, folder.bytes());
      }
      EngineCheck.Result result = EngineCheck.compare(artifact, folder.file(), samples);
      folder.publish();
      return new CompressionReport(
          artifact.name(),
          passes.stream().map(Object::toString).toList(),
          before,
          after,
          result.differences(),
          result.note(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void run(ModelGraph model) {
    for (int i = 0; i < passes.size(); i++) {
      context.stopSignal().throwIfRequested();
      passes.get(i).apply(model, context);
      context.progress().report(new Progress.Step("pass", i + 1, passes.size(), Map.of()));
    }
  }

  private OnnxFileWriter writer() {
    return OnnxFileWriter.standard()
        .threads(context.threads())
        .listener((written, total) -> context.stopSignal().throwIfRequested());
  }

  @Override
  public String toString() {
    return "Compression[source=" + source + ", passes=" + passes + ", " + context + "]";
  }
}
