package io.vivace.core.internal.run;

import io.vivace.core.CallOptions;
import io.vivace.core.internal.schedule.Request;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Time since a predictor was built, and the deadlines of its calls on it. */
final class CallClock implements LongSupplier {
  private final long origin = System.nanoTime();
  private final long defaultNanos;

  CallClock(@Nullable Duration defaultDeadline) {
    this.defaultNanos = defaultDeadline == null ? Request.NO_DEADLINE : defaultDeadline.toNanos();
  }

  @Override
  public long getAsLong() {
    return System.nanoTime() - origin;
  }

  boolean hasDefault() {
    return defaultNanos != Request.NO_DEADLINE;
  }

  /** How long a call may take; {@link Request#NO_DEADLINE} if as long as it likes. */
  long allowedNanos(CallOptions options) {
    Objects.requireNonNull(
        options, "options must not be null; CallOptions.defaults() asks nothing");
    return options.deadline().map(Duration::toNanos).orElse(defaultNanos);
  }

  static long deadline(long arrived, long allowedNanos) {
    return allowedNanos == Request.NO_DEADLINE ? allowedNanos : arrived + allowedNanos;
  }
}
