/**
 * Measures what answers cost: latency with intervals, throughput, memory, the size of the model and
 * its cold start.
 *
 * <pre>{@code
 * LatencyReport report = LatencyBenchmark.of(inputs).calls(2_000).run(List.of(fp32, int8));
 * MetricTable table = report.addTo(metrics);
 * }</pre>
 */
@NullMarked
package io.vivace.evaluate.latency;

import org.jspecify.annotations.NullMarked;
