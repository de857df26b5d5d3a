package io.vivace.core.internal.schedule;

/** What is pending, counted; the model lives as long as somebody has a permit. */
public interface Permits {
  /** Gives permits back: one for each request that has ended. */
  void release(int count);

  /** Keeps the model for a thread that works on it beside the requests; false if it is closed. */
  boolean hold();

  /** Ends what {@link #hold()} began. */
  void letGo();
}
