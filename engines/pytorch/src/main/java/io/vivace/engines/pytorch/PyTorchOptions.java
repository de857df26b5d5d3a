package io.vivace.engines.pytorch;

import io.vivace.core.spi.EngineOptions;
import java.util.Locale;
import java.util.Objects;

/**
 * Options of PyTorch for one model. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * Predictor.builder()
 *     .model(model).input(input).output(output)
 *     .engine(PyTorchOptions.cpu().intraOpThreads(2))
 *     .build();
 * }</pre>
 *
 * <table>
 * <caption>Options, their names in a configuration file, and their defaults</caption>
 * <tr><th>option</th><th>name</th><th>default</th></tr>
 * <tr><td>{@link #cpu()} or {@link #cuda(int)}</td><td>{@code device}</td><td>cpu</td></tr>
 * <tr><td>{@link #orCpu()}</td><td>{@code orCpu}</td><td>false</td></tr>
 * <tr><td>{@link #intraOpThreads(int)}</td><td>{@code intraOpThreads}</td><td>1</td></tr>
 * <tr><td>{@link #interOpThreads(int)}</td><td>{@code interOpThreads}</td><td>the engine's</td></tr>
 * <tr><td>{@link #selfTest(SelfTest)}</td><td>{@code selfTest}</td><td>auto</td></tr>
 * <tr><td>{@link #download(boolean)}</td><td>{@code download}</td><td>false</td></tr>
 * </table>
 */
public final class PyTorchOptions implements EngineOptions {
  /** The name of the engine. */
  static final String ENGINE = "PyTorch";

  /** {@link #cudaDevice()} where the processor runs the model. */
  static final int NO_CUDA = -1;

  /** {@link #interOpThreads()} where the engine's own number stays. */
  static final int ENGINE_DEFAULT = 0;

  private static final int MAX_THREADS = 1024;

  /**
   * What becomes of the check that the native library computes right on this machine: a few
   * convolutions, products and the like, whose results Java knows.
   */
  public enum SelfTest {
    /** Tests once in a process, before the first model. What is wrong is cured, with a warning. */
    AUTO,
    /** Applies the cure, needed or not, and tests. */
    CURE,
    /** Neither tests nor cures. What an earlier model found or cured stays as it is. */
    SKIP
  }

  private final Device device;
  private final Threads threads;
  private final SelfTest selfTest;
  private final boolean download;

  private record Device(int cuda, boolean orCpu) {}

  private record Threads(int intraOp, int interOp) {}

  private PyTorchOptions(Device device, Threads threads, SelfTest selfTest, boolean download) {
    this.device = device;
    this.threads = threads;
    this.selfTest = selfTest;
    this.download = download;
  }

  /**
   * Starts from the default options: the processor, one thread per run.
   *
   * @return the default options
   */
  public static PyTorchOptions cpu() {
    return on(new Device(NO_CUDA, false));
  }

  /**
   * Starts from the default options with a CUDA device, which is required: where it cannot be used,
   * opening the model fails. See {@link #orCpu()}.
   *
   * @param device the device's number, from 0
   * @return options for that device
   * @throws IllegalArgumentException if the number is negative
   */
  public static PyTorchOptions cuda(int device) {
    if (device < 0) {
      throw new IllegalArgumentException("a CUDA device is at least 0, but was " + device);
    }
    return on(new Device(device, false));
  }

  private static PyTorchOptions on(Device device) {
    return new PyTorchOptions(device, new Threads(1, ENGINE_DEFAULT), SelfTest.AUTO, false);
  }

  /**
   * Makes the device a preference: where it cannot be used, the processor runs the model, with one
   * warning in the log, and the loaded model says so.
   *
   * <p>Default: the device is required. Means nothing for {@link #cpu()}.
   *
   * @return a changed copy
   */
  public PyTorchOptions orCpu() {
    return new PyTorchOptions(new Device(device.cuda, true), threads, selfTest, download);
  }

  /**
   * Sets how many threads share the work of one operation.
   *
   * <p>Default: 1, the calling thread, which serves most requests per second when many run at the
   * same time.
   *
   * <p>Process-wide, first call wins: PyTorch has one number for all models. A model that asks for
   * another one is not opened.
   *
   * @param count from 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public PyTorchOptions intraOpThreads(int count) {
    checkThreads("intraOpThreads", count);
    return with(new Threads(count, threads.interOp));
  }

  /**
   * Sets how many threads serve what a model forks, all models together.
   *
   * <p>Default: the number stays as the engine has it: the number of processors. Means nothing for
   * models that do not fork.
   *
   * <p>Process-wide, first call wins: PyTorch takes the number once. A model that asks for another
   * one is not opened.
   *
   * @param count from 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public PyTorchOptions interOpThreads(int count) {
    checkThreads("interOpThreads", count);
    return with(new Threads(threads.intraOp, count));
  }

  /**
   * Says whether the native library is tested before it is trusted.
   *
   * <p>Default: {@link SelfTest#AUTO}.
   *
   * @param mode what to do
   * @return a changed copy
   */
  public PyTorchOptions selfTest(SelfTest mode) {
    Objects.requireNonNull(mode, "mode");
    return new PyTorchOptions(device, threads, mode, download);
  }

  /**
   * Says whether DJL may download the native library where it is neither on the class path nor in
   * its cache.
   *
   * <p>Default: false: opening a model fails, and the message says what to add to the class path.
   *
   * @param allow whether it may
   * @return a changed copy
   */
  public PyTorchOptions download(boolean allow) {
    return new PyTorchOptions(device, threads, selfTest, allow);
  }

  @Override
  public String engine() {
    return ENGINE;
  }

  @Override
  public int threadsPerRun() {
    return threads.intraOp;
  }

  int cudaDevice() {
    return device.cuda;
  }

  boolean isCpuAllowed() {
    return device.orCpu;
  }

  int intraOpThreads() {
    return threads.intraOp;
  }

  int interOpThreads() {
    return threads.interOp;
  }

  SelfTest selfTest() {
    return selfTest;
  }

  boolean isDownloadAllowed() {
    return download;
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        "PyTorchOptions[device=%s, orCpu=%s, intraOpThreads=%d, interOpThreads=%s, selfTest=%s,"
            + " download=%s]",
        device.cuda == NO_CUDA ? "cpu" : "cuda:" + device.cuda,
        device.orCpu,
        threads.intraOp,
        threads.interOp == ENGINE_DEFAULT ? "engine default" : threads.interOp,
        selfTest.name().toLowerCase(Locale.ROOT),
        download);
  }

  private PyTorchOptions with(Threads changed) {
    return new PyTorchOptions(device, changed, selfTest, download);
  }

  private static void checkThreads(String option, int count) {
    if (count < 1 || count > MAX_THREADS) {
      throw new IllegalArgumentException(
          String.format("%s must be from 1 to %,d, but was %,d", option, MAX_THREADS, count));
    }
  }
}
