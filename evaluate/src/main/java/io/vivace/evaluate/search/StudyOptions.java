package io.vivace.evaluate.search;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a study is run. Immutable: each option returns a changed copy. Faults are reported when the
 * study starts, all at once.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #trials(int) trials}</td><td>100</td></tr>
 * <tr><td>{@link #seed(long) seed}</td><td>42</td></tr>
 * <tr><td>{@link #workers(int) workers}</td><td>1, the calling thread</td></tr>
 * <tr><td>{@link #lag(int) lag}</td><td>1, sequential</td></tr>
 * <tr><td>{@link #pruner(Pruner) pruner}</td><td>none</td></tr>
 * <tr><td>{@link #patience(int) patience}</td><td>no limit</td></tr>
 * <tr><td>{@link #target(double) target}</td><td>none</td></tr>
 * <tr><td>{@link #timeLimit(Duration) timeLimit}</td><td>none</td></tr>
 * <tr><td>{@link #failFast() failFast}</td><td>failed trials are recorded</td></tr>
 * <tr><td>{@link #first(Map) first}</td><td>no point</td></tr>
 * <tr><td>{@link #journal(Journal) journal}</td><td>none</td></tr>
 * <tr><td>{@link #progress(Progress) progress}</td><td>nobody listens</td></tr>
 * <tr><td>{@link #stopSignal(StopSignal) stopSignal}</td><td>never given</td></tr>
 * </table>
 */
public final class StudyOptions {
  static final int DEFAULT_LAG = 1;

  final Sampler sampler;
  int trials = 100;
  long seed = 42;
  int workers = 1;
  int lag = DEFAULT_LAG;
  Pruner pruner = Pruner.none();
  int patience;
  double target = Double.NaN;
  @Nullable Duration timeLimit;
  boolean failFast;
  List<Map<String, Object>> first = List.of();
  @Nullable Journal journal;
  Progress progress = Progress.none();
  StopSignal stopSignal = StopSignal.never();

  StudyOptions(Sampler sampler) {
    this.sampler = Objects.requireNonNull(sampler, "sampler");
  }

  private StudyOptions with(Consumer<StudyOptions> change) {
    StudyOptions copy = new StudyOptions(sampler);
    copy.trials = trials;
    copy.seed = seed;
    copy.workers = workers;
    copy.lag = lag;
    copy.pruner = pruner;
    copy.patience = patience;
    copy.target = target;
    copy.timeLimit = timeLimit;
    copy.failFast = failFast;
    copy.first = first;
    copy.journal = journal;
    copy.progress = progress;
    copy.stopSignal = stopSignal;
    change.accept(copy);
    return copy;
  }

  /**
   * Sets how many trials the study has, those of its journal included.
   *
   * @param count at least 1
   * @return a changed copy
   */
  public StudyOptions trials(int count) {
    return with(copy -> copy.trials = count);
  }

  /**
   * Sets where all randomness comes from. The same seed and scores give the same trials.
   *
   * @param seed any number
   * @return a changed copy
   */
  public StudyOptions seed(long seed) {
    return with(copy -> copy.seed = seed);
  }

  /**
   * Sets how many trials run at the same time. The trials come out the same for any number, as it
   * is the {@linkplain #lag(int) lag} that decides what a proposal knows; so set that first.
   *
   * @param count from 1 to the lag
   * @return a changed copy
   */
  public StudyOptions workers(int count) {
    return with(copy -> copy.workers = count);
  }

  /**
   * Sets how far a proposal looks back: trial {@code i} is proposed from the results of the trials
   * up to {@code i - lag} and from the points, but not the results, of those after them. So the
   * trials do not depend on which of them ends first, nor on how many run at a time. With 1, the
   * default, the search is sequential, which takes the fewest trials. Take the number of workers
   * that the study may ever have: it is part of what a journal must agree with, the number of
   * workers is not.
   *
   * @param trials at least 1, and at least the number of workers
   * @return a changed copy
   */
  public StudyOptions lag(int trials) {
    return with(copy -> copy.lag = trials);
  }

  /**
   * Sets who gives up hopeless trials.
   *
   * @param pruner for a study with one direction
   * @return a changed copy
   */
  public StudyOptions pruner(Pruner pruner) {
    return with(copy -> copy.pruner = Objects.requireNonNull(pruner, "pruner"));
  }

  /**
   * Ends the study after so many trials in a row that did not improve on the best. Trials that run
   * by then, up to the lag, are finished.
   *
   * @param trials at least 1; for a study with one direction
   * @return a changed copy
   */
  public StudyOptions patience(int trials) {
    return with(copy -> copy.patience = trials < 1 ? -1 : trials);
  }

  /**
   * Ends the study once a trial that keeps all constraints is as good as this or better. Trials
   * that run by then, up to the lag, are finished.
   *
   * @param score not NaN; for a study with one direction
   * @return a changed copy
   */
  public StudyOptions target(double score) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("the target must not be NaN");
    }
    return with(copy -> copy.target = score);
  }

  /**
   * Starts no more trials once this time has passed; those that run are finished.
   *
   * @param limit above 0, from the start of the study, or from its resumption
   * @return a changed copy
   */
  public StudyOptions timeLimit(Duration limit) {
    return with(copy -> copy.timeLimit = Objects.requireNonNull(limit, "limit"));
  }

  /**
   * Ends the study with a {@link SearchException} when a trial fails, in place of recording it.
   *
   * @return a changed copy
   */
  public StudyOptions failFast() {
    return with(copy -> copy.failFast = true);
  }

  /**
   * Adds a point to be tried before the sampler proposes any, such as today's settings. May be
   * called several times.
   *
   * @param values the value of every parameter that exists there, by name
   * @return a changed copy
   */
  public StudyOptions first(Map<String, ?> values) {
    List<Map<String, Object>> all = new ArrayList<>(first);
    all.add(new LinkedHashMap<>(values));
    return with(copy -> copy.first = List.copyOf(all));
  }

  /**
   * Sets where the study writes what happens, and from where it goes on.
   *
   * @param journal the journal
   * @return a changed copy
   */
  public StudyOptions journal(Journal journal) {
    return with(copy -> copy.journal = Objects.requireNonNull(journal, "journal"));
  }

  /**
   * Sets who hears of each trial that ends: stage {@code trial}, with {@code score} and {@code
   * best} in a study with one direction. The listener is {@linkplain Progress#guarded() guarded}.
   *
   * @param listener the listener; takes the place of the one before
   * @return a changed copy
   */
  public StudyOptions progress(Progress listener) {
    return with(copy -> copy.progress = listener.guarded());
  }

  /**
   * Sets what ends the study: no more trials start, and those that run see it through {@link
   * Trial#stopSignal()}. What has ended is returned.
   *
   * @param signal the signal; takes the place of the one before
   * @return a changed copy
   */
  public StudyOptions stopSignal(StopSignal signal) {
    return with(copy -> copy.stopSignal = Objects.requireNonNull(signal, "signal"));
  }

  /**
   * Searches for the lowest score.
   *
   * @param space where to search
   * @param score the score of a point
   * @return the study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use, or a trial fails
   *     where none may
   */
  public Study minimize(Space space, Score score) {
    return minimize(space, (params, trial) -> score.of(params));
  }

  /**
   * Searches for the lowest score.
   *
   * @param space where to search
   * @param score the score of a point
   * @return the study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use, or a trial fails
   *     where none may
   */
  public Study minimize(Space space, TrialScore score) {
    return run(space, List.of(Direction.MINIMIZE), single(score));
  }

  /**
   * Searches for the highest score.
   *
   * @param space where to search
   * @param score the score of a point
   * @return the study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use, or a trial fails
   *     where none may
   */
  public Study maximize(Space space, Score score) {
    return maximize(space, (params, trial) -> score.of(params));
  }

  /**
   * Searches for the highest score.
   *
   * @param space where to search
   * @param score the score of a point
   * @return the study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use, or a trial fails
   *     where none may
   */
  public Study maximize(Space space, TrialScore score) {
    return run(space, List.of(Direction.MAXIMIZE), single(score));
  }

  /**
   * Searches for the front of several scores: points that no other is better than in all of them.
   *
   * @param space where to search
   * @param directions the direction of each score, at least one
   * @param scores the scores of a point
   * @return the study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use, or a trial fails
   *     where none may
   */
  public Study optimize(Space space, List<Direction> directions, TrialScores scores) {
    return run(space, directions, Objects.requireNonNull(scores, "scores"));
  }

  /**
   * Opens a study whose trials the caller runs.
   *
   * @param space where to search
   * @param directions the direction of each score, at least one
   * @return the open study
   * @throws IllegalArgumentException if options have faults; all are named
   * @throws SearchException if the journal is of another study, damaged or in use
   */
  public StudySession open(Space space, Direction... directions) {
    return new StudySession(this, space, List.of(directions));
  }

  private static TrialScores single(TrialScore score) {
    Objects.requireNonNull(score, "score");
    return (params, trial) -> new double[] {score.of(params, trial)};
  }

  private Study run(Space space, List<Direction> directions, TrialScores scores) {
    try (StudySession session = new StudySession(this, space, directions)) {
      return new StudyRun(session, this, scores).run();
    }
  }

  void check(Space space, List<Direction> directions) {
    List<String> faults = new ArrayList<>();
    atLeastOne("trials", trials, faults);
    atLeastOne("workers", workers, faults);
    atLeastOne("lag", lag, faults);
    if (workers > lag) {
      faults.add(
          "workers must not be above the lag, as no more trials can run, but were "
              + workers
              + " and "
              + lag
              + "; set lag("
              + workers
              + ")");
    }
    if (patience < 0) {
      faults.add("patience must be at least 1");
    }
    if (timeLimit != null && (timeLimit.isNegative() || timeLimit.isZero())) {
      faults.add("timeLimit must be above 0, but was " + timeLimit);
    }
    checkDirections(directions, faults);
    for (Map<String, Object> values : first) {
      try {
        space.params(values);
      } catch (IllegalArgumentException e) {
        faults.add("the first point " + values + " is not in the space: " + e.getMessage());
      }
    }
    sampler.check(space, directions.size(), faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("the study has faults:\n  " + String.join("\n  ", faults));
    }
  }

  private void checkDirections(List<Direction> directions, List<String> faults) {
    if (directions.isEmpty()) {
      faults.add("a study needs at least one direction");
    }
    boolean single = patience != 0 || !Double.isNaN(target);
    if (directions.size() > 1 && (single || !pruner.toString().equals("none"))) {
      faults.add("pruner, patience and target are for studies with one direction");
    }
  }

  private static void atLeastOne(String option, int value, List<String> faults) {
    if (value < 1) {
      faults.add(option + " must be at least 1, but was " + value);
    }
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "StudyOptions[sampler="
        + sampler
        + ", trials="
        + trials
        + ", seed="
        + seed
        + ", workers="
        + workers
        + ", lag="
        + lag
        + ", pruner="
        + pruner
        + ", patience="
        + (patience == 0 ? "none" : patience)
        + ", target="
        + (Double.isNaN(target) ? "none" : target)
        + ", timeLimit="
        + (timeLimit == null ? "none" : timeLimit)
        + ", failFast="
        + failFast
        + ", first="
        + first
        + ", journal="
        + (journal == null ? "none" : journal)
        + "]";
  }
}
