package io.vivace.evaluate;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that stands for choice: a name, a predictor that is open, and, where it is known, the
 * file it came from. Immutable; the predictor is not closed by those who judge it.
 *
 * @param <X> the type of the inputs
 * @param <O> the type of the answers
 */
public final class Candidate<X, O> {
  private final String name;
  private final Predictor<X, ? extends O> predictor;
  private final @Nullable ModelSource source;

  private Candidate(
      String name, Predictor<X, ? extends O> predictor, @Nullable ModelSource source) {
    this.name = Objects.requireNonNull(name, "name");
    this.predictor = Objects.requireNonNull(predictor, "predictor");
    this.source = source;
    if (name.isBlank()) {
      throw new IllegalArgumentException("a candidate needs a name, but it is blank");
    }
  }

  /**
   * Makes a candidate of a predictor.
   *
   * @param name what tables call it, not blank
   * @param predictor the model, open
   * @param <X> the type of the inputs
   * @param <O> the type of the answers
   * @return the candidate
   * @throws IllegalArgumentException if the name is blank
   */
  public static <X, O> Candidate<X, O> of(String name, Predictor<X, ? extends O> predictor) {
    return new Candidate<>(name, predictor, null);
  }

  /**
   * Says where the model came from, for its size and its hash.
   *
   * @param newSource the source
   * @return a changed copy
   */
  public Candidate<X, O> source(ModelSource newSource) {
    return new Candidate<>(name, predictor, Objects.requireNonNull(newSource, "source"));
  }

  /**
   * Returns what tables call it.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the model.
   *
   * @return the predictor
   */
  public Predictor<X, ? extends O> predictor() {
    return predictor;
  }

  /**
   * Returns where the model came from.
   *
   * @return the source, if it is known
   */
  public Optional<ModelSource> source() {
    return Optional.ofNullable(source);
  }

  @Override
  public String toString() {
    return "Candidate[" + name + ']';
  }
}
