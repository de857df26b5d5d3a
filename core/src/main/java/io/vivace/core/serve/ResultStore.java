package io.vivace.core.serve;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers that are there or on their way. Thread-safe. */
interface ResultStore<O> {
  /**
   * What an answer is for: an item, and the version of the model that was the newest when it was
   * asked for.
   */
  record Key(long generation, Object item) {}

  @Nullable CompletableFuture<O> get(Key key);

  /** Stores a future, unless there is one: then returns that. */
  @Nullable CompletableFuture<O> putIfAbsent(Key key, CompletableFuture<O> answer);

  void remove(Key key, CompletableFuture<O> answer);

  void clear();

  long size();
}
