package io.vivace.core.internal.run;

import ai.djl.translate.Translator;
import io.vivace.core.Batching;
import io.vivace.core.Overflow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.WarningLog;
import io.vivace.core.spi.EngineOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * What a builder was told. Takes any value and judges it in {@link #faults()}, so that a user sees
 * all faults at once.
 */
public final class Plan<I, O> implements Cloneable {
  static final int MAX_CONCURRENCY = 1024;
  static final int MAX_BATCH_SIZE = 65_536;
  static final int MAX_PENDING = 1_000_000;
  private static final Duration LONGEST_DEADLINE = Duration.ofDays(365);

  @Nullable ModelSource source;
  final @Nullable Preprocessor<I> preprocessor;
  final @Nullable Postprocessor<O> postprocessor;
  final @Nullable Translator<I, O> translator;
  private final boolean translated;

  @Nullable String engineName;
  Map<String, String> engineSettings = Map.of();
  @Nullable EngineOptions engineOptions;
  @Nullable String name;
  int concurrency;
  int maxBatchSize = 64;
  int maxPending = 10_000;
  Executor executor = ForkJoinPool.commonPool();
  boolean warmUp = true;
  OnnxLimits onnxLimits = OnnxLimits.standard();
  Batching batching = Batching.adaptive();
  Overflow overflow = Overflow.reject();
  @Nullable Duration deadline;
  InferenceListener listener = InferenceListener.NONE;

  /** The number of the model among those that a predictor has had. */
  int version = 1;

  /** Shared by all versions, so that swaps do not multiply warnings. */
  final WarningLog warnings = new WarningLog();

  private boolean concurrencySet;
  private boolean deadlineSet;
  private boolean engineSet;

  private Plan(
      @Nullable ModelSource source,
      @Nullable Preprocessor<I> preprocessor,
      @Nullable Postprocessor<O> postprocessor,
      @Nullable Translator<I, O> translator,
      boolean translated) {
    this.source = source;
    this.preprocessor = preprocessor;
    this.postprocessor = postprocessor;
    this.translator = translator;
    this.translated = translated;
  }

  public static <I, O> Plan<I, O> codecs(
      @Nullable ModelSource source,
      @Nullable Preprocessor<I> preprocessor,
      @Nullable Postprocessor<O> postprocessor) {
    return new Plan<>(source, preprocessor, postprocessor, null, false);
  }

  public static <I, O> Plan<I, O> translator(
      @Nullable ModelSource source, @Nullable Translator<I, O> translator) {
    return new Plan<>(source, null, null, translator, true);
  }

  /** A copy for a version of the model, which later changes of this plan do not reach. */
  Plan<I, O> forVersion(ModelSource other, int number, @Nullable String called) {
    try {
      @SuppressWarnings("unchecked") // a clone has the same type
      Plan<I, O> copy = (Plan<I, O>) clone();
      copy.source = other;
      copy.version = number;
      copy.name = called;
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  public void engine(String name, Map<String, String> settings) {
    engineSet = true;
    engineName = name;
    engineSettings = settings;
    engineOptions = null;
  }

  public void engine(EngineOptions options) {
    engineSet = true;
    engineOptions = options;
    engineName = null;
    engineSettings = Map.of();
  }

  public void name(String name) {
    this.name = name;
  }

  public void concurrency(int runs) {
    concurrency = runs;
    concurrencySet = true;
  }

  public void maxBatchSize(int rows) {
    maxBatchSize = rows;
  }

  public void maxPending(int calls) {
    maxPending = calls;
  }

  public void executor(Executor executor) {
    this.executor = executor;
  }

  public void warmUp(boolean warmUp) {
    this.warmUp = warmUp;
  }

  public void onnxLimits(OnnxLimits limits) {
    onnxLimits = limits;
  }

  public void batching(Batching batching) {
    this.batching = batching;
  }

  public void overflow(Overflow overflow) {
    this.overflow = overflow;
  }

  public void deadline(Duration deadline) {
    this.deadline = deadline;
    deadlineSet = true;
  }

  public void listener(InferenceListener listener) {
    this.listener = listener;
  }

  boolean hasCodecs() {
    return translated ? translator != null : preprocessor != null && postprocessor != null;
  }

  boolean namesEngine() {
    return engineName != null || engineOptions != null;
  }

  /** Everything that is wrong with the options, without looking at the model. */
  @SuppressWarnings("ConstantConditions") // callers outside null-marked code may pass null
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    require(faults, source != null, "model must not be null");
    if (translated) {
      require(faults, translator != null, "translator must not be null");
    } else {
      require(faults, preprocessor != null, "input must not be null");
      require(faults, postprocessor != null, "output must not be null");
    }
    require(faults, executor != null, "executor must not be null");
    require(faults, !engineSet || namesEngine(), "engine must not be null");
    require(faults, engineSettings != null, "engine options must not be null");
    require(faults, onnxLimits != null, "onnxLimits must not be null");
    require(faults, name == null || !name.isBlank(), "name must not be blank");
    if (concurrencySet) {
      range(faults, "concurrency", concurrency, MAX_CONCURRENCY);
    }
    range(faults, "maxBatchSize", maxBatchSize, MAX_BATCH_SIZE);
    range(faults, "maxPending", maxPending, MAX_PENDING);
    require(faults, batching != null, "batching must not be null");
    require(faults, overflow != null, "overflow must not be null");
    require(faults, listener != null, "listener must not be null");
    if (deadlineSet) {
      require(
          faults,
          deadline != null
              && deadline.compareTo(Duration.ZERO) > 0
              && deadline.compareTo(LONGEST_DEADLINE) <= 0,
          "deadline must be above 0 and at most 365 days, but was " + deadline);
    }
    return faults;
  }

  private static void range(List<String> faults, String option, int value, int max) {
    require(
        faults,
        value >= 1 && value <= max,
        String.format("%s must be from 1 to %,d, but was %,d", option, max, value));
  }

  private static void require(List<String> faults, boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  @Override
  public String toString() {
    return String.format(
        "[model=%s, %s, engine=%s, name=%s, concurrency=%s, maxBatchSize=%d, maxPending=%d,"
            + " executor=%s, warmUp=%s, %s, %s, %s, deadline=%s, listener=%s]",
        source,
        translated
            ? "translator=" + translator
            : "input=" + preprocessor + ", output=" + postprocessor,
        engineOptions != null
            ? engineOptions
            : engineName == null ? "by format" : engineName + engineSettings,
        name == null ? "by model" : name,
        concurrencySet ? concurrency : "by processors",
        maxBatchSize,
        maxPending,
        executor,
        warmUp,
        onnxLimits,
        batching,
        overflow,
        deadline == null ? "none" : deadline,
        listener == InferenceListener.NONE ? "none" : listener);
  }
}
