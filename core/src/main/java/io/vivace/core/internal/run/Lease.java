package io.vivace.core.internal.run;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the users of a resource and destroys it when it is closed and the last of them has gone.
 *
 * <p>The state is the number of users, plus {@link Long#MIN_VALUE} once closed, so that one {@code
 * getAndIncrement} both takes a lease and tells whether it may be used.
 */
public final class Lease {
  private final AtomicLong state = new AtomicLong();
  private final Runnable destroy;

  public Lease(Runnable destroy) {
    this.destroy = destroy;
  }

  /** Takes a lease; false if closed. A lease that was taken must be released. */
  public boolean acquire() {
    if (state.getAndIncrement() >= 0) {
      return true;
    }
    release();
    return false;
  }

  public void release() {
    if (state.decrementAndGet() == Long.MIN_VALUE) {
      destroyOnce();
    }
  }

  /** Lets no more users in. Destroys at once if there are none. */
  public boolean close() {
    long before = state.getAndUpdate(s -> s < 0 ? s : s + Long.MIN_VALUE);
    if (before == 0) {
      destroyOnce();
    }
    return before >= 0;
  }

  public boolean isClosed() {
    return state.get() < 0;
  }

  /** A refused lease may bring the count back to zero again after the resource has gone. */
  private void destroyOnce() {
    if (state.compareAndSet(Long.MIN_VALUE, Long.MIN_VALUE / 2)) {
      destroy.run();
    }
  }
}
