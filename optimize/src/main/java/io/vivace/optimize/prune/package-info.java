/** Weights, channels and heads that a model can do without. */
@NullMarked
package io.vivace.optimize.prune;

import org.jspecify.annotations.NullMarked;
