package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.vivace.core.InferenceException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.EngineReport;
import io.vivace.core.spi.LoadedModel;
import java.util.List;
import java.util.Map;

/** Opens ONNX models with ONNX Runtime. Thread-safe. */
public final class OnnxRuntimeProvider implements EngineProvider {
  /** Makes a provider; native code is loaded with the first model. */
  public OnnxRuntimeProvider() {}

  @Override
  public String name() {
    return OnnxRuntimeOptions.ENGINE;
  }

  @Override
  public boolean supports(ModelFormat format) {
    return format == ModelFormat.ONNX;
  }

  @Override
  public EngineOptions defaultOptions() {
    return OnnxRuntimeOptions.cpu();
  }

  @Override
  public EngineOptions parseOptions(Map<String, String> options) {
    return OptionsParser.parse(options);
  }

  @Override
  public LoadedModel open(ModelArtifact artifact, EngineOptions options) {
    if (!supports(artifact.format())) {
      throw new ModelLoadException(
          String.format(
              "model %s is a %s file; engine %s opens ONNX files only",
              artifact.name(), artifact.format(), name()));
    }
    if (!(options instanceof OnnxRuntimeOptions own)) {
      throw new ModelLoadException(
          String.format(
              "model %s, engine %s: the options must be OnnxRuntimeOptions, but were %s",
              artifact.name(), name(), options));
    }
    OrtEnvironment environment = SharedEnvironment.start();
    if (own.isTested()) {
      NativeSelfTest.shared().ensure();
    }
    return OnnxModel.open(environment, artifact, own);
  }

  @Override
  public EngineReport report() {
    try {
      String version = SharedEnvironment.start().getVersion();
      NativeSelfTest.shared().ensure();
      return new EngineReport(
          name(),
          true,
          version,
          SharedEnvironment.library(),
          devices(),
          NativeSelfTest.shared().verdict(),
          List.of(),
          List.of());
    } catch (InferenceException e) {
      return EngineReport.unavailable(name(), String.valueOf(e.getMessage()));
    }
  }

  private static List<String> devices() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)
        ? List.of("cpu", "gpu")
        : List.of("cpu");
  }
}
