package io.vivace.core.observe;

import java.util.Objects;

/**
 * Names the model that an event is about. A predictor makes one for each version that it loads and
 * passes the same object with every event of that version.
 *
 * @param predictor the predictor's name
 * @param version the version of the model, for example {@code 1}; a swap brings a new one
 * @param engine the engine's name, for example {@code OnnxRuntime}
 * @param device the device that really runs the model, for example {@code cpu}
 */
public record ModelVersion(String predictor, String version, String engine, String device) {
  /**
   * Checks that nothing is null.
   *
   * @param predictor the predictor's name
   * @param version the version of the model, for example {@code 1}; a swap brings a new one
   * @param engine the engine's name, for example {@code OnnxRuntime}
   * @param device the device that really runs the model, for example {@code cpu}
   */
  public ModelVersion {
    Objects.requireNonNull(predictor, "predictor");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(device, "device");
  }
}
