/**
 * Makes a model smaller and faster: pruning, weight sharing, quantization, factorization,
 * distillation. Not there yet: this release holds the package alone.
 */
@NullMarked
package io.vivace.optimize;

import org.jspecify.annotations.NullMarked;
