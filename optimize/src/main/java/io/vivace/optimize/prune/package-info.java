/**
 * Weights, channels and heads that a model can do without: {@link io.vivace.optimize.prune.Pruning}
 * and {@link io.vivace.optimize.prune.CalibratedPruning} set single weights to 0, {@link
 * io.vivace.optimize.prune.StructuralPruning} removes whole channels.
 */
@NullMarked
package io.vivace.optimize.prune;

import org.jspecify.annotations.NullMarked;
