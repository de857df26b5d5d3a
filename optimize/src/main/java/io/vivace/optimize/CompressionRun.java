package io.vivace.optimize;

import io.vivace.core.Progress;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.onnx.OnnxFileWriter;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.PassContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the steps of a pipeline over one file. */
final class CompressionRun {
  private final PipelineOptions options;
  private final List<Step> steps;
  private final PassContext context;

  CompressionRun(PipelineOptions options, List<Step> steps) {
    this.options = options;
    this.steps = steps;
    this.context = options.context();
  }

  CompressionReport save(
      ModelArtifact artifact,
      Path target,
      @Nullable Assignment assignment,
      @Nullable SearchResult search) {
    EditableModel.requireCan(artifact, steps);
    long start = System.nanoTime();
    try (OutputFolder folder = OutputFolder.beside(target)) {
      Sizes sizes = write(artifact, folder, assignment, options.isChecked());
      EngineCheck.Result result =
          options.isChecked()
              ? EngineCheck.compare(artifact, folder.file(), options.samples(), options.timing())
              : new EngineCheck.Result("Not run: no check was wanted.");
      long packed = options.isChecked() ? PackedSize.of(artifact, folder.file()) : -1;
      context.stopSignal().throwIfRequested();
      folder.publish();
      return new CompressionReport(
          artifact.name(),
          steps.stream().map(Object::toString).toList(),
          sizes.before(),
          sizes.after(),
          packed,
          sizes.layers(),
          result.differences(),
          result.latency(),
          search,
          result.note(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  CompressionReport compare(ModelArtifact before, ModelArtifact after) {
    long start = System.nanoTime();
    if (before.format() != after.format()) {
      throw new GraphException(
          "models of one format can be compared, but %s is %s and %s is %s"
              .formatted(before.name(), before.format(), after.name(), after.format()));
    }
    try (EditableModel original = EditableModel.open(before, options);
        EditableModel other = EditableModel.open(after, options)) {
      EngineCheck.Result result =
          EngineCheck.compare(before, after.path(), options.samples(), options.timing());
      return new CompressionReport(
          before.name() + ", " + after.name(),
          List.of(),
          original.size(original.bytes(), context),
          other.size(other.bytes(), context),
          PackedSize.of(after, after.path()),
          LayerNoise.before(original.weights()).after(other, context),
          result.differences(),
          result.latency(),
          null,
          result.note(),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /** What the graphs say. */
  record Sizes(ModelSize before, ModelSize after, List<LayerDifference> layers) {}

  /** Writes the result into a folder. */
  Sizes write(
      ModelArtifact artifact,
      OutputFolder folder,
      @Nullable Assignment assignment,
      boolean inDetail) {
    try (EditableModel model = EditableModel.open(artifact, options)) {
      ModelSize before =
          inDetail ? model.size(model.bytes(), context) : model.quickSize(model.bytes());
      LayerNoise noise = inDetail ? LayerNoise.before(model.weights()) : null;
      apply(model, assignment);
      model.save(folder.file(), writer());
      return noise == null
          ? new Sizes(before, model.quickSize(folder.bytes()), List.of())
          : new Sizes(before, model.size(folder.bytes(), context), noise.after(model, context));
    }
  }

  private void apply(EditableModel model, @Nullable Assignment assignment) {
    for (int i = 0; i < steps.size(); i++) {
      context.stopSignal().throwIfRequested();
      if (assignment == null) {
        steps.get(i).apply(model, context);
      } else {
        steps.get(i).apply(model, context, assignment.levels(i));
      }
      context.progress().report(new Progress.Step("pass", i + 1, steps.size(), Map.of()));
    }
  }

  private OnnxFileWriter writer() {
    return OnnxFileWriter.standard()
        .threads(context.threads())
        .listener(
            (written, total) -> {
              context.stopSignal().throwIfRequested();
              if (written > 0) {
                context.progress().report(new Progress.Step("write", written, total, Map.of()));
              }
            });
  }
}
