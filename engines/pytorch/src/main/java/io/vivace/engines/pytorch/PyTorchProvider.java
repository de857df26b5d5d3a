package io.vivace.engines.pytorch;

import ai.djl.engine.Engine;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Opens TorchScript models with PyTorch. Thread-safe. */
public final class PyTorchProvider implements EngineProvider {
  /** Makes a provider; native code is loaded with the first model. */
  public PyTorchProvider() {}

  @Override
  public String name() {
    return PyTorchOptions.ENGINE;
  }

  @Override
  public boolean supports(ModelFormat format) {
    return format == ModelFormat.TORCHSCRIPT;
  }

  @Override
  public EngineOptions defaultOptions() {
    return PyTorchOptions.cpu();
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
              "model %s is a %s file; engine %s opens TorchScript files only",
              artifact.name(), artifact.format(), name()));
    }
    if (!(options instanceof PyTorchOptions own)) {
      throw new ModelLoadException(
          String.format(
              "model %s, engine %s: the options must be PyTorchOptions, but were %s",
              artifact.name(), name(), options));
    }
    PyTorchRuntime runtime = PyTorchRuntime.start(own.isDownloadAllowed());
    runtime.prepareFor(own);
    return ModelOpener.open(runtime.engine(), artifact, own);
  }

  @Override
  public EngineReport report() {
    try {
      PyTorchRuntime runtime = PyTorchRuntime.start(false);
      runtime.selfTest().ensure(PyTorchOptions.SelfTest.AUTO);
      return new EngineReport(
          name(),
          true,
          runtime.engine().getVersion(),
          runtime.library(),
          devices(runtime.engine()),
          runtime.selfTest().verdict(),
          List.of(),
          List.of());
    } catch (InferenceException e) {
      return unavailable(e);
    }
  }

  private EngineReport unavailable(InferenceException reason) {
    NativeArtifact artifact = NativeArtifact.find();
    return new EngineReport(
        name(),
        false,
        "",
        artifact.origin(),
        List.of(),
        "",
        artifact.isMissing() ? List.of(artifact.coordinates()) : List.of(),
        List.of(String.valueOf(reason.getMessage())));
  }

  private static List<String> devices(Engine engine) {
    Stream<String> cards = IntStream.range(0, engine.getGpuCount()).mapToObj(i -> "gpu:" + i);
    return Stream.concat(Stream.of("cpu"), cards).toList();
  }
}
