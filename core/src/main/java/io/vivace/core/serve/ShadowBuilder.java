package io.vivace.core.serve;

import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link ShadowPredictor}. The comparison must be given. Not thread-safe.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #share share}</td><td>1: every item</td></tr>
 * <tr><td>{@link #maxPending maxPending}</td><td>100</td></tr>
 * <tr><td>{@link #threads threads}</td><td>1</td></tr>
 * <tr><td>{@link #copy copy}</td><td>the item itself</td></tr>
 * </table>
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class ShadowBuilder<I, O> {
  private final Predictor<I, O> primary;
  private final Predictor<I, O> shadow;
  private @Nullable ShadowComparison<? super I, O> comparison;
  private double share = 1;
  private int maxPending = 100;
  private int threads = 1;
  private UnaryOperator<I> copy = UnaryOperator.identity();

  ShadowBuilder(Predictor<I, O> primary, Predictor<I, O> shadow) {
    this.primary = Objects.requireNonNull(primary, "the primary predictor must not be null");
    this.shadow = Objects.requireNonNull(shadow, "the shadow must not be null");
  }

  /** What the builder was told. */
  record Plan<I, O>(
      ShadowComparison<? super I, O> comparison,
      double share,
      int maxPending,
      int threads,
      UnaryOperator<I> copy) {
    @Override
    public String toString() {
      return "share=" + share + ", maxPending=" + maxPending + ", threads=" + threads;
    }
  }

  /**
   * Sets who compares the outcomes.
   *
   * @param comparison the function
   * @return this builder
   */
  public ShadowBuilder<I, O> comparison(ShadowComparison<? super I, O> comparison) {
    this.comparison = Objects.requireNonNull(comparison, "comparison must not be null");
    return this;
  }

  /**
   * Sets which part of the items the shadow sees, drawn at random.
   *
   * <p>Default: 1.
   *
   * @param share from 0 to 1
   * @return this builder
   */
  public ShadowBuilder<I, O> share(double share) {
    this.share = share;
    return this;
  }

  /**
   * Sets how many items may wait for the shadow. Further ones are dropped and counted.
   *
   * <p>Default: 100.
   *
   * @param items from 1 to 1,000,000
   * @return this builder
   */
  public ShadowBuilder<I, O> maxPending(int items) {
    this.maxPending = items;
    return this;
  }

  /**
   * Sets how many threads ask the shadow.
   *
   * <p>Default: 1. More of them take processors from the callers.
   *
   * @param threads from 1 to 1,024
   * @return this builder
   */
  public ShadowBuilder<I, O> threads(int threads) {
    this.threads = threads;
    return this;
  }

  /**
   * Copies items for the shadow, where callers change them after they have their answer. Runs on
   * the caller's thread.
   *
   * <p>Default: the item itself.
   *
   * @param copy makes a copy, for example {@code float[]::clone}
   * @return this builder
   */
  public ShadowBuilder<I, O> copy(UnaryOperator<I> copy) {
    this.copy = Objects.requireNonNull(copy, "copy must not be null");
    return this;
  }

  /**
   * Checks the options and makes the predictor.
   *
   * @return a predictor that owns both
   * @throws IllegalArgumentException if options are at fault; the message lists all faults
   */
  public ShadowPredictor<I, O> build() {
    List<String> faults = new ArrayList<>();
    ShadowComparison<? super I, O> chosen = comparison;
    if (chosen == null) {
      faults.add("say who compares: comparison(function)");
    }
    if (!(share >= 0 && share <= 1)) {
      faults.add("share must be from 0 to 1, but was " + share);
    }
    if (maxPending < 1 || maxPending > 1_000_000) {
      faults.add("maxPending must be from 1 to 1,000,000, but was " + maxPending);
    }
    if (threads < 1 || threads > 1024) {
      faults.add("threads must be from 1 to 1,024, but was " + threads);
    }
    if (!faults.isEmpty() || chosen == null) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new ShadowPredictor<>(
        primary, shadow, new Plan<>(chosen, share, maxPending, threads, copy));
  }
}
