package io.vivace.evaluate.latency;

import io.vivace.core.Predictor;
import io.vivace.core.Provenance;
import io.vivace.evaluate.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Measures what the answers of models cost, on given inputs. Immutable: each option returns a
 * changed copy.
 *
 * <p>Candidates take turns, one call each and in a rotating order, so that what happens on the
 * machine meanwhile meets them all alike. Calls are made by one thread, one after the other.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #calls(int) calls}</td><td>1,000 of each candidate</td></tr>
 * <tr><td>{@link #warmUp(int) warmUp}</td><td>200 of each candidate</td></tr>
 * <tr><td>{@link #rounds(int) rounds}</td><td>9</td></tr>
 * <tr><td>{@link #level(double) level}</td><td>0.95</td></tr>
 * </table>
 *
 * @param <X> the type of the inputs
 */
public final class LatencyBenchmark<X> {
  private static final int CALLS = 1_000;
  private static final int WARM_UP = 200;
  private static final int ROUNDS = 9;
  private static final double LEVEL = 0.95;

  private final List<X> inputs;
  private final int calls;
  private final int warmUp;
  private final int rounds;
  private final double level;
  private final LongSupplier clock;

  private LatencyBenchmark(
      List<X> inputs, int calls, int warmUp, int rounds, double level, LongSupplier clock) {
    this.inputs = inputs;
    this.calls = calls;
    this.warmUp = warmUp;
    this.rounds = rounds;
    this.level = level;
    this.clock = clock;
  }

  /**
   * Measures on inputs, over and over in their order.
   *
   * @param inputs at least one; as production has them, since latency may depend on them
   * @param <X> the type of the inputs
   * @return a benchmark with default options
   * @throws IllegalArgumentException if there is no input
   */
  public static <X> LatencyBenchmark<X> of(List<? extends X> inputs) {
    return of(inputs, System::nanoTime);
  }

  static <X> LatencyBenchmark<X> of(List<? extends X> inputs, LongSupplier clock) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("there are no inputs to measure with");
    }
    return new LatencyBenchmark<>(List.copyOf(inputs), CALLS, WARM_UP, ROUNDS, LEVEL, clock);
  }

  /**
   * Sets how many calls of each candidate are measured. For an upper bound of the p99 at 95 %
   * confidence there must be at least 368; for one of the p99.9, 3,688.
   *
   * @param count at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public LatencyBenchmark<X> calls(int count) {
    return new LatencyBenchmark<>(inputs, atLeast(1, "calls", count), warmUp, rounds, level, clock);
  }

  /**
   * Sets how many calls of each candidate are made before, unmeasured.
   *
   * @param count at least 0
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public LatencyBenchmark<X> warmUp(int count) {
    return new LatencyBenchmark<>(inputs, calls, atLeast(0, "warmUp", count), rounds, level, clock);
  }

  /**
   * Sets how often all inputs are asked for at once, for the throughput.
   *
   * @param count at least 0; with 0 there is none
   * @return a changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public LatencyBenchmark<X> rounds(int count) {
    return new LatencyBenchmark<>(inputs, calls, warmUp, atLeast(0, "rounds", count), level, clock);
  }

  /**
   * Sets the confidence level of intervals.
   *
   * @param confidence above 0 and below 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public LatencyBenchmark<X> level(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "level must be above 0 and below 1, but was " + confidence);
    }
    return new LatencyBenchmark<>(inputs, calls, warmUp, rounds, confidence, clock);
  }

  private static int atLeast(int least, String what, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          String.format("%s must be at least %d, but was %d", what, least, value));
    }
    return value;
  }

  /**
   * Measures candidates in turns.
   *
   * @param candidates at least one, open; not closed here
   * @return a profile per candidate
   * @throws IllegalArgumentException if there is none, or two have one name
   * @throws io.vivace.core.ModelLoadException if the file of a model cannot be read for its size
   */
  public LatencyReport run(List<? extends Candidate<X, ?>> candidates) {
    List<String> names = candidates.stream().map(Candidate::name).toList();
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "give at least one candidate, each with a name of its own, but names are " + names);
    }
    List<Stopwatch<X>> watches = new ArrayList<>();
    for (Candidate<X, ?> candidate : candidates) {
      watches.add(new Stopwatch<>(candidate.predictor(), inputs, clock));
    }
    inTurns(watches, warmUp, (watch, call) -> watch.warmUp(call));
    inTurns(watches, calls, (watch, call) -> watch.measure(call));
    inTurns(watches, rounds, (watch, round) -> watch.measureAll());
    List<LatencyProfile> profiles = new ArrayList<>();
    for (int i = 0; i < watches.size(); i++) {
      profiles.add(watches.get(i).profile(names.get(i), ModelSize.of(candidates.get(i)), level));
    }
    return new LatencyReport(profiles, provenance(candidates));
  }

  private interface Turn<X> {
    void take(Stopwatch<X> watch, int number);
  }

  private static <X> void inTurns(List<Stopwatch<X>> watches, int count, Turn<X> turn) {
    for (int number = 0; number < count; number++) {
      for (int i = 0; i < watches.size(); i++) {
        turn.take(watches.get((i + number) % watches.size()), number);
      }
    }
  }

  private Provenance provenance(List<? extends Candidate<X, ?>> candidates) {
    Provenance provenance =
        Provenance.now()
            .setting("inputs", inputs.size())
            .setting("calls", calls)
            .setting("warmUp", warmUp)
            .setting("rounds", rounds)
            .setting("level", level);
    for (Candidate<X, ?> candidate : candidates) {
      if (candidate.source().isPresent()) {
        provenance = provenance.model(candidate.name(), candidate.source().orElseThrow());
      }
    }
    return provenance;
  }

  /**
   * Measures how long it takes from nothing to the first answer, in this JVM: what the engine has
   * loaded already, as its native library, is not loaded again. For a start from nothing, call it
   * first thing in a new JVM.
   *
   * @param opener opens the model; called {@code times} times, and what it opens is closed
   * @param times at least 1
   * @return the times of each start
   * @throws IllegalArgumentException if {@code times} is below 1
   */
  public ColdStart coldStart(Supplier<? extends Predictor<X, ?>> opener, int times) {
    Objects.requireNonNull(opener, "opener");
    atLeast(1, "times", times);
    List<ColdStart.Start> starts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      long residentBefore = ResidentMemory.bytes();
      long start = clock.getAsLong();
      try (Predictor<X, ?> predictor = opener.get()) {
        long opened = clock.getAsLong();
        predictor.predict(inputs.get(0));
        long answered = clock.getAsLong();
        starts.add(
            new ColdStart.Start(
                opened - start,
                answered - opened,
                ResidentMemory.difference(residentBefore, ResidentMemory.bytes())));
      }
    }
    return new ColdStart(starts);
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "LatencyBenchmark[inputs=%d, calls=%d, warmUp=%d, rounds=%d, level=%s]",
        inputs.size(), calls, warmUp, rounds, level);
  }
}
