/** ONNX graphs whose weights are trained: operators of the graph run on DJL's PyTorch engine. */
@NullMarked
package io.vivace.optimize.train.graph;

import org.jspecify.annotations.NullMarked;
