package io.vivace.evaluate.search;

import io.vivace.evaluate.internal.WholeText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A search and what came of it. Started by one of the samplers below. Immutable.
 *
 * <pre>{@code
 * Study study = Study.tpe().trials(100).seed(42).maximize(space, params -> score(params));
 * }</pre>
 */
public final class Study {
  private final Space space;
  private final List<Direction> directions;
  private final List<TrialResult> trials;
  private final StopReason stopReason;

  Study(Space space, List<Direction> directions, List<TrialResult> trials, StopReason stopReason) {
    this.space = space;
    this.directions = directions;
    this.trials = List.copyOf(trials);
    this.stopReason = stopReason;
  }

  /**
   * Begins a study with the tree-structured Parzen estimator: good for 50 to 1,000 trials of any
   * kind of space.
   *
   * @return options with their defaults
   */
  public static StudyOptions tpe() {
    return with(Sampler.tpe());
  }

  /**
   * Begins a study with a Gaussian process: takes the fewest trials where each is dear.
   *
   * @return options with their defaults
   */
  public static StudyOptions gaussianProcess() {
    return with(Sampler.gaussianProcess());
  }

  /**
   * Begins a study with NSGA-II: for several directions and a thousand trials or more.
   *
   * @return options with their defaults
   */
  public static StudyOptions nsga2() {
    return with(Sampler.nsga2());
  }

  /**
   * Begins a study that draws every point anew.
   *
   * @return options with their defaults
   */
  public static StudyOptions random() {
    return with(Sampler.random());
  }

  /**
   * Begins a study that covers the space evenly.
   *
   * @return options with their defaults
   */
  public static StudyOptions sobol() {
    return with(Sampler.sobol());
  }

  /**
   * Begins a study of all combinations, as many as there are.
   *
   * @param levels how many values of a range are tried where it has more; at least 2
   * @return options with their defaults, but all trials
   * @throws IllegalArgumentException if {@code levels} is below 2
   */
  public static StudyOptions grid(int levels) {
    return with(Sampler.grid(levels)).trials(Integer.MAX_VALUE);
  }

  /**
   * Begins a study with any sampler.
   *
   * @param sampler who proposes points
   * @return options with their defaults
   */
  public static StudyOptions with(Sampler sampler) {
    return new StudyOptions(sampler);
  }

  /**
   * Returns the best trial: of those that are complete and keep all constraints the one with the
   * best first score; of equal ones the first.
   *
   * @return the trial
   * @throws NoSuchElementException if there is none
   */
  public TrialResult best() {
    return findBest()
        .orElseThrow(
            () ->
                new NoSuchElementException(
                    "none of the "
                        + trials.size()
                        + " trials is complete and keeps all constraints: "
                        + counts()
                        + firstFailure()));
  }

  private String firstFailure() {
    return trials.stream()
        .filter(trial -> trial.failure() != null)
        .findFirst()
        .map(trial -> "; trial " + trial.number() + " failed: " + trial.failure())
        .orElse("");
  }

  /**
   * Returns the best trial if there is one.
   *
   * @return the trial, as {@link #best()}
   */
  public Optional<TrialResult> findBest() {
    TrialResult best = null;
    for (TrialResult trial : trials) {
      if (eligible(trial) && (best == null || loss(trial) < loss(best))) {
        best = trial;
      }
    }
    return Optional.ofNullable(best);
  }

  private static boolean eligible(TrialResult trial) {
    return trial.state() == TrialState.COMPLETE && trial.isFeasible();
  }

  private double loss(TrialResult trial) {
    return directions.get(0).loss(trial.score());
  }

  private Map<TrialState, Long> counts() {
    return trials.stream()
        .collect(Collectors.groupingBy(TrialResult::state, Collectors.counting()));
  }

  /**
   * Returns the point of the best trial.
   *
   * @return the point
   * @throws NoSuchElementException if there is no best trial
   */
  public Params bestParams() {
    return best().params();
  }

  /**
   * Returns the score of the best trial.
   *
   * @return the score
   * @throws NoSuchElementException if there is no best trial
   */
  public double bestScore() {
    return best().score();
  }

  /**
   * Returns the Pareto front: the complete trials that keep all constraints and that no other such
   * trial dominates. Of equal ones all are in it.
   *
   * @return the trials by number; empty if there is none
   */
  public List<TrialResult> front() {
    List<TrialResult> eligible = trials.stream().filter(Study::eligible).toList();
    List<double[]> losses =
        eligible.stream().map(trial -> Finished.of(trial, directions).losses()).toList();
    List<TrialResult> front = new ArrayList<>();
    if (!eligible.isEmpty()) {
      for (int place : Pareto.fronts(losses, 1).get(0)) {
        front.add(eligible.get(place));
      }
    }
    return front;
  }

  /**
   * Returns all trials that have ended.
   *
   * @return the trials by number
   */
  public List<TrialResult> trials() {
    return trials;
  }

  /**
   * Returns the best first score so far after each trial, as a search history shows it.
   *
   * @return one value for each of {@link #trials()}; NaN before the first that counts
   */
  public double[] bestSoFar() {
    double[] history = new double[trials.size()];
    TrialResult best = null;
    for (int i = 0; i < history.length; i++) {
      TrialResult trial = trials.get(i);
      if (eligible(trial) && (best == null || loss(trial) < loss(best))) {
        best = trial;
      }
      history[i] = best == null ? Double.NaN : best.score();
    }
    return history;
  }

  /**
   * Returns where was searched.
   *
   * @return the space
   */
  public Space space() {
    return space;
  }

  /**
   * Returns the direction of each score.
   *
   * @return the directions
   */
  public List<Direction> directions() {
    return directions;
  }

  /**
   * Returns why the study ended.
   *
   * @return the reason
   */
  public StopReason stopReason() {
    return stopReason;
  }

  /**
   * Returns how much each parameter decides whether a trial is among the best tenth, by the first
   * score of the complete trials that keep all constraints. {@code PED-ANOVA}: the divergence
   * {@code 0.5 E[(p/q - 1)^2]} of its density p in the best tenth from its density q in all of
   * them. Source: Watanabe et al., "PED-ANOVA", IJCAI 2023.
   *
   * @return the shares by name, in order of the space, summing to 1; all 0 if none matters; empty
   *     with fewer than 4 such trials
   */
  public Map<String, Double> importances() {
    return Importance.of(this);
  }

  /**
   * Returns every trial as a line of JSON, without times. Byte for byte the same for any number of
   * workers, and after a resumption.
   *
   * @return the lines, each with a line feed at its end
   */
  public String log() {
    return trials.stream().map(trial -> TrialJson.line(trial) + "\n").collect(Collectors.joining());
  }

  /**
   * Writes {@link #log()} to a file in UTF-8, at once or not at all.
   *
   * @param file the file; replaced if it is there
   * @throws IOException if it cannot be written
   */
  public void writeLog(Path file) throws IOException {
    WholeText.write(file, log());
  }

  /**
   * Returns the outcome in short.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Study["
        + counts()
        + ", "
        + stopReason
        + findBest().map(best -> ", best " + best.values() + " at " + best.params()).orElse("")
        + "]";
  }
}
