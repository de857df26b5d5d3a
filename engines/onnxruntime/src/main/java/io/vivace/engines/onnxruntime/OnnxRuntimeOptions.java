package io.vivace.engines.onnxruntime;

import io.vivace.core.spi.EngineOptions;
import java.util.Objects;

/**
 * Options of ONNX Runtime for one model. Immutable: each method returns a changed copy.
 *
 * <pre>{@code
 * Predictor.builder()
 *     .model(model).input(input).output(output)
 *     .engine(OnnxRuntimeOptions.cpu().intraOpThreads(2))
 *     .build();
 * }</pre>
 *
 * <table>
 * <caption>Options, their names in a configuration file, and their defaults</caption>
 * <tr><th>option</th><th>name</th><th>default</th></tr>
 * <tr><td>{@link #cpu()} or {@link #cuda(int)}</td><td>{@code device}</td><td>cpu</td></tr>
 * <tr><td>{@link #orCpu()}</td><td>{@code orCpu}</td><td>false</td></tr>
 * <tr><td>{@link #intraOpThreads(int)}</td><td>{@code intraOpThreads}</td><td>1</td></tr>
 * <tr><td>{@link #interOpThreads(int)}</td><td>{@code interOpThreads}</td><td>1</td></tr>
 * <tr><td>{@link #optimization(Optimization)}</td><td>{@code optimization}</td><td>all</td></tr>
 * <tr><td>{@link #arena(boolean)}</td><td>{@code arena}</td><td>true</td></tr>
 * <tr><td>{@link #memoryPattern(boolean)}</td><td>{@code memoryPattern}</td><td>true</td></tr>
 * <tr><td>{@link #spinning(boolean)}</td><td>{@code spinning}</td><td>false</td></tr>
 * <tr><td>{@link #selfTest(boolean)}</td><td>{@code selfTest}</td><td>true</td></tr>
 * </table>
 */
public final class OnnxRuntimeOptions implements EngineOptions {
  /** The name of the engine. */
  static final String ENGINE = "OnnxRuntime";

  /** {@link #cudaDevice()} where the processor runs the model. */
  static final int NO_CUDA = -1;

  private static final int MAX_THREADS = 1024;

  /** How far the graph is rewritten before it runs. */
  public enum Optimization {
    /** The graph runs as it is in the file. */
    NONE,
    /** Folds constants and removes what does nothing. */
    BASIC,
    /** Also fuses nodes into larger ones. */
    EXTENDED,
    /** Also changes the memory layout of convolutions to suit the processor. */
    ALL
  }

  private final Device device;
  private final Threads threads;
  private final Optimization optimization;
  private final Memory memory;
  private final boolean selfTest;

  private record Device(int cuda, boolean orCpu) {}

  private record Threads(int intraOp, int interOp, boolean spinning) {}

  private record Memory(boolean arena, boolean pattern) {}

  private OnnxRuntimeOptions(
      Device device, Threads threads, Optimization optimization, Memory memory, boolean selfTest) {
    this.device = device;
    this.threads = threads;
    this.optimization = optimization;
    this.memory = memory;
    this.selfTest = selfTest;
  }

