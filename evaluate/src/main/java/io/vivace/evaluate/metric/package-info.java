/**
 * Metrics: what a model's answers are worth, as numbers that equal scikit-learn's.
 *
 * <pre>{@code
 * Labels labels = Labels.of(truth, prediction, 3);
 * double accuracy = ACCURACY.of(labels);
 * double f1 = F1.macro().of(labels);
 *
 * MetricState<Labels> state = F1.macro().newState();      // streaming, in one pass
 * batches.forEach(state::update);
 * state.merge(otherMachine);
 * double all = state.compute();
 * }</pre>
 *
 * <p>A {@link io.vivace.evaluate.metric.Metric} is an immutable description; its {@link
 * io.vivace.evaluate.metric.MetricState} gathers batches of arrays. Sums are exact, so the order of
 * updates and merges does not change the result in any bit. A batch ({@link
 * io.vivace.evaluate.metric.Labels}, {@link io.vivace.evaluate.metric.Scores}, {@link
 * io.vivace.evaluate.metric.MultiLabels}, {@link io.vivace.evaluate.metric.Values}, {@link
 * io.vivace.evaluate.metric.Rankings}) is checked once, when it is made.
 *
 * <h2>Adding a metric</h2>
 *
 * <p>Write what it gathers as an {@link io.vivace.evaluate.metric.Accumulator}, with {@link
 * io.vivace.evaluate.metric.ExactSum} for sums of fractions and plain {@code long} for counts, and
 * say how the result follows from it:
 *
 * <pre>{@code
 * static final Metric<Values> MEAN_ERROR =
 *     Metric.of("mean error", Goal.MINIMIZE, 0, Double.POSITIVE_INFINITY, Values.class,
 *         MeanAccumulator::new, MeanAccumulator::mean);
 * }</pre>
 *
 * <p>A metric with options is a final class that implements {@code Metric}, returns changed copies
 * from its options, makes its state with {@link io.vivace.evaluate.metric.MetricState#of}, and
 * states every option in {@link io.vivace.evaluate.metric.Metric#identity()}. Where two metrics
 * gather the same, they share the accumulator.
 */
@NullMarked
package io.vivace.evaluate.metric;

import org.jspecify.annotations.NullMarked;
