package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;

/** Writes small ONNX networks with random weights, so that the samples need no model file. */
final class OnnxBuilder {
  private static final int FLOAT = 1;
  private static final int INTS = 7;
  private static final int INT = 2;

  private final OnnxMessage graph = new OnnxMessage();
  private final SplittableRandom random;

  OnnxBuilder(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Adds an operation. */
  OnnxBuilder node(String operator, List<String> inputs, String output, OnnxMessage... attributes) {
    OnnxMessage node = new OnnxMessage();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output + "_" + operator).text(4, operator);
    for (OnnxMessage attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    return this;
  }

  static OnnxMessage integer(String name, long value) {
    return new OnnxMessage().text(1, name).integer(3, value).integer(20, INT);
  }

  static OnnxMessage integers(String name, long... values) {
    OnnxMessage attribute = new OnnxMessage().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, INTS);
  }

  /** Adds weights from the normal distribution with deviation {@code sqrt(2 / inputs)}. */
  OnnxBuilder weight(String name, long inputs, long... shape) {
    int count = 1;
    for (long size : shape) {
      count = Math.toIntExact(count * size);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / inputs));
    }
    return weight(name, values, shape);
  }

  OnnxBuilder weight(String name, float[] values, long... shape) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    OnnxMessage tensor = new OnnxMessage();
    for (long size : shape) {
      tensor.integer(1, size);
    }
    tensor.integer(2, FLOAT).text(8, name).bytes(9, OnnxContent.of(bytes.array()));
    graph.message(5, tensor);
    return this;
  }

  /** Adds an input whose first size is open. */
  OnnxBuilder input(String name, long... row) {
    graph.message(11, value(name, row));
    return this;
  }

  /** Adds an output whose first size is open. */
  OnnxBuilder output(String name, long... row) {
    graph.message(12, value(name, row));
    return this;
  }

  private static OnnxMessage value(String name, long... row) {
    OnnxMessage shape = new OnnxMessage().message(1, new OnnxMessage().text(2, "batch"));
    for (long size : row) {
      shape.message(1, new OnnxMessage().integer(1, size));
    }
    OnnxMessage tensor = new OnnxMessage().integer(1, FLOAT).message(2, shape);
    return new OnnxMessage().text(1, name).message(2, new OnnxMessage().message(1, tensor));
  }

  ModelSource build(String name) {
    OnnxMessage model =
        new OnnxMessage()
            .integer(1, 8)
            .text(2, "vivace")
            .message(7, graph.text(2, name))
            .message(8, new OnnxMessage().text(1, "").integer(2, 13));
    try {
      return ModelSource.bytes(name + ".onnx", model.content().bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
