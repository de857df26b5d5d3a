package io.vivace.core.serve;

import io.vivace.core.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link CachedPredictor}. Not thread-safe.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #maxEntries maxEntries}</td><td>10,000</td></tr>
 * <tr><td>{@link #expireAfter expireAfter}</td><td>never</td></tr>
 * <tr><td>{@link #key key}</td><td>the item; of an array, its content</td></tr>
 * <tr><td>{@link #copy copy}</td><td>arrays are copied, anything else is shared</td></tr>
 * </table>
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class CacheBuilder<I, O> {
  private final Predictor<I, O> predictor;
  private long maxEntries = 10_000;
  private @Nullable Duration expireAfter;
  private Function<? super I, ?> key = ItemKey::of;
  private UnaryOperator<O> copy = ItemKey::copy;
  private LongSupplier clock = System::nanoTime;

  CacheBuilder(Predictor<I, O> predictor) {
    this.predictor = Objects.requireNonNull(predictor, "predictor must not be null");
  }

  /**
   * Sets how many answers are kept. Beyond that, those that are used least go.
   *
   * <p>Default: 10,000.
   *
   * @param entries from 1 to 1,000,000,000
   * @return this builder
   */
  public CacheBuilder<I, O> maxEntries(long entries) {
    this.maxEntries = entries;
    return this;
  }

  /**
   * Sets how long an answer may be used.
   *
   * <p>Default: for ever. A swap of the model always ends it.
   *
   * @param age above 0
   * @return this builder
   */
  public CacheBuilder<I, O> expireAfter(Duration age) {
    this.expireAfter = Objects.requireNonNull(age, "age must not be null");
    return this;
  }

  /**
   * Says which items are the same.
   *
   * <p>Default: those that are equal, or arrays of the same content. Items whose class has no
   * {@code equals} of its own are refused. Beware of records and maps with arrays in them: their
   * {@code equals} compares the arrays' identity.
   *
   * @param key takes from an item what makes its answer: an immutable value with {@code equals} and
   *     {@code hashCode}, not null
   * @return this builder
   */
  public CacheBuilder<I, O> key(Function<? super I, ?> key) {
    this.key = Objects.requireNonNull(key, "key must not be null");
    return this;
  }

  /**
   * Copies answers, so that a caller who changes one does not change the cache.
   *
   * <p>Default: arrays are copied, anything else is shared.
   *
   * @param copy makes a copy; {@link UnaryOperator#identity()} shares arrays too
   * @return this builder
   */
  public CacheBuilder<I, O> copy(UnaryOperator<O> copy) {
    this.copy = Objects.requireNonNull(copy, "copy must not be null");
    return this;
  }

  /** Sets the clock for {@link #expireAfter}, in nanoseconds from any origin. */
  CacheBuilder<I, O> clock(LongSupplier clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Checks the options and makes the predictor.
   *
   * @return a predictor that owns the one it was made of
   * @throws IllegalArgumentException if options are at fault; the message lists all faults
   * @throws IllegalStateException if Caffeine is not on the class path
   */
  public CachedPredictor<I, O> build() {
    List<String> faults = new ArrayList<>();
    if (maxEntries < 1 || maxEntries > 1_000_000_000) {
      faults.add("maxEntries must be from 1 to 1,000,000,000, but was " + maxEntries);
    }
    Duration age = expireAfter;
    if (age != null && (age.isNegative() || age.isZero())) {
      faults.add("expireAfter must be above 0, but was " + age);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new CachedPredictor<>(predictor, CaffeineStore.of(maxEntries, age, clock), key, copy);
  }
}
