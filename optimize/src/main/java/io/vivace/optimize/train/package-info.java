/**
 * Training of blocks and of ONNX graphs on DJL's PyTorch engine: {@link
 * io.vivace.optimize.train.Trainer} describes it, with early stopping, checkpoints and schedules. A
 * trained block or graph is exported to ONNX and served from there.
 */
@NullMarked
package io.vivace.optimize.train;

import org.jspecify.annotations.NullMarked;
