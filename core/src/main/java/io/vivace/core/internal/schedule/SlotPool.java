package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceInterruptedException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of things, each used by one thread at a time. A thread begins to look where it
 * found one last time, so that it mostly meets warm caches and no other thread.
 */
public final class SlotPool<S> {
  /** References that share a cache line: entries this far apart do not disturb each other. */
  private static final int STRIDE = 16;

  /**
   * A thread that has waited for so long is served before those who come later. Until then a thread
   * that finds a free slot takes it, since waking another costs more than a short run.
   */
  private static final long PATIENCE_NANOS = 5_000_000;

  private final int size;
  private final Semaphore permits;
  private final AtomicReferenceArray<@Nullable S> slots;

  /** By place, what {@link #answered} sums. */
  private final AtomicLongArray answered;

  /** How many threads have lost their patience. */
  private final AtomicInteger starving = new AtomicInteger();

  public SlotPool(int size, Supplier<S> factory) {
    this.size = size;
    this.permits = new Semaphore(size);
    this.slots = new AtomicReferenceArray<>((size + 1) * STRIDE);
    this.answered = new AtomicLongArray((size + 1) * STRIDE);
    for (int i = 0; i < size; i++) {
      slots.set(index(i), factory.get());
    }
  }

  /**
   * Takes a free slot, waiting for one if there is none.
   *
   * @throws InferenceInterruptedException if the thread is interrupted while it waits
   */
  public S take() {
    S slot = tryTake();
    if (slot != null) {
      return slot;
    }
    await();
    return takeReserved();
  }

  /** Takes a free slot, or null if there is none for one who comes now. */
  public @Nullable S tryTake() {
    return !isContested() && permits.tryAcquire() ? takeReserved() : null;
  }

  /** Takes a free slot, waiting for one however long it takes. */
  S takeUninterruptibly() {
    permits.acquireUninterruptibly();
    return takeReserved();
  }

  /** Keeps a slot for a thread that will call {@link #takeReserved()}. */
  boolean reserve() {
    return !isContested() && permits.tryAcquire();
  }

  void unreserve() {
    permits.release();
  }

  boolean hasFree() {
    return permits.availablePermits() > 0;
  }

  /** Whether a thread has waited so long that others must. */
  public boolean isContested() {
    return starving.get() > 0;
  }

  /** How many are in use or reserved. */
  int used() {
    return size - permits.availablePermits();
  }

  S takeReserved() {
    int at = (int) (Thread.currentThread().getId() % size);
    while (true) {
      S slot = slots.get(index(at));
      if (slot != null && slots.compareAndSet(index(at), slot, null)) {
        return slot;
      }
      at = at + 1 == size ? 0 : at + 1;
    }
  }

  /** Gives a slot back on which one row was answered. */
  public void give(S slot) {
    give(slot, 1);
  }

  /** Gives a slot back on which so many rows were answered. */
  void give(S slot, int rows) {
    int at = (int) (Thread.currentThread().getId() % size);
    while (!slots.compareAndSet(index(at), null, slot)) {
      at = at + 1 == size ? 0 : at + 1;
    }
    answered.setOpaque(index(at), answered.getOpaque(index(at)) + rows);
    permits.release();
  }

  /**
   * About how many rows were answered. What a thread adds may be lost where another gives a slot
   * back to the same place meanwhile, which is rare, and cheaper than to count exactly.
   */
  public long answered() {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += answered.getOpaque(index(i));
    }
    return sum;
  }

  public int size() {
    return size;
  }

  /** Visits every slot. Only when nobody uses the pool any more. */
  public void forEach(Consumer<? super S> action) {
    for (int i = 0; i < size; i++) {
      S slot = slots.get(index(i));
      if (slot != null) {
        action.accept(slot);
      }
    }
  }

  private void await() {
    try {
      if (!permits.tryAcquire(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
        awaitFirst();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException(
          "interrupted while waiting for one of "
              + size
              + " native runs (concurrency="
              + size
              + ")",
          e);
    }
  }

  private void awaitFirst() throws InterruptedException {
    starving.incrementAndGet();
    try {
      permits.acquire();
    } finally {
      starving.decrementAndGet();
    }
  }

  private static int index(int slot) {
    return (slot + 1) * STRIDE;
  }
}
