/**
 * ONNX files: their skeleton, read without the weights, and the checks that they pass before native
 * code sees them.
 *
 * <pre>{@code
 * OnnxModel model = OnnxValidator.validate(Path.of("model.onnx"));
 * try (OnnxData data = OnnxData.open(model)) {
 *   for (OnnxNode node : model.graph().nodes()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>A skeleton holds names, types, shapes and nodes. Weights, texts and lists of numbers stay in
 * the file as ranges of bytes; {@link io.vivace.core.model.onnx.OnnxData} reads those that are
 * wanted. Fields that a skeleton does not interpret are kept as ranges, too, so that a changed
 * model can be written again without losing them.
 */
@NullMarked
package io.vivace.core.model.onnx;

import org.jspecify.annotations.NullMarked;
