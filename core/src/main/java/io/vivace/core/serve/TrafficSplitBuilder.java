package io.vivace.core.serve;

import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link TrafficSplit} of at least one arm. Not thread-safe.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class TrafficSplitBuilder<I, O> {
  private final List<String> names = new ArrayList<>();
  private final List<Predictor<I, O>> arms = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private @Nullable Function<? super I, String> key;
  private String salt = "";

  TrafficSplitBuilder() {}

  /**
   * Adds an arm.
   *
   * @param name its name, not blank, of its own
   * @param predictor answers its calls; owned from now on
   * @param weight finite, at least 0; what counts is its part of the sum of all weights
   * @return this builder
   */
  public TrafficSplitBuilder<I, O> arm(String name, Predictor<I, O> predictor, double weight) {
    names.add(Objects.requireNonNull(name, "name must not be null"));
    arms.add(Objects.requireNonNull(predictor, "predictor must not be null"));
    weights.add(weight);
    return this;
  }

  /**
   * Says what must always see the same arm.
   *
   * <p>Default: the key of the call, if it has one.
   *
   * @param key takes the key from an item, for example a customer's number; where it gives null the
   *     item is sent at random
   * @return this builder
   */
  public TrafficSplitBuilder<I, O> key(Function<? super I, String> key) {
    this.key = Objects.requireNonNull(key, "key must not be null");
    return this;
  }

  /**
   * Makes the choice differ from that of other splits: with one salt, the same keys would get the
   * first arm in all of them.
   *
   * <p>Default: the empty text.
   *
   * @param salt any text, for example the name of the test
   * @return this builder
   */
  public TrafficSplitBuilder<I, O> salt(String salt) {
    this.salt = Objects.requireNonNull(salt, "salt must not be null");
    return this;
  }

  /**
   * Checks the arms and makes the split.
   *
   * @return a predictor that owns its arms
   * @throws IllegalArgumentException if there is no arm, names are blank or taken, or weights out
   *     of range; the message lists all faults
   */
  public TrafficSplit<I, O> build() {
    List<String> faults = new ArrayList<>();
    if (arms.isEmpty()) {
      faults.add("a split needs at least one arm");
    }
    if (names.stream().anyMatch(String::isBlank) || new HashSet<>(names).size() < names.size()) {
      faults.add("each arm needs a name of its own, but they were " + names);
    }
    Shares shares = null;
    try {
      shares = new Shares(weights.stream().mapToDouble(Double::doubleValue).toArray());
    } catch (IllegalArgumentException e) {
      faults.add(e.getMessage());
    }
    if (!faults.isEmpty() || shares == null) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new TrafficSplit<>(names, arms, shares, key, salt);
  }
}
