package io.vivace.optimize.calibrate;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.LoadedModel;
import java.util.Map;
import java.util.ServiceLoader;

/** Finds an engine on the class path and opens the model as it stands in the file. */
final class CalibrationEngine {
  private CalibrationEngine() {}

  static LoadedModel open(ModelArtifact artifact) {
    EngineProvider engine =
        ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.supports(artifact))
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "calibration runs the model, but no engine on the class path opens ONNX"
                            + " models; add io.vivace:vivace-engine-onnxruntime"));
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
