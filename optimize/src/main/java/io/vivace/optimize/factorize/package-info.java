/** Layers as products of thinner layers. */
@NullMarked
package io.vivace.optimize.factorize;

import org.jspecify.annotations.NullMarked;
