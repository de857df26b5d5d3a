package io.vivace.evaluate;

import io.vivace.core.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Runs numbered tasks on a few threads, so that result and failure are the same for any number of
 * threads: the failure is that of the lowest task that fails, and only tasks above it are given up.
 */
final class Tasks {
  private final int threads;
  private final StopSignal stop;
  private final AtomicInteger lowestFailed = new AtomicInteger(Integer.MAX_VALUE);

  Tasks(int threads, StopSignal stop) {
    this.threads = threads;
    this.stop = stop;
  }

  /** The signal for a task: given by the user, or because a task below has failed. */
  StopSignal signal(int task) {
    return stop.or(() -> lowestFailed.get() < task);
  }

  /** Runs the tasks from 0 to {@code count - 1} and returns their results in order. */
  <T> List<T> run(int count, Function<Integer, T> task) {
    if (threads == 1 || count == 1) {
      return IntStream.range(0, count).mapToObj(i -> guarded(i, task)).toList();
    }
    ExecutorService executor = Executors.newFixedThreadPool(Math.min(threads, count), Tasks::named);
    try {
      List<Future<T>> futures = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        int number = i;
        futures.add(executor.submit(() -> guarded(number, task)));
      }
      return results(futures);
    } finally {
      executor.shutdownNow();
    }
  }

  private <T> T guarded(int number, Function<Integer, T> task) {
    signal(number).throwIfRequested();
    try {
      return task.apply(number);
    } catch (RuntimeException | Error e) {
      lowestFailed.accumulateAndGet(number, Math::min);
      throw e;
    }
  }

  private static <T> List<T> results(List<Future<T>> futures) {
    List<T> results = new ArrayList<>(futures.size());
    for (Future<T> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException stopped = new CancellationException("interrupted before the end");
      stopped.initCause(e);
      throw stopped;
    }
  }

  private static Thread named(Runnable work) {
    Thread thread = new Thread(work, "vivace-evaluate");
    thread.setDaemon(true);
    return thread;
  }
}
