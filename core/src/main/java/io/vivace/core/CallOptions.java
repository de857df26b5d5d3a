package io.vivace.core;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call asks for beside its item. Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * predictor.predict(item, CallOptions.within(Duration.ofMillis(20)));
 * predictor.predictAsync(item, CallOptions.defaults().priority(5));
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #deadline(Duration) deadline}</td><td>that of the predictor, if it has one</td></tr>
 * <tr><td>{@link #priority(int) priority}</td><td>0</td></tr>
 * <tr><td>{@link #key(String) key}</td><td>none</td></tr>
 * </table>
 */
public final class CallOptions {
  /** The lowest priority. */
  public static final int MIN_PRIORITY = -10;

  /** The highest priority. */
  public static final int MAX_PRIORITY = 10;

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final CallOptions DEFAULTS = new CallOptions(null, 0, null);

  private final @Nullable Duration deadline;
  private final int priority;
  private final @Nullable String key;

  private CallOptions(@Nullable Duration deadline, int priority, @Nullable String key) {
    this.deadline = deadline;
    this.priority = priority;
    this.key = key;
  }

  /**
   * Returns the options in which everything has its default.
   *
   * @return always the same object
   */
  public static CallOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns the options of a call that must be answered in time.
   *
   * @param deadline how long the call may take; as {@link #deadline(Duration)}
   * @return default options with that deadline
   * @throws IllegalArgumentException if it is not above 0, or above 365 days
   */
  public static CallOptions within(Duration deadline) {
    return DEFAULTS.deadline(deadline);
  }

  /**
   * Sets how long the call may take, waiting included, counted from the moment it is made. Without
   * an answer by then the call fails with {@link DeadlineExceededException}; an answer that comes
   * later is never reported as a success.
   *
   * <p>Default: the predictor's own deadline, if it has one. Where both are set, the call's counts.
   *
   * @param deadline above 0, at most 365 days
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CallOptions deadline(Duration deadline) {
    Objects.requireNonNull(deadline, "deadline");
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "deadline must be above 0 and at most 365 days, but was " + deadline);
    }
    return new CallOptions(deadline, priority, key);
  }

  /**
   * Sets which calls go first where some must wait. Calls of one priority are served in the order
   * in which they came; waiting raises a call, so that none waits forever behind others.
   *
   * <p>Default: 0.
   *
   * @param priority from {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}, the highest goes first
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CallOptions priority(int priority) {
    if (priority < MIN_PRIORITY || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException(
          String.format(
              "priority must be from %d to %d, but was %d", MIN_PRIORITY, MAX_PRIORITY, priority));
    }
    return new CallOptions(deadline, priority, key);
  }

  /**
   * Names what the call is made for, for example a user. Predictors that choose between models send
   * all calls of one key to the same model; others ignore it.
   *
   * <p>Default: none.
   *
   * @param key any text
   * @return a changed copy
   */
  public CallOptions key(String key) {
    return new CallOptions(deadline, priority, Objects.requireNonNull(key, "key"));
  }

  /**
   * Returns how long the call may take.
   *
   * @return the deadline, empty if the call sets none
   */
  public Optional<Duration> deadline() {
    return Optional.ofNullable(deadline);
  }

  /**
   * Returns which calls go first.
   *
   * @return from {@value #MIN_PRIORITY} to {@value #MAX_PRIORITY}
   */
  public int priority() {
    return priority;
  }

  /**
   * Returns what the call is made for.
   *
   * @return the key, empty if the call sets none
   */
  public Optional<String> key() {
    return Optional.ofNullable(key);
  }

  /**
   * Compares all options.
   *
   * @param other any object
   * @return whether it is the options with the same values
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CallOptions that
        && Objects.equals(deadline, that.deadline)
        && priority == that.priority
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(deadline, priority, key);
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return String.format(
        "CallOptions[deadline=%s, priority=%d, key=%s]",
        deadline == null ? "the predictor's" : deadline, priority, key == null ? "none" : key);
  }
}
