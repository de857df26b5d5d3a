package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens native sessions. */
final class SessionFactory {
  private static final Logger LOGGER = LoggerFactory.getLogger(SessionFactory.class);
  private static final String CPU = "cpu";

  private static final String CUDA_ADVICE =
      " (which needs com.microsoft.onnxruntime:onnxruntime_gpu and CUDA; orCpu() makes it a mere"
          + " preference)";

  private SessionFactory() {}

  /** A native session and the device that runs it. */
  record Opened(OrtSession session, String device) {}

  static Opened open(
      OrtEnvironment environment, ModelArtifact artifact, OnnxRuntimeOptions options) {
    int cuda = options.cudaDevice();
    if (cuda == OnnxRuntimeOptions.NO_CUDA) {
      return openOn(environment, artifact, options, OnnxRuntimeOptions.NO_CUDA);
    }
    try {
      return openOn(environment, artifact, options, cuda);
    } catch (ModelLoadException e) {
      if (!options.isCpuAllowed()) {
        throw e;
      }
      Opened opened = openOn(environment, artifact, options, OnnxRuntimeOptions.NO_CUDA);
      LOGGER.warn(
          "model {} runs on the processor, since cuda:{} cannot be used: {}",
          artifact.name(),
          cuda,
          e.getMessage());
      return opened;
    }
  }

  private static Opened openOn(
      OrtEnvironment environment, ModelArtifact artifact, OnnxRuntimeOptions options, int cuda) {
    try (SessionOptions nativeOptions = options(options)) {
      if (cuda != OnnxRuntimeOptions.NO_CUDA) {
        nativeOptions.addCUDA(cuda);
      }
      OrtSession session = environment.createSession(artifact.path().toString(), nativeOptions);
      return new Opened(session, cuda == OnnxRuntimeOptions.NO_CUDA ? CPU : "gpu:" + cuda);
    } catch (OrtException e) {
      throw new ModelLoadException(
          String.format(
              "model %s cannot be opened by engine %s on %s: %s",
              artifact.name(),
              OnnxRuntimeOptions.ENGINE,
              cuda == OnnxRuntimeOptions.NO_CUDA ? CPU : "cuda:" + cuda + CUDA_ADVICE,
              e.getMessage()),
          e);
    }
  }

  /** The native form of the options, but for the device; to be closed by the caller. */
  static SessionOptions options(OnnxRuntimeOptions options) throws OrtException {
    SessionOptions nativeOptions = new SessionOptions();
    nativeOptions.setIntraOpNumThreads(options.intraOpThreads());
    nativeOptions.setInterOpNumThreads(options.interOpThreads());
    nativeOptions.setExecutionMode(
        options.interOpThreads() > 1 ? ExecutionMode.PARALLEL : ExecutionMode.SEQUENTIAL);
    String spinning = options.spins() ? "1" : "0";
    nativeOptions.addConfigEntry("session.intra_op.allow_spinning", spinning);
    nativeOptions.addConfigEntry("session.inter_op.allow_spinning", spinning);
    nativeOptions.setOptimizationLevel(level(options.optimization()));
    nativeOptions.setCPUArenaAllocator(options.keepsArena());
    nativeOptions.setMemoryPatternOptimization(options.plansMemory());
    if (!LOGGER.isDebugEnabled()) {
      // What the engine reports past our log, to stderr, it also throws.
      nativeOptions.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    }
    return nativeOptions;
  }

  private static OptLevel level(OnnxRuntimeOptions.Optimization optimization) {
    return switch (optimization) {
      case NONE -> OptLevel.NO_OPT;
      case BASIC -> OptLevel.BASIC_OPT;
      case EXTENDED -> OptLevel.EXTENDED_OPT;
      case ALL -> OptLevel.ALL_OPT;
    };
  }
}
