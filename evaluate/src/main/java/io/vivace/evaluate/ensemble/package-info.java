/**
 * Makes one predictor of several: votes and averages, with weights found on validation data, by
 * greedy selection, or by a model that learns from the answers of others (stacking).
 *
 * <pre>{@code
 * Blend<float[], Classification> blend =
 *     Blending.softVote()
 *         .greedy(List.of(mlp, cnn, forest), validation, Scorer.classification(labels), LOG_LOSS);
 * Predictor<float[], Classification> ensemble = blend.predictor();
 * }</pre>
 *
 * <p>Predictors are combined by {@code io.vivace.core.serve}; here it is decided how.
 */
@NullMarked
package io.vivace.evaluate.ensemble;

import org.jspecify.annotations.NullMarked;
