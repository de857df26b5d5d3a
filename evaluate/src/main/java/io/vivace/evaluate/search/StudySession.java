package io.vivace.evaluate.search;

import com.google.gson.JsonObject;
import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open study whose trials the caller runs: ask for a trial, try its point, tell the score.
 *
 * <pre>{@code
 * try (StudySession session = Study.tpe().trials(50).open(space, Direction.MAXIMIZE)) {
 *   for (Optional<Trial> next = session.ask(); next.isPresent(); next = session.ask()) {
 *     session.tell(next.get(), score(next.get().params()));
 *   }
 *   Study study = session.study();
 * }
 * }</pre>
 *
 * <p>As many trials as the lag may be open at the same time, and they may be told in any order.
 * Thread-safe.
 */
public final class StudySession implements AutoCloseable {
  /** A trial that was asked for; without a result while it is open. */
  private static final class Entry {
    final double[] codes;
    @Nullable Trial trial;
    @Nullable Finished finished;

    Entry(double[] codes) {
      this.codes = codes;
    }
  }

  private final StudyOptions options;
  private final Space space;
  private final List<Direction> directions;
  private final Proposer proposer;
  private final List<double[]> first;
  private final Map<Integer, JournalEvents.Restored> restored;
  private final @Nullable JournalFile journal;
  private final int limit;
  private final StopRules rules;
  private final List<Entry> entries = new ArrayList<>();

  /** The trials that have ended without one that has not before them. */
  private final List<Finished> prefix = new ArrayList<>();

  /** How many trials have ended, and the best of them. */
  private int done;

  private @Nullable Finished best;
  private boolean closed;

  StudySession(StudyOptions options, Space space, List<Direction> directions) {
    this.options = options;
    this.space = Objects.requireNonNull(space, "space");
    this.directions = List.copyOf(directions);
    options.check(space, this.directions);
    proposer = options.sampler.proposer(space);
    first = options.first.stream().map(values -> space.params(values).codes()).toList();
    limit = Math.min(options.trials, Math.max(options.sampler.limit(space), 0));
    rules = new StopRules(options, this.directions.get(0));
    JournalEvents events = new JournalEvents(space);
    JsonObject header = JournalEvents.header(space, this.directions, options);
    journal =
        options.journal == null ? null : JournalFile.open(options.journal, header, events::replay);
    restored = new HashMap<>(events.trials());
  }

  /**
   * Asks for the next trial. Trials that the journal knows with their end are passed over.
   *
   * @return the trial; empty if the study is over
   * @throws IllegalStateException if so many trials are open that the lag forbids another one, or
   *     the session is closed
   */
  public synchronized Optional<Trial> ask() {
    checkOpen();
    skipEnded();
    if (isOver()) {
      return Optional.empty();
    }
    if (!isReady()) {
      throw new IllegalStateException(
          "trial "
              + entries.size()
              + " looks back at trial "
              + prefix.size()
              + ", which is not told yet; tell it, or raise the lag, which is "
              + options.lag);
    }
    return Optional.of(next());
  }

  /** Waits until the lag allows the next trial; null if the study is over. */
  synchronized @Nullable Trial take(StopSignal stop) throws InterruptedException {
    while (true) {
      checkOpen();
      skipEnded();
      if (isOver() || stop.isRequested()) {
        return null;
      }
      if (isReady()) {
        return next();
      }
      wait();
    }
  }

  /** Wakes those who wait, to look again. */
  synchronized void wakeAll() {
    notifyAll();
  }

  private void skipEnded() {
    while (!isOver() && isReady()) {
      JournalEvents.Restored known = restored.get(entries.size());
      if (known == null || known.result == null) {
        return;
      }
      restored.remove(entries.size());
      Entry entry = new Entry(known.params.codes());
      entries.add(entry);
      settle(entry, known.result);
    }
  }

  private boolean isOver() {
    return entries.size() >= limit || rules.forbids(entries.size());
  }

  private boolean isReady() {
    return prefix.size() > entries.size() - options.lag;
  }

  private Trial next() {
    int number = entries.size();
    JournalEvents.Restored known = restored.remove(number);
    double[] codes = known == null ? propose(number) : known.params.codes();
    Params params = new Params(space, codes);
    Entry entry = new Entry(codes);
    entries.add(entry);
    write(JournalEvents.start(number, params), false);
    Trial.Start start =
        new Trial.Start(
            number,
            params,
            History.mix(options.seed, number),
            directions,
            visible(number),
            options.pruner,
            options.stopSignal);
    entry.trial = new Trial(start, this::reported);
    return entry.trial;
  }

  private void reported(int number, int step, double value) {
    write(JournalEvents.report(number, step, value), false);
  }

