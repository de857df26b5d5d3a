package io.vivace.examples.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.HdrHistogram.AbstractHistogram;

/**
 * What a service did under load.
 *
 * @param perSecond answers a second
 * @param cpuMicros the process's CPU time for each answer
 * @param latency in nanoseconds, from the moment at which the request should have been sent
 * @param failed requests without an answer
 */
record Load(double perSecond, double cpuMicros, AbstractHistogram latency, long failed) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static long cpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  double micros(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e3;
  }
}
