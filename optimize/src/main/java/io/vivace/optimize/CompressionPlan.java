package io.vivace.optimize;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.internal.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which setting each layer gets in each step of a pipeline: what a search found. A pipeline with
 * the same steps replays it to the same bytes, see {@link Compression#plan}; a step that chooses by
 * measured time itself, as factorization may, measures again.
 *
 * @param model the name of the model that it was made for
 * @param modelBytes the size of that model, by which another one is told apart
 * @param steps one for each step of the pipeline
 */
public record CompressionPlan(String model, long modelBytes, List<Choice> steps) {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * Checks that nothing is missing.
   *
   * @param model the name of the model
   * @param modelBytes the size of that model
   * @param steps one for each step
   */
  public CompressionPlan {
    Objects.requireNonNull(model, "model");
    steps = List.copyOf(steps);
  }

  /**
   * What a step does.
   *
   * @param settings the passes to choose from, the strongest first, as text
   * @param levels the number of the setting by the name of the layer's weight; one above the last
   *     leaves the layer as it is. Layers that are not named have the first setting
   */
  public record Choice(List<String> settings, Map<String, Integer> levels) {
    /**
     * Copies list and map.
     *
     * @param settings the passes to choose from
     * @param levels the number of the setting by layer
     */
    public Choice {
      settings = List.copyOf(settings);
      levels = Collections.unmodifiableMap(new TreeMap<>(levels));
    }
  }

  static CompressionPlan of(String model, long bytes, List<Step> steps, Assignment assignment) {
    return new CompressionPlan(
        model,
        bytes,
        java.util.stream.IntStream.range(0, steps.size())
            .mapToObj(i -> new Choice(settings(steps.get(i)), assignment.levels(i)))
            .toList());
  }

  private static List<String> settings(Step step) {
    return step.passes().stream().map(Object::toString).toList();
  }

  /** Refuses another model, whose layers may have the same names. */
  void requireModel(ModelArtifact artifact, OnnxLimits limits) {
    if (artifact.format() != ModelFormat.ONNX) {
      return;
    }
    ModelSource unowned =
        () -> ModelArtifact.of(artifact.name(), artifact.path(), artifact.format());
    try (ModelGraph graph = ModelGraph.open(unowned, limits)) {
      if (graph.bytes() != modelBytes) {
        throw new IllegalArgumentException(
            "the plan was made for the model %s of %,d bytes, but %s has %,d; search anew for it"
                .formatted(model, modelBytes, artifact.name(), graph.bytes()));
      }
    }
  }

  /** The assignment, for a pipeline that has these steps. */
  Assignment assignment(List<Step> pipeline) {
    List<List<String>> wanted = steps.stream().map(Choice::settings).toList();
    List<List<String>> found = pipeline.stream().map(CompressionPlan::settings).toList();
    if (!wanted.equals(found)) {
      throw new IllegalArgumentException(
          "the plan was made for a pipeline of %s, but this one has %s; give it the same steps"
              .formatted(wanted, found));
    }
    return new Assignment(steps.stream().map(Choice::levels).toList());
  }

  /**
   * Returns the plan as JSON.
   *
   * @return one object
   */
  public String toJson() {
    return JSON.toJson(this);
  }

  /**
   * Reads a plan.
   *
   * @param json what {@link #toJson} gave
   * @return the plan
   * @throws IllegalArgumentException if it is no plan
   */
  public static CompressionPlan parse(String json) {
    try {
      CompressionPlan plan = JSON.fromJson(json, CompressionPlan.class);
      if (plan != null) {
        return plan;
      }
    } catch (RuntimeException e) { // the parser wraps what a constructor throws
      throw new IllegalArgumentException("this is no compression plan: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("this is no compression plan: it is empty");
  }

  /**
   * Writes the plan, whole or not at all.
   *
   * @param file the file; replaced if it exists
   * @throws UncheckedIOException if it cannot be written
   */
  public void saveTo(Path file) {
    AtomicFile.write(file, out -> out.write(toJson().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads a plan from a file.
   *
   * @param file what {@link #saveTo} wrote
   * @return the plan
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalArgumentException if it is no plan
   */
  public static CompressionPlan load(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the plan " + file + ": " + e, e);
    }
  }
}
