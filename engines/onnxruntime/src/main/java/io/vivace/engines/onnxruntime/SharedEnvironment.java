package io.vivace.engines.onnxruntime;

import ai.djl.onnxruntime.engine.OrtEngineProvider;
import ai.onnxruntime.OrtEnvironment;
import io.vivace.core.ModelLoadException;
import io.vivace.core.spi.DjlTelemetry;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one ONNX Runtime environment that a JVM can have.
 *
 * <p>DJL's engine insists on creating it, and fails for good where somebody else did. So it gets
 * the first try: where it creates the environment, plain DJL code works beside us. Where it fails
 * because there is an environment already, or is not on the class path, that is no matter: we take
 * the environment that is there.
 */
final class SharedEnvironment {
  private static final Logger LOGGER = LoggerFactory.getLogger(SharedEnvironment.class);

  private static @Nullable OrtEnvironment environment;

  private SharedEnvironment() {}

  static synchronized OrtEnvironment start() {
    if (environment == null) {
      startDjlEngine();
      environment = takeEnvironment();
    }
    return environment;
  }

  private static void startDjlEngine() {
    DjlTelemetry.off();
    try {
      new OrtEngineProvider().getEngine();
    } catch (IllegalStateException | LinkageError e) {
      LOGGER.debug("DJL's ONNX Runtime engine did not start; its models cannot be used", e);
    }
  }

  private static OrtEnvironment takeEnvironment() {
    try {
      return OrtEnvironment.getEnvironment();
    } catch (LinkageError | IllegalStateException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ModelLoadException(
          "engine "
              + OnnxRuntimeOptions.ENGINE
              + " cannot start: "
              + reason
              + ". Its native library comes with com.microsoft.onnxruntime:onnxruntime for Linux,"
              + " macOS and Windows; elsewhere point -Donnxruntime.native.path to its folder.",
          e);
    }
  }

  /** Where the native library was taken from. */
  static String library() {
    String folder = System.getProperty("onnxruntime.native.path");
    if (folder != null) {
      return folder;
    }
    CodeSource jar = OrtEnvironment.class.getProtectionDomain().getCodeSource();
    return jar == null ? "the class path" : String.valueOf(jar.getLocation());
  }
}
