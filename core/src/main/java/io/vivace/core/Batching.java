package io.vivace.core;

import java.time.Duration;
import java.util.Objects;

/**
 * Whether and how calls of different callers run together. Immutable: each option returns a changed
 * copy.
 *
 * <p>An answer does not depend on what it ran together with, apart from the rounding of sums.
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>kind</th><th>what it does</th></tr>
 * <tr><td>{@link #adaptive()}, the default</td><td>batches what has piled up while the model was
 * busy, where runs measured so far show that it pays; nobody waits beside an idle model</td></tr>
 * <tr><td>{@link #off()}</td><td>each call runs alone</td></tr>
 * <tr><td>{@link #fixed(int, Duration)}</td><td>a batch of a fixed size, or what there is when its
 * first call has waited for a fixed time</td></tr>
 * </table>
 */
public final class Batching {
  /** The kinds of batching. */
  public enum Mode {
    /** Sizes are chosen from what runs take. */
    ADAPTIVE,
    /** Each call runs alone. */
    OFF,
    /** A fixed size and a fixed window. */
    FIXED
  }

  private static final int LARGEST = 65_536;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Mode mode;
  private final int maxSize;
  private final Duration window;

  private Batching(Mode mode, int maxSize, Duration window) {
    this.mode = mode;
    this.maxSize = maxSize;
    this.window = window;
  }

  /**
   * Batches what has piled up, as large as it pays. Nothing needs to be tuned: what runs of each
   * size and shape take is measured while the predictor is built and while it serves.
   *
   * @return adaptive batching, with as many rows as {@link PredictorBuilder#maxBatchSize(int)} says
   */
  public static Batching adaptive() {
    return new Batching(Mode.ADAPTIVE, LARGEST, Duration.ZERO);
  }

  /**
   * Runs each call alone. {@link Predictor#predictAll} still batches the items of one call.
   *
   * @return no batching
   */
  public static Batching off() {
    return new Batching(Mode.OFF, 1, Duration.ZERO);
  }

  /**
   * Batches up to a fixed number of rows, for which the first call waits up to a fixed time, even
   * if the model is idle. Every call, blocking ones too, goes through the predictor's threads.
   *
   * @param size how many rows a batch has when it is full, from 1 to 65,536
   * @param window how long the first call waits for the batch to fill, above 0, at most one minute
   * @return fixed batching
   * @throws IllegalArgumentException if a value is out of range
   */
  public static Batching fixed(int size, Duration window) {
    Objects.requireNonNull(window, "window");
    if (window.isNegative() || window.isZero() || window.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "window must be above 0 and at most one minute, but was " + window);
    }
    return new Batching(Mode.FIXED, checked(size), window);
  }

  /**
   * Sets how many rows of different calls run together at most.
   *
   * <p>Default: {@link PredictorBuilder#maxBatchSize(int)}, which bounds it in any case.
   *
   * @param rows from 1 to 65,536
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Batching maxSize(int rows) {
    return new Batching(mode, checked(rows), window);
  }

  private static int checked(int rows) {
    if (rows < 1 || rows > LARGEST) {
      throw new IllegalArgumentException(
          String.format("a batch must have from 1 to %,d rows, but was %,d", LARGEST, rows));
    }
    return rows;
  }

  /**
   * Returns the kind.
   *
   * @return the kind
   */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns how many rows of different calls run together at most.
   *
   * @return at least 1
   */
  public int maxSize() {
    return maxSize;
  }

  /**
   * Returns how long a call waits for others while the model is idle.
   *
   * @return zero unless the kind is fixed
   */
  public Duration window() {
    return window;
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return switch (mode) {
      case ADAPTIVE ->
          maxSize == LARGEST ? "Batching[adaptive]" : "Batching[adaptive, maxSize=" + maxSize + "]";
      case OFF -> "Batching[off]";
      case FIXED -> "Batching[fixed, size=" + maxSize + ", window=" + window + "]";
    };
  }
}
