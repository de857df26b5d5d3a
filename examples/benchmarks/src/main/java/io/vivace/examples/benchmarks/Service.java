package io.vivace.examples.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who answers items under load: ours or a peer.
 *
 * @param <I> the type of the items
 */
interface Service<I> extends AutoCloseable {
  /** Hears of an answer or an error, on any thread. */
  @FunctionalInterface
  interface Completion {
    void done(float @Nullable [] answer, @Nullable Throwable error);
  }

  /** Answers on the calling thread. */
  float[] call(I item) throws Exception;

  /** Answers later. */
  void submit(I item, Completion completion);

  @Override
  void close();
}
