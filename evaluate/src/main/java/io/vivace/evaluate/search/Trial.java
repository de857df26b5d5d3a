package io.vivace.evaluate.search;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A trial on its way. Takes what the score function tells and says whether to go on. Thread-safe.
 *
 * <p>A trainer that takes core's {@link Progress} and {@link StopSignal} needs no more than this:
 *
 * <pre>{@code
 * FitContext<X, Y> context = FitContext.<X, Y>defaults()
 *     .seed(trial.seed()).progress(trial.progress("accuracy")).stopSignal(trial.stopSignal());
 * }</pre>
 */
public final class Trial {
  /** Hears of reports. */
  interface Reports {
    void reported(int number, int step, double value);
  }

  /** What a trial is given when it starts. */
  record Start(
      int number,
      Params params,
      long seed,
      List<Direction> directions,
      List<Finished> others,
      Pruner pruner,
      StopSignal stopSignal) {}

  private final Start start;
  private final Reports journal;
  private final SortedMap<Integer, Double> reports = new TreeMap<>();
  private final Map<String, Double> constraints = new LinkedHashMap<>();
  private @Nullable Boolean advice;
  private volatile boolean advised;

  Trial(Start start, Reports journal) {
    this.start = start;
    this.journal = journal;
  }

  /**
   * Returns the place of the trial in its study.
   *
   * @return the number, from 0
   */
  public int number() {
    return start.number();
  }

  /**
   * Returns the point to try.
   *
   * @return the point
   */
  public Params params() {
    return start.params();
  }

  /**
   * Returns a seed for the trial's own randomness. It depends on the study's seed and the number of
   * the trial, so the study can be repeated.
   *
   * @return the seed
   */
  public long seed() {
    return start.seed();
  }

  /**
   * Tells how it goes, for example the accuracy after an epoch. The pruner hears of it.
   *
   * @param step what is done, greater than at the report before; at least 0
   * @param value the score there, in the direction of the study; NaN is allowed
   * @throws IllegalArgumentException if the step is not greater than the one before
   */
  public synchronized void report(int step, double value) {
    if (step < 0 || (!reports.isEmpty() && step <= reports.lastKey())) {
      throw new IllegalArgumentException(
          "the step must be at least 0 and greater than the one before, but was "
              + step
              + " after "
              + (reports.isEmpty() ? "none" : reports.lastKey()));
    }
    journal.reported(number(), step, value);
    reports.put(step, value);
    advice = null;
  }

  /**
   * Tells whether the trial is not worth finishing, by its reports so far. False before the first
   * report. Once true it stays so.
   *
   * @return true if the pruner gives it up
   */
  public synchronized boolean shouldPrune() {
    if (reports.isEmpty() || start.directions().size() > 1 || advised) {
      return advised;
    }
    if (advice == null) {
      advice = start.pruner().prunes(standing());
      advised = advice;
    }
    return advice;
  }

  private Pruner.Standing standing() {
    Direction direction = start.directions().get(0);
    SortedMap<Integer, Double> losses = new TreeMap<>();
    reports.forEach((step, value) -> losses.put(step, direction.loss(value)));
    return new Pruner.Standing(number(), losses, start.others(), direction);
  }

  /**
   * Ends the trial if it is not worth finishing.
   *
   * @throws TrialPrunedException if {@link #shouldPrune()}; let it pass
   */
  public void pruneIfAdvised() {
    if (shouldPrune()) {
      throw pruned();
    }
  }

  /**
   * Returns what ends this trial early when it is thrown, whatever the pruner says.
   *
   * @return the exception to throw
   */
  public synchronized TrialPrunedException pruned() {
    return new TrialPrunedException(number(), reports.isEmpty() ? 0 : reports.lastKey());
  }

  /**
   * Tells how far a limit is passed, for example {@code p99 - 20} where p99 may be 20 at most. A
   * trial that passes no limit is better than any that does, whatever their scores.
   *
   * @param name the limit
   * @param excess 0 or less where it is kept; NaN counts as broken without measure
   */
  public synchronized void constraint(String name, double excess) {
    constraints.put(Objects.requireNonNull(name, "name"), excess);
  }

  /**
   * Returns a listener that reports one measured value of each step, at the number of steps done.
   *
   * @param metric the value's name; steps without it are not reported
   * @return a listener for one training of this trial
   */
  public Progress progress(String metric) {
    Objects.requireNonNull(metric, "metric");
    return step -> {
      Double value = step.values().get(metric);
      if (value != null) {
        report((int) step.done(), value);
      }
    };
  }

  /**
   * Returns the signal that is given when this trial is to be pruned or the study is to stop. A
   * {@link java.util.concurrent.CancellationException} that follows makes the trial a pruned one,
   * or, where the study stops, one that starts anew when the study is resumed.
   *
   * @return the signal
   */
  public StopSignal stopSignal() {
    return () -> shouldPrune() || start.stopSignal().isRequested();
  }

  boolean isStopped() {
    return start.stopSignal().isRequested();
  }

  synchronized TrialResult result(TrialState state, List<Double> values, @Nullable String failure) {
    return new TrialResult(number(), params(), state, values, reports, constraints, failure);
  }
}
