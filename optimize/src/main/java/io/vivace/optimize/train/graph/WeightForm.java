package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;

/** Makes a weight of what is trained: masked, looked up in a codebook, or quantized. */
@FunctionalInterface
interface WeightForm {
  /** Returns the weight; gradients pass back to the array. */
  NDArray apply(NDArray trained);
}