  /**
   * Starts from the default options: the processor, one thread per run.
   *
   * @return the default options
   */
  public static OnnxRuntimeOptions cpu() {
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
  public static OnnxRuntimeOptions cuda(int device) {
    if (device < 0) {
      throw new IllegalArgumentException("a CUDA device is at least 0, but was " + device);
    }
    return on(new Device(device, false));
  }

  private static OnnxRuntimeOptions on(Device device) {
    return new OnnxRuntimeOptions(
        device, new Threads(1, 1, false), Optimization.ALL, new Memory(true, true), true);
  }

  /**
   * Makes the device a preference: where it cannot be used, the processor runs the model, with one
   * warning in the log, and the loaded model says so.
   *
   * <p>Default: the device is required. Means nothing for {@link #cpu()}.
   *
   * @return a changed copy
   */
  public OnnxRuntimeOptions orCpu() {
    return new OnnxRuntimeOptions(
        new Device(device.cuda, true), threads, optimization, memory, selfTest);
  }

  /**
   * Sets how many threads share the work of one node of the graph.
   *
   * <p>Default: 1, the calling thread, which serves most requests per second when many run at the
   * same time.
   *
   * @param count from 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public OnnxRuntimeOptions intraOpThreads(int count) {
    checkThreads("intraOpThreads", count);
    return with(new Threads(count, threads.interOp, threads.spinning));
  }

  /**
   * Sets how many nodes of the graph may run at the same time.
   *
   * <p>Default: 1: one after the other. More helps graphs with wide branches only.
   *
   * @param count from 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public OnnxRuntimeOptions interOpThreads(int count) {
    checkThreads("interOpThreads", count);
    return with(new Threads(threads.intraOp, count, threads.spinning));
  }

  /**
   * Says whether idle threads of the engine spin, waiting for work. Answers come some microseconds
   * earlier, and a processor is busy all the time.
   *
   * <p>Default: false. Means nothing with one thread per run.
   *
   * @param spin whether to spin
   * @return a changed copy
   */
  public OnnxRuntimeOptions spinning(boolean spin) {
    return with(new Threads(threads.intraOp, threads.interOp, spin));
  }

  /**
   * Sets how far the graph is rewritten before it runs.
   *
   * <p>Default: {@link Optimization#ALL}.
   *
   * @param level the level
   * @return a changed copy
   */
  public OnnxRuntimeOptions optimization(Optimization level) {
    Objects.requireNonNull(level, "level");
    return new OnnxRuntimeOptions(device, threads, level, memory, selfTest);
  }

  /**
   * Says whether memory for intermediate results is kept from run to run. Without, each run asks
   * the system for it: slower, but an idle model holds less.
   *
   * <p>Default: true.
   *
   * @param keep whether to keep it
   * @return a changed copy
   */
  public OnnxRuntimeOptions arena(boolean keep) {
    return with(new Memory(keep, memory.pattern));
  }

  /**
   * Says whether intermediate results are laid out in one block, planned at the first run of each
   * shape.
   *
   * <p>Default: true. Turn it off where shapes differ from run to run and memory is short.
   *
   * @param plan whether to plan
   * @return a changed copy
   */
  public OnnxRuntimeOptions memoryPattern(boolean plan) {
    return with(new Memory(memory.arena, plan));
  }

  /**
   * Says whether the native library is tested once in the process, before the first model: some
   * small calculations whose results are computed in Java. Where they differ, no model is opened.
   *
   * <p>Default: true. It takes some milliseconds.
   *
   * @param test whether to test
   * @return a changed copy
   */
  public OnnxRuntimeOptions selfTest(boolean test) {
    return new OnnxRuntimeOptions(device, threads, optimization, memory, test);
  }

  @Override
  public String engine() {
    return ENGINE;
  }

  @Override
  public int threadsPerRun() {
    return threads.intraOp + threads.interOp - 1;
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

  boolean spins() {
    return threads.spinning;
  }

  Optimization optimization() {
    return optimization;
  }

  boolean isTested() {
    return selfTest;
  }

  boolean keepsArena() {
    return memory.arena;
  }

  boolean plansMemory() {
    return memory.pattern;
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        "OnnxRuntimeOptions[device=%s, orCpu=%s, intraOpThreads=%d, interOpThreads=%d,"
            + " optimization=%s, arena=%s, memoryPattern=%s, spinning=%s, selfTest=%s]",
        device.cuda == NO_CUDA ? "cpu" : "cuda:" + device.cuda,
        device.orCpu,
        threads.intraOp,
        threads.interOp,
        optimization.name().toLowerCase(java.util.Locale.ROOT),
        memory.arena,
        memory.pattern,
        threads.spinning,
        selfTest);
  }

  private OnnxRuntimeOptions with(Threads changed) {
    return new OnnxRuntimeOptions(device, changed, optimization, memory, selfTest);
  }

  private OnnxRuntimeOptions with(Memory changed) {
    return new OnnxRuntimeOptions(device, threads, optimization, changed, selfTest);
  }

  private static void checkThreads(String option, int count) {
    if (count < 1 || count > MAX_THREADS) {
      throw new IllegalArgumentException(
          String.format("%s must be from 1 to %,d, but was %,d", option, MAX_THREADS, count));
    }
  }
}
