package io.vivace.engines.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a TorchScript file on the device that the options ask for. */
final class ModelOpener {
  private static final Logger log = LoggerFactory.getLogger(ModelOpener.class);

  private ModelOpener() {}

  static PyTorchModel open(Engine engine, ModelArtifact artifact, PyTorchOptions options) {
    int cuda = options.cudaDevice();
    if (cuda == PyTorchOptions.NO_CUDA) {
      return openOn(engine, artifact, Device.cpu());
    }
    try {
      int found = engine.getGpuCount();
      if (cuda >= found) {
        throw failed(
            artifact, "cuda:" + cuda + " is not there; CUDA devices found: " + found, null);
      }
      return openOn(engine, artifact, Device.gpu(cuda));
    } catch (ModelLoadException e) {
      if (!options.isCpuAllowed()) {
        throw e;
      }
      PyTorchModel model = openOn(engine, artifact, Device.cpu());
      log.warn(
          "model {} runs on the processor, since cuda:{} cannot be used: {}",
          artifact.name(),
          cuda,
          e.getMessage());
      return model;
    }
  }

  private static PyTorchModel openOn(Engine engine, ModelArtifact artifact, Device device) {
    Model model = engine.newModel(artifact.name(), device);
    try {
      // A file may have been saved on another device.
      model.load(artifact.path(), artifact.name(), Map.of("mapLocation", "true"));
      return new PyTorchModel(artifact.name(), model, device);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw failed(artifact, firstLine(e), e);
    }
  }

  /** The rest of a message of PyTorch is a C++ stack trace. */
  static String firstLine(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message.lines().findFirst().orElse("");
  }

  private static ModelLoadException failed(
      ModelArtifact artifact, String reason, @org.jspecify.annotations.Nullable Exception cause) {
    return new ModelLoadException(
        String.format(
            "model %s cannot be opened by engine %s: %s",
            artifact.name(), PyTorchOptions.ENGINE, reason),
        cause);
  }
}
