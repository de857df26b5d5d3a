package io.vivace.optimize.graph;

import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * What a pass is given beside the model. Immutable: each option returns a changed copy.
 *
 * <p>Defaults: a thread per processor, nobody listens, the stop signal is never given.
 */
public final class PassContext {
  private final int threads;
  private final Progress progress;
  private final StopSignal stopSignal;

  private PassContext(int threads, Progress progress, StopSignal stopSignal) {
    this.threads = threads;
    this.progress = Objects.requireNonNull(progress, "progress");
    this.stopSignal = Objects.requireNonNull(stopSignal, "stopSignal");
  }

  /**
   * Returns the context in which every option has its default.
   *
   * @return the context
   */
  public static PassContext defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new PassContext(processors, Progress.none(), StopSignal.never());
  }

  /**
   * Sets how many threads compute. Results do not depend on it.
   *
   * @param count 1 to 1,024
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is out of this range
   */
  public PassContext threads(int count) {
    if (count < 1 || count > 1_024) {
      throw new IllegalArgumentException("threads must be 1 to 1024, but was " + count);
    }
    return new PassContext(count, progress, stopSignal);
  }

  /**
   * Sets who hears of progress.
   *
   * @param listener the listener
   * @return a changed copy
   */
  public PassContext progress(Progress listener) {
    return new PassContext(threads, listener.guarded(), stopSignal);
  }

  /**
   * Sets the signal that ends the work.
   *
   * @param signal the signal
   * @return a changed copy
   */
  public PassContext stopSignal(StopSignal signal) {
    return new PassContext(threads, progress, signal);
  }

  /**
   * Returns how many threads compute.
   *
   * @return at least 1
   */
  public int threads() {
    return threads;
  }

  /**
   * Returns who hears of progress.
   *
   * @return a listener that cannot harm the work
   */
  public Progress progress() {
    return progress;
  }

  /**
   * Returns the signal that ends the work.
   *
   * @return the signal
   */
  public StopSignal stopSignal() {
    return stopSignal;
  }

  /**
   * Runs tasks that do not depend on each other, several at a time, and waits for all. The first
   * exception ends the others and is thrown.
   *
   * @param count number of tasks
   * @param task takes the number of the task, from 0
   * @throws CancellationException if the stop signal was given
   */
  public void forEach(int count, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < count && i >= 0; i = next.getAndIncrement()) {
              stopSignal.throwIfRequested();
              task.accept(i);
            }
          } finally {
            next.set(count);
          }
        };
    int workers = Math.min(threads, count);
    if (workers <= 1) {
      worker.run();
    } else {
      runAll(workers, worker);
    }
  }

  private static void runAll(int workers, Runnable worker) {
    ExecutorService pool = Executors.newFixedThreadPool(workers, PassContext::daemon);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(pool.submit(worker));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException("a pass failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("stopped: the thread was interrupted before the end");
    } finally {
      // Never interrupted: that would close the model's files.
      pool.shutdown();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "vivace-pass");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public String toString() {
    return "PassContext[threads=" + threads + "]";
  }
}
