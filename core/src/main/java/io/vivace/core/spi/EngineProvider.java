package io.vivace.core.spi;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import java.util.Map;

/**
 * Opens models with one engine. Found by {@link java.util.ServiceLoader}; has a public constructor
 * without arguments that does not touch native code, so that a missing library is a finding of the
 * preflight, not a failure of the service loader.
 */
public interface EngineProvider {
  /**
   * Returns the engine's name, as {@code builder.engine(name)} takes it.
   *
   * @return for example {@code OnnxRuntime}
   */
  String name();

  /**
   * Tells whether the engine can be expected to open files of this format.
   *
   * @param format the format that was recognised
   * @return true if it is worth trying
   */
  boolean supports(ModelFormat format);

  /**
   * Tells whether the engine can be expected to open a model, where its format does not say enough.
   *
   * @param artifact the model's files
   * @return true if it is worth trying; by default if the engine supports the format
   */
  default boolean supports(ModelArtifact artifact) {
    return supports(artifact.format());
  }

  /**
   * Returns the options that hold where the user names none.
   *
   * @return the default options
   */
  EngineOptions defaultOptions();

  /**
   * Reads options from text, as a configuration file has them.
   *
   * @param options names and values; empty gives the default options
   * @return the options
   * @throws IllegalArgumentException if a name is unknown (the message lists the known ones) or a
   *     value is not allowed
   */
  EngineOptions parseOptions(Map<String, String> options);

  /**
   * Opens a model. ONNX files have been validated before.
   *
   * @param artifact the model's files; the caller closes it after the loaded model
   * @param options options of this engine
   * @return the loaded model
   * @throws io.vivace.core.ModelLoadException if the engine cannot be started or cannot open the
   *     model
   */
  LoadedModel open(ModelArtifact artifact, EngineOptions options);

  /**
   * Describes the engine for the preflight. Starts it where it is there offline; never downloads
   * and never throws: what is missing is part of the report.
   *
   * @return the report
   */
  EngineReport report();
}
