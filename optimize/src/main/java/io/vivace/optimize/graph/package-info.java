/**
 * An ONNX model as a graph that can be changed and written again. Weights stay in the model's files
 * and pass through small buffers; what a pass does not touch is written byte for byte as it was.
 *
 * <pre>{@code
 * try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
 *   for (Node node : model.graph().nodes()) {
 *     ...
 *   }
 *   model.save(target);
 * }
 * }</pre>
 */
@NullMarked
package io.vivace.optimize.graph;

import org.jspecify.annotations.NullMarked;
