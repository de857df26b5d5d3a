/**
 * Runs a model inside your own service: the fluent, thread-safe {@link io.vivace.core.Predictor}.
 *
 * <pre>{@code
 * try (Predictor<float[], float[]> predictor = Predictor.builder()
 *     .model(ModelSource.path(Path.of("digits-mlp.onnx")))
 *     .input(VectorInput.floats(64))
 *     .output(VectorOutput.floats())
 *     .build()) {
 *   float[] logits = predictor.predict(pixels);
 * }
 * }</pre>
 */
@NullMarked
package io.vivace.core;

import org.jspecify.annotations.NullMarked;
