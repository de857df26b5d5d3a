/**
 * Quantization: weights and activations as small integers. {@link
 * io.vivace.optimize.quantize.Quantization} starts each way: dynamic int8 for matrix products,
 * static int8 from calibration samples for convolutions, and weights alone in 2, 4 or 8 bits.
 */
@NullMarked
package io.vivace.optimize.quantize;

import org.jspecify.annotations.NullMarked;
