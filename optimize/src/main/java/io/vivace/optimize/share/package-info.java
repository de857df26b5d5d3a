/** Weights that share few values, and layers that share one tensor. */
@NullMarked
package io.vivace.optimize.share;

import org.jspecify.annotations.NullMarked;
