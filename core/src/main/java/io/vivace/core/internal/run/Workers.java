package io.vivace.core.internal.run;

import io.vivace.core.OverloadedException;
import io.vivace.core.PredictorClosedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of a predictor: fixed platform threads, started when first needed, with a bound on
 * the calls that wait for an answer.
 */
public final class Workers {
  private final String name;
  private final int maxPending;
  private final Executor completions;
  private final AtomicInteger pending = new AtomicInteger();
  private final ThreadPoolExecutor threads;
  private volatile boolean closed;

  public Workers(String name, int count, int maxPending, Executor completions) {
    this.name = name;
    this.maxPending = maxPending;
    this.completions = completions;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "vivace-" + name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Computes an answer on one of the threads.
   *
   * @param lease held by the caller; released when the answer is there
   */
  public <O> CompletableFuture<O> submit(Supplier<O> work, Lease lease) {
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      lease.release();
      return CompletableFuture.failedFuture(
          new OverloadedException(
              String.format(
                  "rejected: %d calls of predictor \"%s\" are already pending (maxPending=%d)."
                      + " Raise maxPending or slow the caller.",
                  maxPending, name, maxPending)));
    }
    CompletableFuture<O> future = new CompletableFuture<>();
    try {
      threads.execute(() -> run(work, lease, future));
    } catch (RejectedExecutionException e) {
      release(lease);
      future.completeExceptionally(closed(name));
    }
    return future;
  }

  /** Offers work that may as well not be done: the caller does what is left of it. */
  public void offer(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: the caller does it all.
    }
  }

  private <O> void run(Supplier<O> work, Lease lease, CompletableFuture<O> future) {
    O answer = null;
    Throwable error = null;
    try {
      if (closed) {
        error = closed(name);
      } else if (!future.isDone()) {
        answer = work.get();
      }
    } catch (Throwable e) { // whatever it is, it belongs to the call, and the thread lives on
      error = e;
    } finally {
      release(lease);
    }
    complete(future, answer, error);
  }

  private <O> void complete(
      CompletableFuture<O> future,
      @org.jspecify.annotations.Nullable O answer,
      @org.jspecify.annotations.Nullable Throwable error) {
    Runnable completion =
        () -> {
          if (error != null) {
            future.completeExceptionally(error);
          } else {
            future.complete(answer);
          }
        };
    try {
      completions.execute(completion);
    } catch (RuntimeException e) {
      completion.run(); // the user's executor is gone; the answer is not lost
    }
  }

  private void release(Lease lease) {
    pending.decrementAndGet();
    lease.release();
  }

  /** Fails what waits and ends the threads once what runs has finished. */
  public void close() {
    closed = true;
    threads.shutdown();
  }

  public static PredictorClosedException closed(String name) {
    return new PredictorClosedException("predictor \"" + name + "\" is closed");
  }
}
