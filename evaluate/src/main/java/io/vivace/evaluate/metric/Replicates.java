package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/**
 * Values of a statistic over many samples; each sample has a seed of its own, whoever computes it.
 */
final class Replicates {
  private Replicates() {}

  static double[] drawn(
      ToDoubleFunction<int[]> statistic, Draws draws, int rows, int count, long seed, int threads) {
    return computed(
        rows,
        count,
        threads,
        (index, times) -> {
          draws.draw(new SeededRandom(SeededRandom.derived(seed, index)), times);
          return statistic.applyAsDouble(times);
        });
  }

  /** Leaves out the units in turn, or where there are many, groups of them. */
  static double[] jackknife(
      ToDoubleFunction<int[]> statistic, int[][] units, int rows, int most, int threads) {
    int groups = Math.min(units.length, most);
    return computed(
        rows,
        groups,
        threads,
        (group, times) -> {
          Arrays.fill(times, 1);
          for (int unit = group; unit < units.length; unit += groups) {
            for (int row : units[unit]) {
              times[row] = 0;
            }
          }
          return statistic.applyAsDouble(times);
        });
  }

  private interface Value {
    double of(int index, int[] times);
  }

  private static double[] computed(int rows, int count, int threads, Value value) {
    double[] values = new double[count];
    int workers = Math.min(threads, count);
    if (workers <= 1) {
      fill(values, 0, 1, rows, value);
      return values;
    }
    ExecutorService pool = Executors.newFixedThreadPool(workers, Replicates::daemon);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        int first = worker;
        parts.add(pool.submit(() -> fill(values, first, workers, rows, value)));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a bootstrap sample failed", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during a bootstrap", interrupted);
    } finally {
      pool.shutdownNow();
    }
    return values;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "vivace-bootstrap");
    thread.setDaemon(true);
    return thread;
  }

  private static void fill(double[] values, int first, int step, int rows, Value value) {
    int[] times = new int[rows];
    for (int i = first; i < values.length; i += step) {
      values[i] = value.of(i, times);
    }
  }
}
