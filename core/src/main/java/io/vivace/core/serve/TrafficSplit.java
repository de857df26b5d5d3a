package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call to one of several predictors, its arms, by their weights: a canary release, or an
 * A/B test. Thread-safe; weights may be changed while it serves.
 *
 * <pre>{@code
 * TrafficSplit<Order, Score> split = TrafficSplit.canary(stable, candidate, 0.05);
 * split.weight("candidate", 0.25);                 // going well: a quarter of the calls
 *
 * TrafficSplit<Order, Score> test = TrafficSplit.<Order, Score>builder()
 *     .arm("blue", blue, 1)
 *     .arm("green", green, 1)
 *     .key(Order::customer)                        // a customer always sees the same arm
 *     .salt("price-test-3")                        // and is drawn anew for each test
 *     .build();
 * }</pre>
 *
 * <p>A call with a key always goes to the arm of that key, in every process and for as long as the
 * weights stay. The key of {@link CallOptions#key} counts before that of the item. With two arms, a
 * change of weights moves only the keys that must move. A call without a key is drawn at random.
 *
 * <p>A call of many items without a key of its own is divided by the keys of the items; where there
 * are none, all of it goes to one arm.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class TrafficSplit<I, O> extends Composite<I, O> {
  private final List<String> names;
  private final List<Predictor<I, O>> arms;
  private final @Nullable Function<? super I, String> itemKey;
  private final String salt;
  private final LongAdder[] calls;
  private final AtomicLong changes = new AtomicLong();
  private volatile Shares shares;

  TrafficSplit(
      List<String> names,
      List<Predictor<I, O>> arms,
      Shares shares,
      @Nullable Function<? super I, String> itemKey,
      String salt) {
    super(arms);
    this.names = List.copyOf(names);
    this.arms = List.copyOf(arms);
    this.shares = shares;
    this.itemKey = itemKey;
    this.salt = salt;
    this.calls = new LongAdder[arms.size()];
    Arrays.setAll(calls, i -> new LongAdder());
  }

  /**
   * Sends a share of the calls to a candidate, drawn at random unless a call has a key. The arms
   * are named {@code stable} and {@code candidate}.
   *
   * @param stable gets the rest
   * @param candidate gets the share
   * @param share from 0 to 1
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return the split
   * @throws IllegalArgumentException if the share is out of range
   */
  public static <I, O> TrafficSplit<I, O> canary(
      Predictor<I, O> stable, Predictor<I, O> candidate, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be from 0 to 1, but was " + share);
    }
    return TrafficSplit.<I, O>builder()
        .arm("stable", stable, 1 - share)
        .arm("candidate", candidate, share)
        .build();
  }

  /**
   * Starts a split with no arm yet.
   *
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return a builder
   */
  public static <I, O> TrafficSplitBuilder<I, O> builder() {
    return new TrafficSplitBuilder<>();
  }

  /**
   * Changes the weight of one arm, from the next call on.
   *
   * @param arm the arm's name
   * @param weight finite, at least 0; what counts is its part of the sum of all weights
   * @throws IllegalArgumentException if there is no such arm, the weight is out of range, or no arm
   *     would be left with a weight
   */
  public synchronized void weight(String arm, double weight) {
    double[] weights = shares.weights();
    weights[index(arm)] = weight;
    shares = new Shares(weights);
    changes.incrementAndGet();
  }

  /**
   * Tells which part of the calls an arm gets.
   *
   * @param arm the arm's name
   * @return its part of all calls, from 0 to 1
   * @throws IllegalArgumentException if there is no such arm
   */
  public double share(String arm) {
    double[] weights = shares.weights();
    return weights[index(arm)] / Arrays.stream(weights).sum();
  }

  /**
   * Tells where calls of a key go.
   *
   * @param key the key
   * @return the name of its arm, by the present weights
   */
  public String armOf(String key) {
    return names.get(shares.at(Shares.point(salt, key)));
  }

  /**
   * Tells how many calls an arm was given; items of a call of many are counted one by one.
   *
   * @param arm the arm's name
   * @return the number since the split was made
   * @throws IllegalArgumentException if there is no such arm
   */
  public long calls(String arm) {
    return calls[index(arm)].sum();
  }

  private int index(String arm) {
    int index = names.indexOf(arm);
    if (index < 0) {
      throw new IllegalArgumentException("no arm \"" + arm + "\"; there are " + names);
    }
    return index;
  }

  @Override
  public O predict(I item, CallOptions options) {
    return arm(arm(item, options, shares), 1).predict(item, options);
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    int arm;
    try {
      arm = arm(item, options, shares);
    } catch (InvalidInputException e) {
      return CompletableFuture.failedFuture(e);
    }
    return arm(arm, 1).predictAsync(item, options);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    Shares now = shares;
    if (itemKey == null || options.key().isPresent()) {
      return arm(callArm(options, now), items.size()).predictEach(items, options);
    }
    Division<I, O> division = new Division<>(items);
    for (int i = 0; i < items.size(); i++) {
      try {
        division.give(i, arm(items.get(i), options, now));
      } catch (InvalidInputException e) {
        division.fail(i, e);
      }
    }
    TimeLeft time = new TimeLeft(options);
    return division.answer(
        (arm, part) -> arm(arm, part.size()).predictEach(part, time.options()), arms.size());
  }

  private Predictor<I, O> arm(int index, int items) {
    calls[index].add(items);
    return arms.get(index);
  }

  private int arm(I item, CallOptions options, Shares now) {
    if (itemKey == null || options.key().isPresent()) {
      return callArm(options, now);
    }
    String key;
    try {
      key = itemKey.apply(item);
    } catch (RuntimeException e) {
      throw new InvalidInputException("the item has no key to choose an arm by: " + e, e);
    }
    return now.at(key == null ? random() : Shares.point(salt, key));
  }

  private int callArm(CallOptions options, Shares now) {
    return now.at(
        options.key().map(key -> Shares.point(salt, key)).orElseGet(TrafficSplit::random));
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  @Override
  long generation() {
    return super.generation() + changes.get();
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(String.format(java.util.Locale.ROOT, "%s %.4g", name, share(name)));
    }
    return "TrafficSplit" + parts;
  }
}
