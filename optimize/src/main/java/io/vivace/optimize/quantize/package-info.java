/** Quantization: weights and activations as small integers. */
@NullMarked
package io.vivace.optimize.quantize;

import org.jspecify.annotations.NullMarked;
