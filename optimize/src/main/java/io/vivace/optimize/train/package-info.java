/** Training of blocks and of ONNX graphs on DJL's PyTorch engine. */
@NullMarked
package io.vivace.optimize.train;

import org.jspecify.annotations.NullMarked;