  private double[] propose(int number) {
    if (number < first.size()) {
      return first.get(number);
    }
    List<Finished> visible = visible(number);
    List<double[]> pending = new ArrayList<>();
    for (int i = visible.size(); i < number; i++) {
      pending.add(entries.get(i).codes);
    }
    return proposer.propose(new History(space, directions, number, options.seed, visible, pending));
  }

  /** The trials at which a trial looks back; a copy, as the list grows. */
  private List<Finished> visible(int number) {
    return Collections.unmodifiableList(
        new ArrayList<>(prefix.subList(0, Math.max(0, number - options.lag + 1))));
  }

  /**
   * Tells the scores of a trial. A NaN makes it a failed one.
   *
   * @param trial an open trial of this session
   * @param values as many as the study has directions
   * @return the trial as it ended
   * @throws IllegalArgumentException if the trial is not open here or the number of values is wrong
   * @throws IllegalStateException if the session is closed
   */
  public TrialResult tell(Trial trial, double... values) {
    if (values.length != directions.size()) {
      throw new IllegalArgumentException(
          "the study has " + directions.size() + " scores, but there were " + values.length);
    }
    List<Double> copy = new ArrayList<>();
    for (double value : values) {
      copy.add(value);
    }
    if (copy.stream().anyMatch(v -> v.isNaN())) {
      return end(trial, trial.result(TrialState.FAILED, List.of(), "the score was NaN"));
    }
    return end(trial, trial.result(TrialState.COMPLETE, copy, null));
  }

  /**
   * Tells that a trial was given up early.
   *
   * @param trial an open trial of this session
   * @return the trial as it ended
   * @throws IllegalArgumentException if the trial is not open here
   * @throws IllegalStateException if the session is closed
   */
  public TrialResult prune(Trial trial) {
    return end(trial, trial.result(TrialState.PRUNED, List.of(), null));
  }

  /**
   * Tells that a trial failed.
   *
   * @param trial an open trial of this session
   * @param failure what went wrong
   * @return the trial as it ended
   * @throws IllegalArgumentException if the trial is not open here
   * @throws IllegalStateException if the session is closed
   */
  public TrialResult fail(Trial trial, String failure) {
    Objects.requireNonNull(failure, "failure");
    return end(trial, trial.result(TrialState.FAILED, List.of(), failure));
  }

  private TrialResult end(Trial trial, TrialResult result) {
    synchronized (this) {
      checkOpen();
      int number = trial.number();
      if (number >= entries.size()
          || entries.get(number).trial != trial
          || entries.get(number).finished != null) {
        throw new IllegalArgumentException("trial " + number + " is not open in this session");
      }
      write(JournalEvents.end(result), true);
      settle(entries.get(number), result);
      notifyAll();
    }
    report(result);
    return result;
  }

  private void settle(Entry entry, TrialResult result) {
    Finished finished = Finished.of(result, directions);
    entry.finished = finished;
    done++;
    if (finished.isComplete()
        && finished.isFeasible()
        && (best == null || finished.losses()[0] < best.losses()[0])) {
      best = finished;
    }
    while (prefix.size() < entries.size()) {
      Finished next = entries.get(prefix.size()).finished;
      if (next == null) {
        return;
      }
      prefix.add(next);
      if (directions.size() == 1) {
        rules.add(next);
      }
    }
  }

  private void report(TrialResult result) {
    Map<String, Double> values = new LinkedHashMap<>();
    int count;
    synchronized (this) {
      count = done;
      if (directions.size() == 1) {
        values.put("score", result.score());
        values.put("best", best == null ? Double.NaN : best.result().score());
      }
    }
    options.progress.report(new Progress.Step("trial", count, limit, values));
  }

  private void write(JsonObject event, boolean trialEnds) {
    if (journal != null) {
      journal.append(event, trialEnds);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the study session is closed");
    }
  }

  /**
   * Returns what is known so far: the trials that have ended.
   *
   * @return the study; its {@link Study#stopReason()} is {@link StopReason#UNFINISHED} while trials
   *     are open or left
   */
  public synchronized Study study() {
    boolean open = prefix.size() < entries.size() || !isOver();
    return study(open ? StopReason.UNFINISHED : overReason());
  }

  private StopReason overReason() {
    if (rules.forbids(entries.size())) {
      return rules.reason();
    }
    return limit < options.trials ? StopReason.EXHAUSTED : StopReason.TRIALS_DONE;
  }

  synchronized Study study(StopReason reason) {
    List<TrialResult> results = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.finished != null) {
        results.add(entry.finished.result());
      }
    }
    return new Study(space, directions, results, reason);
  }

  /** Closes the journal. Trials that are open start anew when the study is resumed. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    if (journal != null) {
      journal.close();
    }
  }
}
