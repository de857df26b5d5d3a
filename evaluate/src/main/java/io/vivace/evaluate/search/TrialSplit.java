package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The trials cut into good ones and others.
 *
 * @param below the numbers of the good ones, ascending
 * @param above the numbers of the others, ascending, running ones last; failed ones are in neither
 * @param ended how many have ended, failed ones apart
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TrialSplit(int[] below, int[] above, int ended) {
  /** Compares two places. */
  private interface IntOrder {
    int compare(int a, int b);
  }

  private static final double SHARE = 0.1;
  private static final int MOST = 25;

  static TrialSplit of(History history) {
    int ended = history.finished().size();
    int[] numbers =
        IntStream.range(0, ended).filter(i -> counts(history.finished().get(i))).toArray();
    List<Finished> trials = new ArrayList<>(numbers.length);
    for (int number : numbers) {
      trials.add(history.finished().get(number));
    }
    int directions = history.directions().size();
    int wanted = (int) Math.ceil(SHARE * trials.size());
    if (directions == 1) {
      wanted = Math.min(wanted, MOST);
    }
    int[] below = new int[wanted];
    int[] order = order(trials, history.directions().get(0), directions, wanted);
    Arrays.setAll(below, i -> numbers[order[i]]);
    Arrays.sort(below);
    IntStream running = IntStream.range(ended, ended + history.pending().size());
    IntStream others =
        Arrays.stream(numbers).filter(number -> Arrays.binarySearch(below, number) < 0);
    return new TrialSplit(below, IntStream.concat(others, running).toArray(), numbers.length);
  }

  private static boolean counts(Finished trial) {
    return trial.isComplete() || trial.isPruned();
  }

  /** Places of the trials, best first. */
  private static int[] order(
      List<Finished> trials, Direction direction, int directions, int wanted) {
    double[] first = new double[trials.size()];
    double[] second = new double[trials.size()];
    int[] classes = new int[trials.size()];
    if (directions > 1) {
      fronts(trials, wanted, first, second);
    }
    for (int i = 0; i < first.length; i++) {
      Finished trial = trials.get(i);
      if (!trial.isFeasible()) {
        classes[i] = 2;
        first[i] = trial.violation();
      } else if (trial.isPruned()) {
        classes[i] = 1;
        pruned(trial, direction, i, first, second);
      } else if (directions == 1) {
        first[i] = trial.losses()[0];
      }
    }
    return smallest(
        first.length,
        wanted,
        (a, b) -> {
          int byClass = Integer.compare(classes[a], classes[b]);
          int byFirst = byClass != 0 ? byClass : Double.compare(first[a], first[b]);
          return byFirst != 0 ? byFirst : Double.compare(second[a], second[b]);
        });
  }

  /** The places of the smallest, of equal ones the earlier; only few are wanted. */
  private static int[] smallest(int count, int wanted, IntOrder order) {
    int[] kept = new int[wanted];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (size == wanted && (wanted == 0 || order.compare(i, kept[wanted - 1]) >= 0)) {
        continue;
      }
      int place = size < wanted ? size++ : wanted - 1;
      for (; place > 0 && order.compare(i, kept[place - 1]) < 0; place--) {
        kept[place] = kept[place - 1];
      }
      kept[place] = i;
    }
    return kept;
  }

  /** Those that came furthest first, of these the best. */
  private static void pruned(
      Finished trial, Direction direction, int place, double[] first, double[] second) {
    if (trial.result().reports().isEmpty()) {
      first[place] = 1;
      return;
    }
    int step = trial.result().reports().lastKey();
    double loss = direction.loss(trial.result().reports().getOrDefault(step, Double.NaN));
    first[place] = -(double) step;
    second[place] = Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
  }

  private static void fronts(List<Finished> trials, int wanted, double[] rank, double[] crowding) {
    List<Integer> places = new ArrayList<>();
    List<double[]> losses = new ArrayList<>();
    for (int i = 0; i < trials.size(); i++) {
      if (trials.get(i).isComplete() && trials.get(i).isFeasible()) {
        places.add(i);
        losses.add(trials.get(i).losses());
      }
    }
    int front = 0;
    for (int[] members : Pareto.fronts(losses, wanted)) {
      double[] distances = Pareto.crowding(losses, members);
      for (int m = 0; m < members.length; m++) {
        rank[places.get(members[m])] = front;
        crowding[places.get(members[m])] = -distances[m];
      }
      front++;
    }
  }
}
