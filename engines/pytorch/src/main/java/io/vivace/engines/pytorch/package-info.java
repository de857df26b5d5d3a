/** Runs TorchScript models on the PyTorch engine of DJL. */
@NullMarked
package io.vivace.engines.pytorch;

import org.jspecify.annotations.NullMarked;
