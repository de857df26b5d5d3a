package io.vivace.core.serve;

import io.vivace.core.InferenceException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.Predictor;
import io.vivace.core.observe.InferenceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link FallbackPredictor}. A fallback must be named, by one of {@link #to}, {@link
 * #value} and {@link #answer}; the last one counts. Not thread-safe.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #on on}</td><td>overloaded, deadline exceeded, engine failed</td></tr>
 * <tr><td>{@link #primaryWithin primaryWithin}</td><td>the call's deadline</td></tr>
 * <tr><td>{@link #circuitBreaker circuitBreaker}</td><td>none</td></tr>
 * <tr><td>{@link #name name}</td><td>what the first predictor calls itself</td></tr>
 * <tr><td>{@link #listener listener}</td><td>none</td></tr>
 * </table>
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class FallbackBuilder<I, O> {
  private static final Set<Code> IMPOSSIBLE = EnumSet.of(Code.INTERRUPTED, Code.PARTIAL_RESULT);

  private final Predictor<I, O> primary;
  private @Nullable Substitute<I, O> substitute;
  private @Nullable Predictor<I, O> secondary;
  private Set<Code> codes = EnumSet.of(Code.OVERLOADED, Code.DEADLINE_EXCEEDED, Code.ENGINE);
  private @Nullable Duration primaryWithin;
  private @Nullable CircuitBreakerOptions breaker;
  private String name;
  private InferenceListener listener = InferenceListener.NONE;

  FallbackBuilder(Predictor<I, O> primary) {
    this.primary = Objects.requireNonNull(primary, "the primary predictor must not be null");
    this.name = primary.toString();
  }

  /**
   * Falls back to another predictor. It gets what is left of the call's deadline; if nothing is
   * left the call fails. See {@link #primaryWithin}.
   *
   * @param fallback the predictor, owned from now on
   * @return this builder
   */
  public FallbackBuilder<I, O> to(Predictor<I, O> fallback) {
    secondary = Objects.requireNonNull(fallback, "the fallback must not be null");
    substitute = new Substitute.ByPredictor<>(fallback);
    return this;
  }

  /**
   * Falls back to one answer for all items.
   *
   * @param answer the answer; shared by callers, so it should be immutable
   * @return this builder
   */
  public FallbackBuilder<I, O> value(O answer) {
    Objects.requireNonNull(answer, "the answer must not be null");
    return answer((item, error) -> answer);
  }

  /**
   * Falls back to a function of the item and of what went wrong. It is called even if the call's
   * deadline has passed, since it is expected to take no time.
   *
   * @param function gives an answer, not null, or throws an {@link InferenceException}; thread-safe
   *     and quick
   * @return this builder
   */
  public FallbackBuilder<I, O> answer(
      BiFunction<? super I, ? super InferenceException, ? extends O> function) {
    secondary = null;
    substitute =
        new Substitute.ByFunction<>(
            Objects.requireNonNull(function, "the function must not be null"));
    return this;
  }

  /**
   * Chooses the errors that the fallback is for.
   *
   * <p>Default: {@link Code#OVERLOADED}, {@link Code#DEADLINE_EXCEEDED} and {@link Code#ENGINE}.
   *
   * @param first a code, neither {@link Code#INTERRUPTED} nor {@link Code#PARTIAL_RESULT}
   * @param more further ones
   * @return this builder
   */
  public FallbackBuilder<I, O> on(Code first, Code... more) {
    codes = EnumSet.of(first, more);
    return this;
  }

  /**
   * Limits how long the first predictor may take, so that time is left for the fallback.
   *
   * <p>Default: the call's deadline.
   *
   * @param limit above 0, at most 365 days; the call's deadline counts where it is shorter
   * @return this builder
   */
  public FallbackBuilder<I, O> primaryWithin(Duration limit) {
    primaryWithin = limit;
    return this;
  }

  /**
   * Leaves the first predictor alone for a while when it keeps failing.
   *
   * <p>Default: no circuit breaker.
   *
   * @param options when it opens and for how long
   * @return this builder
   */
  public FallbackBuilder<I, O> circuitBreaker(CircuitBreakerOptions options) {
    breaker = Objects.requireNonNull(options, "options must not be null");
    return this;
  }

  /**
   * Names the first predictor in messages and events.
   *
   * <p>Default: what its {@code toString} says.
   *
   * @param name a name, not blank
   * @return this builder
   */
  public FallbackBuilder<I, O> name(String name) {
    this.name = name;
    return this;
  }

  /**
   * Sets who hears of fallbacks and of the circuit breaker.
   *
   * <p>Default: nobody.
   *
   * @param listener the listener; make one of many with {@link InferenceListener#all}
   * @return this builder
   */
  public FallbackBuilder<I, O> listener(InferenceListener listener) {
    this.listener = InferenceListener.all(List.of(listener));
    return this;
  }

  /**
   * Checks the options and makes the predictor.
   *
   * @return a predictor that owns the ones it was made of
   * @throws IllegalArgumentException if options are at fault; the message lists all faults
   */
  public FallbackPredictor<I, O> build() {
    List<String> faults = faults();
    Substitute<I, O> chosen = substitute;
    if (!faults.isEmpty() || chosen == null) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    List<Predictor<I, O>> members = new ArrayList<>(List.of(primary));
    if (secondary != null) {
      members.add(secondary);
    }
    return new FallbackPredictor<>(
        new FallbackPlan<>(name, chosen, EnumSet.copyOf(codes), primaryWithin, breaker, listener),
        members);
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (substitute == null) {
      faults.add("name a fallback: to(predictor), value(answer) or answer(function)");
    }
    if (codes.stream().anyMatch(IMPOSSIBLE::contains)) {
      faults.add("a fallback is never for " + IMPOSSIBLE + ", but was on " + codes);
    }
    Duration limit = primaryWithin;
    if (limit != null
        && (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofDays(365)) > 0)) {
      faults.add("primaryWithin must be above 0 and at most 365 days, but was " + limit);
    }
    if (name.isBlank()) {
      faults.add("name must not be blank");
    }
    return faults;
  }
}
