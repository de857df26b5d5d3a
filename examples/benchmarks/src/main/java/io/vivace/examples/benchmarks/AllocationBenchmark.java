package io.vivace.examples.benchmarks;

import ai.onnxruntime.OrtException;
import io.vivace.core.Predictor;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Heap bytes a call, by JMH's gc profiler. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AllocationBenchmark {
  /** The answer is an array of ten floats: a header of 16 bytes, 40 bytes, no padding. */
  static final int ANSWER_BYTES = 56;

  private final float[] row = Models.digits(1).get(0);
  private Predictor<float[], float[]> ours = PredictSuite.digits(Models.DIGITS_ONNX);
  private RawOnnxRuntime raw;

  /** Opens the raw session. */
  public AllocationBenchmark() {
    try {
      raw = new RawOnnxRuntime(Models.file(Models.DIGITS_ONNX), 1);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks that both answer alike before anything is measured. */
  @Setup
  public void check() throws OrtException {
    if (!java.util.Arrays.equals(ours.predict(row), raw.pinned(row))) {
      throw new IllegalStateException("the two do not answer alike");
    }
  }

  /** Our predictor. */
  @Benchmark
  public float[] ours() {
    return ours.predict(row);
  }

  /** ONNX Runtime with pinned input and output. */
  @Benchmark
  public float[] raw() throws OrtException {
    return raw.pinned(row);
  }

  /** Closes both. */
  @TearDown
  public void close() throws OrtException {
    ours.close();
    raw.close();
  }

  /** The bytes a call of each. */
  record Bytes(double ours, double raw) {}

  static Bytes measure() throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include(AllocationBenchmark.class.getName())
            .addProfiler(GCProfiler.class)
            .forks(1)
            .warmupIterations(3)
            .measurementIterations(3)
            .warmupTime(TimeValue.seconds(2))
            .measurementTime(TimeValue.seconds(2))
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> results = new Runner(options).run();
    return new Bytes(bytes(results, "ours"), bytes(results, "raw"));
  }

  private static double bytes(Collection<RunResult> results, String benchmark) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
        .flatMap(result -> result.getSecondaryResults().values().stream())
        .filter(result -> result.getLabel().equals("gc.alloc.rate.norm"))
        .mapToDouble(result -> result.getScore())
        .findFirst()
        .orElseThrow();
  }
}
