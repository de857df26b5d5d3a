package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times contestants in turn, many short rounds each, so that all of them meet the same noise, and
 * takes the median round of each.
 */
final class Race {
  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final long ROUND_NANOS = 10_000_000L;

  /** Keeps answers from the optimizer. */
  static volatile @Nullable Object sink;

  /** One call and its answer. */
  @FunctionalInterface
  interface Call {
    Object run() throws Exception;
  }

  private static final class Contestant {
    final String name;
    final Call call;
    final double[] nanos;
    int callsPerRound;

    Contestant(String name, Call call, int rounds) {
      this.name = name;
      this.call = call;
      this.nanos = new double[rounds];
    }

    void warmUp() throws Exception {
      long begin = System.nanoTime();
      long done = 0;
      while (System.nanoTime() - begin < WARM_UP_NANOS || done < 3) {
        sink = call.run();
        done++;
      }
      long nanosPerCall = Math.max(1, (System.nanoTime() - begin) / done);
      callsPerRound = (int) Math.max(1, ROUND_NANOS / nanosPerCall);
    }

    void race(int round) throws Exception {
      long begin = System.nanoTime();
      for (int i = 0; i < callsPerRound; i++) {
        sink = call.run();
      }
      nanos[round] = (System.nanoTime() - begin) / (double) callsPerRound;
    }
  }

  private final int rounds;
  private final List<Contestant> contestants = new ArrayList<>();

  Race(int rounds) {
    this.rounds = rounds;
  }

  Race add(String name, Call call) {
    contestants.add(new Contestant(name, call, rounds));
    return this;
  }

  Race run() throws Exception {
    for (Contestant contestant : contestants) {
      contestant.warmUp();
    }
    List<Contestant> order = new ArrayList<>(contestants);
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : order) {
        contestant.race(round);
      }
      order.add(order.remove(0)); // nobody always follows the same neighbour
    }
    return this;
  }

  /** The median round's microseconds a call. */
  double micros(String name) {
    Contestant found =
        contestants.stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow();
    return median(found.nanos) / 1e3;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
