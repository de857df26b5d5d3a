package io.vivace.core.internal.djl;

import ai.djl.ndarray.types.DataType;
import java.util.List;

/**
 * The elements of a host array in row-major order. Never changed once made, so arrays share them.
 */
interface Elements {
  DataType type();

  int size();

  /** The elements at these positions, in this order. */
  Elements pick(int[] positions);

  /** These elements and then those of the others, all of the same type. */
  Elements join(List<? extends Elements> others);
}
