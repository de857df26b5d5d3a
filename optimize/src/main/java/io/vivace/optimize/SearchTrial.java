package io.vivace.optimize;

/**
 * A setting of all layers that was tried.
 *
 * @param plan the setting, with which {@link Compression#plan} makes the file again
 * @param bytes the size of the result
 * @param nonZeros its parameters that are not 0
 * @param quality its quality
 * @param latencyNanos its median latency in nanoseconds; NaN if no limit asked for it
 */
public record SearchTrial(
    CompressionPlan plan, long bytes, long nonZeros, double quality, double latencyNanos) {
  /** Whether another is at least as good in everything, and better in something. */
  boolean isBeatenBy(SearchTrial other) {
    boolean noWorse =
        other.bytes <= bytes
            && other.nonZeros <= nonZeros
            && other.quality >= quality
            && !(other.latencyNanos > latencyNanos);
    boolean better =
        other.bytes < bytes
            || other.nonZeros < nonZeros
            || other.quality > quality
            || other.latencyNanos < latencyNanos;
    return noWorse && better;
  }
}
