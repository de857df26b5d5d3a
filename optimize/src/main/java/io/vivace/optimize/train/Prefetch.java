package io.vivace.optimize.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Makes batches on a thread of its own, a few ahead of the one that is wanted. */
final class Prefetch<B> implements AutoCloseable {
  private static final int AHEAD = 2;

  private final ExecutorService thread;
  private final IntFunction<B> maker;
  private final int end;
  private final Deque<CompletableFuture<B>> coming = new ArrayDeque<>();
  private int next;

  Prefetch(int from, int to, IntFunction<B> maker) {
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "vivace-prefetch");
              made.setDaemon(true);
              return made;
            });
    this.maker = maker;
    this.next = from;
    this.end = to;
    fill();
  }

  private void fill() {
    while (next < end && coming.size() < AHEAD) {
      int number = next++;
      coming.add(CompletableFuture.supplyAsync(() -> maker.apply(number), thread));
    }
  }

  B take() {
    CompletableFuture<B> first = coming.remove();
    fill();
    try {
      return first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Waits for the batch that is being made: after that nothing uses the examples any more. */
  @Override
  public void close() {
    coming.forEach(batch -> batch.cancel(false));
    thread.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
