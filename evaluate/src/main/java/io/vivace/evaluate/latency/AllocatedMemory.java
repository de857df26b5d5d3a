package io.vivace.evaluate.latency;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** What the current thread has allocated on the heap so far, where the Java runtime tells. */
final class AllocatedMemory {
  private final com.sun.management.@Nullable ThreadMXBean threads =
      ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean found
              && found.isThreadAllocatedMemorySupported()
          ? found
          : null;

  double bytes() {
    return threads == null
        ? Double.NaN
        : threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
