package io.vivace.optimize;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** Runs TorchScript files in DJL's PyTorch engine. */
final class TorchRun {
  private TorchRun() {}

  static float[] run(Path file, Tensor input) {
    EngineProvider engine =
        ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.supports(ModelFormat.TORCHSCRIPT))
            .findFirst()
            .orElseThrow();
    ModelArtifact artifact = ModelArtifact.of("test", file, ModelFormat.TORCHSCRIPT);
    try (LoadedModel model = engine.open(artifact, engine.defaultOptions());
        ExecutionContext context = model.newContext()) {
      Tensor buffer =
          context.prepare(List.of(new TensorSpec("input", input.type(), input.shape()))).get(0);
      buffer.data().put(input.data());
      return context.run().get(0).toFloats();
    }
  }
}
