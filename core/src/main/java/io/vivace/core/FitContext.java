package io.vivace.core;

import io.vivace.core.data.Dataset;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Estimator} is given beside the examples. Immutable: each option returns a changed
 * copy.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #validation(Dataset) validation}</td><td>none</td></tr>
 * <tr><td>{@link #seed(long) seed}</td><td>42</td></tr>
 * <tr><td>{@link #progress(Progress) progress}</td><td>nobody listens</td></tr>
 * <tr><td>{@link #stopSignal(StopSignal) stopSignal}</td><td>never given</td></tr>
 * </table>
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 */
public final class FitContext<X, Y> {
  private static final long DEFAULT_SEED = 42;
  private static final Progress NOBODY = Progress.none();
  private static final StopSignal NEVER = StopSignal.never();

  private final @Nullable Dataset<X, Y> validation;
  private final long seed;
  private final Progress progress;
  private final StopSignal stopSignal;

  private FitContext(
      @Nullable Dataset<X, Y> validation, long seed, Progress progress, StopSignal stopSignal) {
    this.validation = validation;
    this.seed = seed;
    this.progress = Objects.requireNonNull(progress, "progress");
    this.stopSignal = Objects.requireNonNull(stopSignal, "stopSignal");
  }

  /**
   * Returns the context in which every option has its default.
   *
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the context
   */
  public static <X, Y> FitContext<X, Y> defaults() {
    return new FitContext<>(null, DEFAULT_SEED, NOBODY, NEVER);
  }

  /**
   * Sets the examples to judge with while learning, as early stopping does. The estimator must not
   * learn from them.
   *
   * @param examples the examples
   * @return a changed copy
   */
  public FitContext<X, Y> validation(Dataset<X, Y> examples) {
    Objects.requireNonNull(examples, "examples");
    return new FitContext<>(examples, seed, progress, stopSignal);
  }

  /** The same for examples of another kind, which have their own validation part. */
  <Z> FitContext<Z, Y> withValidation(Optional<Dataset<Z, Y>> examples) {
    return new FitContext<>(examples.orElse(null), seed, progress, stopSignal);
  }

  /**
   * Sets where all randomness comes from.
   *
   * @param seed any number
   * @return a changed copy
   */
  public FitContext<X, Y> seed(long seed) {
    return new FitContext<>(validation, seed, progress, stopSignal);
  }

  /**
   * Sets who hears of each step. The listener is {@linkplain Progress#guarded() guarded}, so what
   * it throws does not end the work.
   *
   * @param listener the listener; takes the place of the one before
   * @return a changed copy
   */
  public FitContext<X, Y> progress(Progress listener) {
    return new FitContext<>(validation, seed, listener.guarded(), stopSignal);
  }

  /**
   * Sets what tells the estimator to give up. It looks at the signal at least once a step and then
   * throws {@link java.util.concurrent.CancellationException}; nothing half-learnt is returned.
   *
   * @param signal the signal; takes the place of the one before
   * @return a changed copy
   */
  public FitContext<X, Y> stopSignal(StopSignal signal) {
    return new FitContext<>(validation, seed, progress, signal);
  }

  /**
   * Returns the examples to judge with while learning.
   *
   * @return the examples, if there are any
   */
  public Optional<Dataset<X, Y>> validation() {
    return Optional.ofNullable(validation);
  }

  /**
   * Returns where all randomness comes from.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * Returns who hears of each step.
   *
   * @return a listener that never throws and may be called from several threads
   */
  public Progress progress() {
    return progress;
  }

  /**
   * Returns what tells the estimator to give up.
   *
   * @return the signal
   */
  public StopSignal stopSignal() {
    return stopSignal;
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        "FitContext[validation=%s, seed=%d, progress=%s, stopSignal=%s]",
        validation == null ? "none" : validation,
        seed,
        progress == NOBODY ? "none" : progress,
        stopSignal == NEVER ? "never" : stopSignal);
  }
}
