package io.vivace.optimize.calibrate;

import io.vivace.core.Progress;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.internal.OnnxEngine;
import io.vivace.optimize.internal.SampleRun;
import io.vivace.optimize.internal.TemporaryFolder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the values between the nodes of a model while an engine runs it over samples.
 *
 * <p>A copy of the model as it is now, with the wanted values as further outputs, is written to a
 * temporary folder and opened once, without the engine's graph optimization where it can be
 * switched off, so that the values are those of the graph. Samples are run one after the other and
 * nothing of them is kept: memory does not grow with their number.
 *
 * <pre>{@code
 * try (ActivationReader reader = ActivationReader.open(model, List.of("/fc1/Relu_output_0"), context)) {
 *   reader.read(samples, activations -> activations.forEach((name, tensor) -> ...));
 * }
 * }</pre>
 *
 * <p>A pass that needs samples takes them as an argument of its own, an {@code Iterable<Map<String,
 * Tensor>>} with a tensor of full shape for each input of the model, so that a pipeline may use
 * other samples for calibration than for the comparison of its result. Not thread-safe.
 */
public final class ActivationReader implements AutoCloseable {
  private final Set<String> values;
  private final PassContext context;
  private final TemporaryFolder folder;
  private final LoadedModel loaded;

  private ActivationReader(
      Set<String> values, PassContext context, TemporaryFolder folder, LoadedModel loaded) {
    this.values = values;
    this.context = context;
    this.folder = folder;
    this.loaded = loaded;
  }

  /**
   * Opens a model so that values inside it can be read.
   *
   * @param model the model; it is the same afterwards
   * @param values names of inputs, outputs, or what nodes of the model's own graph make; each once
   * @param context whom to tell of progress, and the signal that ends the work
   * @return the reader; to be closed
   * @throws GraphException if the graph makes no value of such a name, or it is a constant
   * @throws io.vivace.core.ModelLoadException if no engine on the class path opens ONNX models, or
   *     the engine refuses the model
   * @throws java.io.UncheckedIOException if the temporary folder cannot be written
   */
  public static ActivationReader open(
      ModelGraph model, Collection<String> values, PassContext context) {
    Set<String> wanted = new LinkedHashSet<>(values);
    requireValues(model, wanted);
    TemporaryFolder folder = TemporaryFolder.create();
    LoadedModel loaded = null;
    try {
      Path file = folder.file("observed.onnx");
      ObservedModel.save(model, wanted, file);
      loaded =
          OnnxEngine.openUnoptimized(
              ModelArtifact.of(model.name() + " (observed)", file, ModelFormat.ONNX),
              "calibration runs the model");
      return new ActivationReader(wanted, context, folder, loaded);
    } finally {
      if (loaded == null) {
        folder.close();
      }
    }
  }

  private static void requireValues(ModelGraph model, Set<String> values) {
    Graph graph = model.graph();
    Set<String> known = new LinkedHashSet<>();
    graph.inputs().forEach(value -> known.add(value.name()));
    graph.nodes().forEach(node -> known.addAll(node.outputs()));
    for (String value : values) {
      if (graph.constant(value).isPresent()) {
        throw new GraphException(
            "value \"%s\" of model %s is a constant: read it from the graph"
                .formatted(value, model.name()));
      }
      if (value.isEmpty() || !known.contains(value)) {
        throw new GraphException(
            ("no node of the outermost graph of model %s makes a value \"%s\"; values inside"
                    + " branches and loops cannot be read")
                .formatted(model.name(), value));
      }
    }
  }

  /**
   * Runs the model over samples. Can be called several times.
   *
   * @param samples each a map from the names of all inputs to tensors of full shape; read through
   *     once, others in the map are ignored
   * @param visitor takes the values of each sample
   * @return the number of samples, at least 1
   * @throws IllegalArgumentException if there is no sample, or one lacks an input or has another
   *     type or shape than the model takes; the message tells which
   * @throws io.vivace.core.EngineException if the engine fails
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  public long read(Iterable<Map<String, Tensor>> samples, ActivationVisitor visitor) {
    int outputs = loaded.signature().outputs().size();
    long count = 0;
    try (ExecutionContext run = loaded.newContext()) {
      for (Map<String, Tensor> sample : samples) {
        context.stopSignal().throwIfRequested();
        List<Tensor> results =
            SampleRun.run(
                run,
                loaded.signature(),
                sample,
                "sample %d of the calibration data".formatted(count));
        Map<String, Tensor> activations = new LinkedHashMap<>();
        for (int i = 0; i < outputs; i++) {
          activations.put(loaded.signature().outputs().get(i).name(), results.get(i));
        }
        Map<String, Tensor> asked = new LinkedHashMap<>();
        for (String value : values) {
          Tensor tensor = activations.getOrDefault(value, sample.get(value));
          if (tensor != null) {
            asked.put(value, tensor);
          }
        }
        visitor.visit(asked);
        count++;
        context.progress().report(new Progress.Step("calibration", count, 0, Map.of()));
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "the calibration data hold no sample; give at least one, better a hundred");
    }
    return count;
  }

  /** Closes the engine's model and removes the temporary folder. Works twice. */
  @Override
  public void close() {
    try {
      loaded.close();
    } finally {
      folder.close();
    }
  }
}
