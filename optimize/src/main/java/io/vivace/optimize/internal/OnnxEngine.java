package io.vivace.optimize.internal;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.LoadedModel;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The engine on the class path that opens ONNX models. */
public final class OnnxEngine {
  private OnnxEngine() {}

  /**
   * Finds the first engine that opens a model's format.
   *
   * @param artifact the model
   * @return the engine; empty if there is none
   */
  public static Optional<EngineProvider> find(ModelArtifact artifact) {
    return ServiceLoader.load(EngineProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.supports(artifact))
        .findFirst();
  }

  /**
   * Finds the engine that a task cannot do without.
   *
   * @param artifact the model
   * @param task what it is for, as the begin of a sentence: "calibration runs the model"
   * @return the engine
   * @throws ModelLoadException if there is none
   */
  public static EngineProvider require(ModelArtifact artifact, String task) {
    return find(artifact)
        .orElseThrow(
            () ->
                new ModelLoadException(
                    task
                        + ", but no engine on the class path opens ONNX models; add"
                        + " io.vivace:vivace-engine-onnxruntime"));
  }

  /**
   * Opens a model as it stands in the file, so that the values inside it are those of its graph.
   *
   * @param artifact the model
   * @param task what it is for
   * @return the model; to be closed
   * @throws ModelLoadException if there is no engine, or it refuses the model
   */
  public static LoadedModel openUnoptimized(ModelArtifact artifact, String task) {
    EngineProvider engine = require(artifact, task);
    return engine.open(artifact, unoptimized(engine));
  }

  /** As the tools in Python do: fused nodes would give other values, or hide some. */
  private static EngineOptions unoptimized(EngineProvider engine) {
    try {
      return engine.parseOptions(Map.of("optimization", "none"));
    } catch (IllegalArgumentException e) {
      return engine.defaultOptions();
    }
  }
}
