package io.vivace.optimize;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.onnx.OnnxLimits;
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
 * @param modelBytes the size of that model, with its external data
 * @param modelSha256 the SHA-256 digest of that model's file, in lower-case hexadecimal digits, by
 *     which another one is told apart. Where there is external data, what is hashed is the file and
 *     then the elements of all initializers
 * @param steps one for each step of the pipeline
 */
public record CompressionPlan(
    String model, long modelBytes, String modelSha256, List<Choice> steps) {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * Checks that nothing is missing.
   *
   * @param model the name of the model
   * @param modelBytes the size of that model
   * @param modelSha256 the digest of that model
   * @param steps one for each step
   */
  public CompressionPlan {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(modelSha256, "modelSha256");
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

  static CompressionPlan of(
      String model, long bytes, String sha256, List<Step> steps, Assignment assignment) {
    return new CompressionPlan(
        model,
        bytes,
        sha256,
        java.util.stream.IntStream.range(0, steps.size())
            .mapToObj(i -> new Choice(settings(steps.get(i)), assignment.levels(i)))
            .toList());
  }

  private static List<String> settings(Step step) {
    return step.passes().stream().map(Object::toString).toList();
  }

  /** Refuses another model, whose layers may have the same names. */
  void requireModel(ModelArtifact artifact, OnnxLimits limits) {
    if (artifact.format() == ModelFormat.OTHER) {
      return; // refused later, with the formats that can be compressed
    }
    String found = ModelHash.of(artifact, limits);
    if (!found.equals(modelSha256)) {
      throw new IllegalArgumentException(
          "the plan was made for the model %s of %,d bytes with SHA-256 %s, but %s has %s; search"
                  .formatted(model, modelBytes, modelSha256, artifact.name(), found)
              + " anew for it");
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
      JsonObject object = JSON.fromJson(json, JsonObject.class);
      if (object != null && object.has("modelBytes") && !object.has("modelSha256")) {
        throw new IllegalArgumentException(
            "it states no digest of its model (modelSha256), only a size, as plans of earlier"
                + " versions do; search anew");
      }
      if (object != null) {
        return JSON.fromJson(object, CompressionPlan.class);
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
