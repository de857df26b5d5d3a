package io.vivace.optimize.train.export;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;

/**
 * A block within the block that is exported.
 *
 * @param block the block
 * @param path its name, with those of the blocks around it
 * @param input the name of its input's value
 * @param shape the shape of its input, with the batch axis
 */
record Part(Block block, String path, String input, Shape shape) {
  Part child(Block other, String name, String value, Shape valueShape) {
    return new Part(other, path.isEmpty() ? name : path + '/' + name, value, valueShape);
  }

  int rank() {
    return shape.dimension();
  }

  IllegalArgumentException refusal(String why) {
    return new IllegalArgumentException(
        "part \"%s\", %s, has no form in ONNX that is known here: %s"
            .formatted(path, block.getClass().getSimpleName(), why));
  }
}
