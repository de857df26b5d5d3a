package io.vivace.evaluate.search;

/** Watches the trials in order of their numbers and says after which of them a study may end. */
final class StopRules {
  private final StudyOptions options;
  private final Direction direction;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private boolean found;
  private int withoutImprovement;
  private int last = Integer.MAX_VALUE;
  private StopReason reason = StopReason.TRIALS_DONE;

  StopRules(StudyOptions options, Direction direction) {
    this.options = options;
    this.direction = direction;
  }

  /** Takes the next trial. */
  void add(Finished trial) {
    int number = trial.result().number();
    boolean counts = trial.isComplete() && trial.isFeasible();
    boolean better = counts && (!found || trial.losses()[0] < bestLoss);
    if (better) {
      found = true;
      bestLoss = trial.losses()[0];
      withoutImprovement = 0;
    } else if (found) {
      withoutImprovement++;
    }
    if (counts && trial.losses()[0] <= direction.loss(options.target)) {
      stop(number, StopReason.TARGET_REACHED);
    } else if (options.patience > 0 && withoutImprovement >= options.patience) {
      stop(number, StopReason.NO_IMPROVEMENT);
    }
  }

  private void stop(int number, StopReason why) {
    if (last == Integer.MAX_VALUE) {
      last = number;
      reason = why;
    }
  }

  /** Whether a trial must not start, by the trials that it may look back at. */
  boolean forbids(int number) {
    return last <= number - options.lag;
  }

  StopReason reason() {
    return reason;
  }
}
