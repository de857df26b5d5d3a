package io.vivace.core.internal.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts the users of a resource and destroys it when it is closed and the last of them has gone.
 *
 * <p>The state is the number of users, plus {@link Long#MIN_VALUE} once closed, so that one {@code
 * getAndIncrement} both takes a lease and tells whether it may be used. Holders that are not to
 * count as users have the upper half of the number.
 */
public final class Lease {
  /** What {@link #acquire(int)} returns where the resource is closed. */
  static final int CLOSED = -1;

  /** What {@link #acquire(int)} returns where there are as many users as allowed. */
  static final int FULL = 0;

  private static final long HOLDER = 1L << 32;

  private final Count state;
  private final Runnable destroy;

  public Lease(Runnable destroy) {
    this(destroy, new Count());
  }

  Lease(Runnable destroy, Count state) {
    this.destroy = destroy;
    this.state = state;
  }

  /** A number that changes in single steps, between which tests can stop. */
  static class Count {
    private static final VarHandle VALUE;

    static {
      try {
        VALUE = MethodHandles.lookup().findVarHandle(Count.class, "value", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("UnusedVariable") // through VALUE
    private volatile long value;

    long get() {
      return value;
    }

    long getAndAdd(long change) {
      return (long) VALUE.getAndAdd(this, change);
    }

    boolean compareAndSet(long expected, long to) {
      return VALUE.compareAndSet(this, expected, to);
    }
  }

  /** Takes a lease; false if closed. A lease that was taken must be released. */
  public boolean acquire() {
    return acquire(Integer.MAX_VALUE) > 0;
  }

  /** Takes a lease if there are fewer users than a limit; returns how many there are now. */
  int acquire(int limit) {
    long before = state.getAndAdd(1);
    if (before >= 0 && (int) before < limit) {
      return (int) before + 1;
    }
    release();
    return before < 0 ? CLOSED : FULL;
  }

  public void release() {
    release(1);
  }

  void release(int count) {
    subtract(count);
  }

  /** Keeps the resource without being counted as a user; false if closed. */
  boolean hold() {
    if (state.getAndAdd(HOLDER) >= 0) {
      return true;
    }
    letGo();
    return false;
  }

  void letGo() {
    subtract(HOLDER);
  }

  private void subtract(long users) {
    if (state.getAndAdd(-users) - users == Long.MIN_VALUE) {
      destroyOnce();
    }
  }

  /** Lets no more users in. Destroys at once if there are none. */
  public boolean close() {
    long before = state.get();
    while (before >= 0 && !state.compareAndSet(before, before + Long.MIN_VALUE)) {
      before = state.get();
    }
    if (before == 0) {
      destroyOnce();
    }
    return before >= 0;
  }

  public boolean isClosed() {
    return state.get() < 0;
  }

  /** How many users there are. */
  int users() {
    return (int) state.get();
  }

  /** A refused lease may bring the count back to zero again after the resource has gone. */
  private void destroyOnce() {
    if (state.compareAndSet(Long.MIN_VALUE, Long.MIN_VALUE / 2)) {
      destroy.run();
    }
  }
}
