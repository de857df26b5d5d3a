package io.vivace.core;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item of a call of many: an answer or an error. Immutable.
 *
 * @param <O> the type of the answers
 */
public final class Outcome<O> {
  private final @Nullable O value;
  private final @Nullable InferenceException error;

  private Outcome(@Nullable O value, @Nullable InferenceException error) {
    this.value = value;
    this.error = error;
  }

  /**
   * Makes the outcome of an item that has an answer.
   *
   * @param value the answer
   * @param <O> the type of the answer
   * @return the outcome
   */
  public static <O> Outcome<O> of(O value) {
    return new Outcome<>(Objects.requireNonNull(value, "value"), null);
  }

  /**
   * Makes the outcome of an item that failed.
   *
   * @param error why
   * @param <O> the type of the answers
   * @return the outcome
   */
  public static <O> Outcome<O> failed(InferenceException error) {
    return new Outcome<>(null, Objects.requireNonNull(error, "error"));
  }

  /**
   * Tells whether there is an answer.
   *
   * @return true if {@link #get()} returns one
   */
  public boolean isAnswered() {
    return error == null;
  }

  /**
   * Returns the answer.
   *
   * @return the answer
   * @throws InferenceException the item's own error, if it failed
   */
  public O get() {
    if (error != null) {
      throw error;
    }
    return Objects.requireNonNull(value);
  }

  /**
   * Returns the error.
   *
   * @return why the item failed
   * @throws NoSuchElementException if it has an answer
   */
  public InferenceException error() {
    if (error == null) {
      throw new NoSuchElementException("the item has an answer, no error: ask isAnswered() first");
    }
    return error;
  }

  @Override
  public String toString() {
    return error == null ? "answered: " + value : "failed: " + error.getMessage();
  }
}
