/** Runs ONNX models on ONNX Runtime. */
@NullMarked
package io.vivace.engines.onnxruntime;

import org.jspecify.annotations.NullMarked;
