package io.vivace.core.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers in a cache of Caffeine. The only class that needs that library. Not its
 * asynchronous cache, which writes a stack trace to the log for every answer that fails.
 */
final class CaffeineStore<O> implements ResultStore<O> {
  private static final String MISSING =
      "a result cache needs Caffeine, which is not on the class path: add the dependency"
          + " com.github.ben-manes.caffeine:caffeine";

  private final Cache<Key, CompletableFuture<O>> cache;

  private CaffeineStore(Cache<Key, CompletableFuture<O>> cache) {
    this.cache = cache;
  }

  /**
   * Makes a store.
   *
   * @param clock nanoseconds, from any origin
   * @throws IllegalStateException if the library is missing
   */
  static <O> ResultStore<O> of(
      long maxEntries, @Nullable Duration expireAfter, LongSupplier clock) {
    try {
      return Loaded.of(maxEntries, expireAfter, clock);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(MISSING, e);
    }
  }

  /** Apart, so that the check above is loaded without the library. */
  private static final class Loaded {
    private static <O> ResultStore<O> of(
        long maxEntries, @Nullable Duration expireAfter, LongSupplier clock) {
      Ticker ticker = clock::getAsLong;
      Caffeine<Object, Object> caffeine =
          Caffeine.newBuilder().maximumSize(maxEntries).ticker(ticker).executor(Runnable::run);
      return new CaffeineStore<>(
          expireAfter == null ? caffeine.build() : caffeine.expireAfterWrite(expireAfter).build());
    }
  }

  @Override
  public @Nullable CompletableFuture<O> get(Key key) {
    return cache.getIfPresent(key);
  }

  @Override
  public @Nullable CompletableFuture<O> putIfAbsent(Key key, CompletableFuture<O> answer) {
    return cache.asMap().putIfAbsent(key, answer);
  }

  @Override
  public void remove(Key key, CompletableFuture<O> answer) {
    cache.asMap().remove(key, answer);
  }

  @Override
  public void clear() {
    cache.invalidateAll();
  }

  @Override
  public long size() {
    cache.cleanUp();
    return cache.estimatedSize();
  }
}
