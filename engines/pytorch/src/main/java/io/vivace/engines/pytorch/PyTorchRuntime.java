package io.vivace.engines.pytorch;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import io.vivace.core.ModelLoadException;
import io.vivace.core.spi.DjlTelemetry;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The one native library of the process: started, tested, and set once for all models. */
final class PyTorchRuntime {
  private static final String OFFLINE = "ai.djl.offline";

  private static @Nullable PyTorchRuntime instance;

  private final Engine engine;
  private final String library;
  private final NativeSelfTest selfTest;
  private int intraOpThreads;
  private int interOpThreads;

  private PyTorchRuntime(Engine engine, String origin) {
    Path folder = Path.of(LibUtils.getLibtorchPath());
    LibTorch switches = new LibTorch(folder);
    switches.turnOffNnpack();
    if (engine.getGpuCount() == 0) {
      switches.turnOffProfiling();
    }
    this.engine = engine;
    this.library = origin.isEmpty() ? folder + " (downloaded)" : origin;
    this.selfTest =
        new NativeSelfTest(
            cases -> NativeSelfTest.calculate(engine, cases), switches::turnOffOneDnn);
  }

  /**
   * Starts the engine where it does not run.
   *
   * @param download whether DJL may download the native library
   * @throws ModelLoadException if the engine cannot start; the message says what to add
   */
  static synchronized PyTorchRuntime start(boolean download) {
    PyTorchRuntime runtime = instance;
    if (runtime == null) {
      DjlTelemetry.off();
      NativeArtifact artifact = NativeArtifact.find();
      if (artifact.isMissing() && !download) {
        throw failed("there is no native library for this machine. " + artifact.howToAdd(), null);
      }
      runtime = new PyTorchRuntime(startDjl(artifact, download), artifact.origin());
      instance = runtime;
    }
    return runtime;
  }

  /** DJL would download in silence what it misses. */
  private static Engine startDjl(NativeArtifact artifact, boolean download) {
    String before = System.getProperty(OFFLINE);
    if (!download) {
      System.setProperty(OFFLINE, "true");
    }
    try {
      return Engine.getEngine(PyTorchOptions.ENGINE);
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failed(cause + ". " + artifact.howToAdd(), e);
    } finally {
      if (before == null) {
        System.clearProperty(OFFLINE);
      } else {
        System.setProperty(OFFLINE, before);
      }
    }
  }

  private static ModelLoadException failed(String reason, @Nullable Throwable cause) {
    return new ModelLoadException(
        "engine " + PyTorchOptions.ENGINE + " cannot start: " + reason, cause);
  }

  Engine engine() {
    return engine;
  }

  /** Where the native library was taken from. */
  String library() {
    return library;
  }

  NativeSelfTest selfTest() {
    return selfTest;
  }

  /**
   * Takes over what is set once in a process, and tests the library.
   *
   * @throws ModelLoadException if an earlier model set another value, or the library is unsound
   */
  synchronized void prepareFor(PyTorchOptions options) {
    intraOpThreads =
        claim(
            "intraOpThreads",
            intraOpThreads,
            options.intraOpThreads(),
            () -> JniUtils.setNumThreads(options.intraOpThreads()));
    if (options.interOpThreads() != PyTorchOptions.ENGINE_DEFAULT) {
      interOpThreads =
          claim(
              "interOpThreads",
              interOpThreads,
              options.interOpThreads(),
              () -> takeInterOpThreads(options.interOpThreads()));
    }
    selfTest.ensure(options.selfTest());
  }

  private static int claim(String option, int before, int wanted, Runnable set) {
    if (before == wanted) {
      return before;
    }
    if (before != 0) {
      throw new ModelLoadException(
          String.format(
              "%s=%d was asked for, but engine %s has %d since its first model; the number is one"
                  + " for the whole process. Ask for the same number in all options.",
              option, wanted, PyTorchOptions.ENGINE, before));
    }
    set.run();
    return wanted;
  }

  /** PyTorch takes the number once; a system property of DJL may have come first. */
  private static void takeInterOpThreads(int count) {
    if (JniUtils.getNumInteropThreads() == count) {
      return;
    }
    try {
      JniUtils.setNumInteropThreads(count);
    } catch (ai.djl.engine.EngineException e) {
      throw new ModelLoadException(
          String.format(
              "interOpThreads=%d was asked for, but engine %s has %d already, set by other code of"
                  + " this process; it can be set once. Leave the option out.",
              count, PyTorchOptions.ENGINE, JniUtils.getNumInteropThreads()),
          e);
    }
  }
}
