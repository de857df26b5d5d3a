package io.vivace.core.testing;

import io.vivace.core.EngineException;
import io.vivace.core.internal.run.Engines;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model whose answers a test computes, on an engine without native code. It is a {@link
 * ModelSource}, so it goes where a file would go, through the real builder, codecs, batches,
 * deadlines and swaps:
 *
 * <pre>{@code
 * StubModel model = StubModel.computing(64, 10, pixels -> scores(pixels));
 * try (Predictor<float[], float[]> predictor = Predictor.builder()
 *     .model(model)
 *     .input(VectorInput.floats(64))
 *     .output(VectorOutput.floats())
 *     .build()) {
 *   predictor.predict(pixels);
 * }
 * model.assertClosed();
 * }</pre>
 *
 * <p>It counts who uses it, and notices a run after it was closed, a close during a run, and two
 * threads in one context: {@link #misuse()}. Thread-safe; one stub can be opened many times. The
 * warm-up runs of {@code build()} are runs like any other; {@link #forget()} clears the record.
 */
public final class StubModel implements ModelSource {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name = "stub-" + NUMBERS.incrementAndGet();
  private final Signature signature;
  private final UnaryOperator<List<Tensor>> function;
  private final Behaviour behaviour = new Behaviour();
  private final StubUse use = new StubUse();
  private volatile @Nullable Poison poison;
  private volatile @Nullable String loadFault;

  private record Poison(Predicate<float[]> row, Supplier<? extends RuntimeException> error) {}

  private StubModel(Signature signature, UnaryOperator<List<Tensor>> function) {
    this.signature = signature;
    this.function = function;
    Engines.register(StubEngine.INSTANCE);
  }

  /**
   * Makes a model of any form.
   *
   * @param signature its inputs and outputs
   * @param function gives the outputs of a run, in the order of the signature; called by several
   *     threads at a time
   * @return the model
   */
  public static StubModel of(Signature signature, UnaryOperator<List<Tensor>> function) {
    return new StubModel(
        Objects.requireNonNull(signature, "signature"),
        Objects.requireNonNull(function, "function"));
  }

  /**
   * Makes a model with one input, {@code "input"}, of shape {@code [?, inputs]} and one output,
   * {@code "output"}, of shape {@code [?, outputs]} that computes the rows of its output one by
   * one.
   *
   * @param inputs floats in a row of the input, at least 1
   * @param outputs floats in a row of the output, at least 1
   * @param function gives the output's row; called by several threads at a time
   * @return the model
   */
  public static StubModel computing(int inputs, int outputs, Function<float[], float[]> function) {
    Objects.requireNonNull(function, "function");
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("input", ElementType.FLOAT32, Shape.ANY, inputs)),
            List.of(TensorSpec.of("output", ElementType.FLOAT32, Shape.ANY, outputs)));
    return new StubModel(signature, new StubRows(inputs, outputs, function));
  }

  /**
   * Makes a model that gives every row the same answer.
   *
   * @param inputs floats in a row of the input, at least 1
   * @param answer the row of the output
   * @return the model
   */
  public static StubModel answering(int inputs, float... answer) {
    float[] fixed = answer.clone();
    return computing(inputs, fixed.length, row -> fixed);
  }

  /**
   * Makes a model that answers at random, evenly from 0 to 1. An answer depends on the seed and on
   * its row only, not on the order of the calls.
   *
   * @param inputs floats in a row of the input, at least 1
   * @param outputs floats in a row of the output, at least 1
   * @param seed the seed
   * @return the model
   */
  public static StubModel random(int inputs, int outputs, long seed) {
    return computing(
        inputs,
        outputs,
        row -> {
          SplittableRandom random = new SplittableRandom(seed ^ java.util.Arrays.hashCode(row));
          float[] answer = new float[outputs];
          for (int i = 0; i < outputs; i++) {
            answer[i] = (float) random.nextDouble();
          }
          return answer;
        });
  }

  /**
   * Lets every run take a while of real time.
   *
   * @param time how long, at least 0
   * @return this model
   */
  public StubModel taking(Duration time) {
    behaviour.takes(time, null);
    return this;
  }

  /**
   * Lets every run take a while on a clock of the test: it moves the clock, and nobody waits.
   *
   * @param time how long, at least 0
   * @param clock the clock to move
   * @return this model
   */
  public StubModel taking(Duration time, TestClock clock) {
    behaviour.takes(time, Objects.requireNonNull(clock, "clock"));
    return this;
  }

  /**
   * Lets the next runs fail, then runs again.
   *
   * @param times how many runs, at least 1
   * @param error gives the error of each; engines throw {@link EngineException}, but a stub may
   *     throw anything unchecked
   * @return this model
   */
  public StubModel failNext(int times, Supplier<? extends RuntimeException> error) {
    behaviour.failNext(times, error);
    return this;
  }

  /**
   * Lets every run fail that has a certain row in it, as a row does that a native operator chokes
   * on. Needs a first input of floats.
   *
   * @param row tells which row is poison
   * @return this model
   */
  public StubModel failingOn(Predicate<float[]> row) {
    poison = new Poison(row, () -> new EngineException("the stub met a poison row"));
    return this;
  }

  /**
   * Lets the model fail to load from now on.
   *
   * @param message what the {@code ModelLoadException} says
   * @return this model
   */
  public StubModel failingToLoad(String message) {
    loadFault = message;
    return this;
  }

  /**
   * Keeps runs from returning until {@link #release()}.
   *
   * @return this model
   */
  public StubModel hold() {
    behaviour.hold();
    return this;
  }

  /** Lets the runs that are held, and all further ones, return. */
  public void release() {
    behaviour.release();
  }

  /**
   * Waits until so many runs happen at a time.
   *
   * @param number how many
   * @param limit how long to wait
   * @throws AssertionError if there are fewer when the time is up
   */
  public void awaitRunning(int number, Duration limit) {
    behaviour.awaitRunning(number, limit);
  }

  /**
   * Returns the inputs of the runs so far, failed ones included.
   *
   * @return a copy of each run's inputs, in the order in which the runs began
   */
  public List<List<Tensor>> runs() {
    return use.runs();
  }

  /**
   * Returns how many rows each run had.
   *
   * @return the first size of the first input of each run, in the order in which the runs began
   */
  public List<Integer> batchSizes() {
    return use.runs().stream().map(run -> (int) run.get(0).shape().dimension(0)).toList();
  }

  /** Forgets the runs so far, as those of the warm-up. */
  public void forget() {
    use.forget();
  }

  /**
   * Returns how many loaded models are open, and so how many leases of the model itself are held.
   *
   * @return 0 once every predictor and every version with this model is closed
   */
  public int open() {
    return use.open();
  }

  /**
   * Returns how often the model was opened.
   *
   * @return the number, failed attempts not counted
   */
  public int timesOpened() {
    return use.timesOpened();
  }

  /**
   * Returns how many runs go on at this moment, and so how many users may not lose the model.
   *
   * @return the number
   */
  public int running() {
    return behaviour.running();
  }

  /**
   * Returns what was done to the model that would have crashed a native one.
   *
   * @return a sentence each; empty if all was well
   */
  public List<String> misuse() {
    return use.misuse();
  }

  /**
   * Does {@link #assertClosed(Duration)} with a limit of ten seconds.
   *
   * @throws AssertionError if the model is still open or was misused, or was never opened
   */
  public void assertClosed() {
    assertClosed(Duration.ofSeconds(10));
  }

  /**
   * Checks that the model was opened, that all that was opened is closed, and that nobody misused
   * it. Closing a predictor does not wait for runs in progress, so this waits for them, as long as
   * the limit.
   *
   * @param limit how long to wait for the model to be closed
   * @throws AssertionError if it is not so
   */
  public void assertClosed(Duration limit) {
    boolean closed = use.awaitClosed(limit);
    if (timesOpened() == 0 || !closed || !misuse().isEmpty()) {
      throw new AssertionError(
          String.format(
              "the model should have been opened, closed and never misused, but: opened %d times,"
                  + " %d still open, misuse %s",
              timesOpened(), open(), misuse()));
    }
  }

  /**
   * Returns the inputs and outputs.
   *
   * @return the signature
   */
  public Signature signature() {
    return signature;
  }

  @Override
  public ModelArtifact resolve() {
    StubEngine.INSTANCE.add(name, this);
    return ModelArtifact.of(name, Path.of(name), ModelFormat.OTHER)
        .onClose(() -> StubEngine.INSTANCE.remove(name));
  }

  @Nullable String loadFault() {
    return loadFault;
  }

  StubUse use() {
    return use;
  }

  List<Tensor> run(List<Tensor> inputs) {
    use.record(inputs);
    behaviour.pass(Duration.ofDays(365));
    Poison poisonous = poison;
    if (poisonous != null && StubRows.anyRow(inputs.get(0), poisonous.row)) {
      throw poisonous.error.get();
    }
    return function.apply(inputs);
  }

  @Override
  public String toString() {
    return "StubModel[" + signature + "]";
  }
}
