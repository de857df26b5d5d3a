/**
 * Stand-ins for the unit tests of applications: a predictor that answers what a test says, a model
 * on a stub engine for whatever is built by {@link io.vivace.core.Predictor#builder()}, and a clock
 * that a test moves. No native library and no test framework is needed.
 */
@NullMarked
package io.vivace.core.testing;

import org.jspecify.annotations.NullMarked;
