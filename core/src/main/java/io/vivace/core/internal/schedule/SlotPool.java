package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceInterruptedException;
import java.util.concurrent.Semaphore;
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

  private final int size;
  private final Semaphore permits;
  private final AtomicReferenceArray<@Nullable S> slots;

  public SlotPool(int size, Supplier<S> factory) {
    this.size = size;
    this.permits = new Semaphore(size);
    this.slots = new AtomicReferenceArray<>((size + 1) * STRIDE);
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
    if (!permits.tryAcquire()) {
      await();
    }
    return takeReserved();
  }

  /** Takes a free slot, or null if there is none. */
  public @Nullable S tryTake() {
    return permits.tryAcquire() ? takeReserved() : null;
  }

  /** Takes a free slot, waiting for one however long it takes. */
  S takeUninterruptibly() {
    permits.acquireUninterruptibly();
    return takeReserved();
  }

  /** Keeps a slot for a thread that will call {@link #takeReserved()}. */
  boolean reserve() {
    return permits.tryAcquire();
  }

  void unreserve() {
    permits.release();
  }

  boolean hasFree() {
    return permits.availablePermits() > 0;
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

  public void give(S slot) {
    int at = (int) (Thread.currentThread().getId() % size);
    while (!slots.compareAndSet(index(at), null, slot)) {
      at = at + 1 == size ? 0 : at + 1;
    }
    permits.release();
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
      permits.acquire();
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

  private static int index(int slot) {
    return (slot + 1) * STRIDE;
  }
}
