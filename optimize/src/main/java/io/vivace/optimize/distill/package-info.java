/** Distillation: a small network learns from the answers of larger models. */
@NullMarked
package io.vivace.optimize.distill;

import org.jspecify.annotations.NullMarked;
