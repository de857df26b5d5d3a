package io.vivace.evaluate.search;

import java.util.List;
import java.util.SortedMap;

/**
 * Tells from what a trial reports on the way whether it is worth finishing. The trial is compared
 * with trials of numbers up to its own less the study's lag, so the advice is the same for any
 * number of workers. For studies with one direction. Immutable and thread-safe.
 */
public abstract class Pruner {
  Pruner() {}

  /**
   * Returns the pruner that lets every trial end.
   *
   * @return a pruner
   */
  public static Pruner none() {
    return new NoPruner();
  }

  /**
   * Returns the pruner that gives up a trial whose best report so far is worse than the median of
   * the complete trials at the same step. Starts once 5 trials are complete.
   *
   * @return a pruner
   */
  public static PercentilePruner median() {
    return percentile(50);
  }

  /**
   * Returns the pruner that gives up a trial whose best report so far is outside the best share of
   * the complete trials at the same step. Starts once 5 trials are complete.
   *
   * @param percent the share that may go on, in percent, above 0 and below 100
   * @return a pruner
   * @throws IllegalArgumentException if {@code percent} is out of range
   */
  public static PercentilePruner percentile(double percent) {
    return new PercentilePruner(percent, 5, 0);
  }

  /**
   * Returns asynchronous successive halving: at the steps {@code first}, {@code first * factor},
   * {@code first * factor^2} and so on only the best one in {@code factor} of the trials that came
   * there goes on. Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning",
   * MLSys 2020.
   *
   * @param first the step of the first decision, at least 1
   * @param factor at least 2
   * @return a pruner
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Pruner successiveHalving(int first, int factor) {
    return new HalvingPruner(first, factor, 0);
  }

  /**
   * Returns Hyperband: successive halving in several brackets, from one that decides early to one
   * that never does; the trials take turns. Source: Li et al., "Hyperband: A Novel Bandit-Based
   * Approach to Hyperparameter Optimization", JMLR 18 (2018).
   *
   * @param first the step of the earliest decision, at least 1
   * @param last the step at which a trial ends, at least {@code first}
   * @param factor at least 2; 3 is usual
   * @return a pruner
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Pruner hyperband(int first, int last, int factor) {
    return new HyperbandPruner(first, last, factor);
  }

  /**
   * Returns the pruner that gives up a trial at a report that is NaN or outside of bounds.
   *
   * @param lowest the lowest value that is fine; may be minus infinity
   * @param highest the highest value that is fine; may be infinity
   * @return a pruner
   * @throws IllegalArgumentException if a bound is NaN, or the lowest above the highest
   */
  public static Pruner threshold(double lowest, double highest) {
    return new ThresholdPruner(lowest, highest);
  }

  /**
   * Returns the pruner that compares a trial with the best one report by report, as by the folds of
   * a cross-validation, and gives it up where a one-sided Wilcoxon signed-rank test says that it is
   * worse. The best trial is that with the best mean of reports; the score should be that mean.
   *
   * @param level the p-value below which a trial is given up, above 0 and below 1; 0.1 is usual
   * @return a pruner
   * @throws IllegalArgumentException if {@code level} is out of range
   */
  public static Pruner wilcoxon(double level) {
    return new WilcoxonPruner(level);
  }

  /**
   * Returns this pruner, but asked only about trials whose reports did not improve for a while.
   *
   * @param steps how many reports without improvement are tolerated, at least 0
   * @param leastImprovement what counts as one, at least 0
   * @return a pruner
   * @throws IllegalArgumentException if an argument is out of range
   */
  public final Pruner patient(int steps, double leastImprovement) {
    return new PatientPruner(this, steps, leastImprovement);
  }

  /**
   * What is known when the advice is asked for; less is better everywhere.
   *
   * @param number the trial
   * @param reports its reports by step, at least one
   * @param others the trials to compare with
   * @param direction how to turn reports of others into losses
   */
  record Standing(
      int number, SortedMap<Integer, Double> reports, List<Finished> others, Direction direction) {
    int step() {
      return reports.lastKey();
    }

    double latest() {
      return reports.getOrDefault(step(), Double.NaN);
    }

    /** The best of the reports; NaN only if all are. */
    static double best(Iterable<Double> losses) {
      double best = Double.NaN;
      for (double loss : losses) {
        best = Double.isNaN(best) || loss < best ? loss : best;
      }
      return best;
    }
  }

  /** Whether to give the trial up. */
  abstract boolean prunes(Standing standing);

  /** The pruner that never does. */
  private static final class NoPruner extends Pruner {
    @Override
    boolean prunes(Standing standing) {
      return false;
    }

    @Override
    public String toString() {
      return "none";
    }
  }
}
