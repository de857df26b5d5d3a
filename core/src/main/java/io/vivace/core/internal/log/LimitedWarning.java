package io.vivace.core.internal.log;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One kind of warning, logged at most once in a while however often its cause comes up; the next
 * one that is logged says how many were not. Thread-safe; a warning that is held back costs one
 * read of the clock and takes no lock.
 */
public final class LimitedWarning {
  /** How long a kind of warning stays silent after it was logged. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

  private final Logger log;
  private final long intervalNanos;
  private final LongSupplier clock;
  private final AtomicLong next;
  private final LongAdder heldBack = new LongAdder();

  public LimitedWarning(Logger log) {
    this(log, DEFAULT_INTERVAL, System::nanoTime);
  }

  /** Takes the clock too, in nanoseconds from any origin. */
  public LimitedWarning(Logger log, Duration interval, LongSupplier clock) {
    this.log = log;
    this.intervalNanos = interval.toNanos();
    this.clock = clock;
    this.next = new AtomicLong(clock.getAsLong());
  }

  /** Logs the warning, or counts it; for a message that costs nothing to make. */
  public void warn(String message, @Nullable Throwable cause) {
    warn(() -> message, cause);
  }

  /**
   * Logs the warning, or counts it if the last one was logged lately.
   *
   * @param message says what happened; only asked if it is logged
   * @param cause logged with its stack trace, unless null
   */
  public void warn(Supplier<String> message, @Nullable Throwable cause) {
    long now = clock.getAsLong();
    long due = next.get();
    if (now - due < 0 || !next.compareAndSet(due, now + intervalNanos)) {
      heldBack.increment();
      return;
    }
    long missed = heldBack.sumThenReset();
    String more = missed == 0 ? "" : " (and " + missed + " more like it since the last warning)";
    log.warn("{}{}", message.get(), more, cause);
  }
}
