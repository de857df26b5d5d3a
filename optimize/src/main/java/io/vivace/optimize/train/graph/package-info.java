/**
 * ONNX graphs whose weights are trained: operators of the graph run on DJL's PyTorch engine. {@link
 * io.vivace.optimize.train.graph.FineTuning} says what stays: zeros, shared values; and whether the
 * result is quantized.
 */
@NullMarked
package io.vivace.optimize.train.graph;

import org.jspecify.annotations.NullMarked;
