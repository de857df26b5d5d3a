package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.model.onnx.OnnxMessage;
import io.vivace.core.model.onnx.OnnxStorage;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a graph as the messages of {@code onnx.proto3}. What was not touched is copied from the
 * file; of changed messages, fields that the graph package does not know are copied.
 */
final class GraphEncoder {
  private static final int INITIALIZER = 5;
  private static final int EXTERNAL = 1;

  private final OnnxStorage storage;
  private final @Nullable ExternalData external;

  /**
   * Makes an encoder.
   *
   * @param external takes the elements of large tensors; null to keep all in the model's file
   */
  GraphEncoder(OnnxStorage storage, @Nullable ExternalData external) {
    this.storage = storage;
    this.external = external;
  }

  OnnxContent graph(Graph graph) {
    if (graph.isUntouched() && external == null) {
      return storage.bytes(graph.stored());
    }
    OnnxMessage message = new OnnxMessage();
    graph.nodes().forEach(node -> message.bytes(1, node(node)));
    message.text(2, graph.name());
    graph.weights().forEach(weight -> message.bytes(INITIALIZER, initializer(weight)));
    message.fields(unknown(graph.stored(), field -> field == 10));
    graph.inputs().forEach(value -> message.bytes(11, value(value)));
    graph.outputs().forEach(value -> message.bytes(12, value(value)));
    graph.values().forEach(value -> message.bytes(13, value(value)));
    message.fields(
        unknown(
            graph.stored(),
            field ->
                field > 13 || field == 3 || field == 4 || (field > INITIALIZER && field < 10)));
    return message.content();
  }

  private OnnxContent node(Node node) {
    ByteRange stored = node.stored();
    if (stored != null && node.isUntouched() && (external == null || !holdsData(node))) {
      return storage.bytes(stored);
    }
    OnnxMessage message = new OnnxMessage();
    node.inputs().forEach(input -> message.text(1, input));
    node.outputs().forEach(output -> message.text(2, output));
    text(message, 3, node.name());
    text(message, 4, node.operator());
    node.attributes().forEach(attribute -> message.bytes(5, attribute(attribute)));
    text(message, 7, node.domain());
    text(message, 8, node.overload());
    message.fields(unknown(stored, field -> field == 6 || field > 8));
    return message.content();
  }

  private static boolean holdsData(Node node) {
    return !node.graphs().isEmpty()
        || node.attributes().stream().anyMatch(a -> a.kind() == Attribute.Kind.TENSOR);
  }

  private OnnxContent attribute(Attribute attribute) {
    ByteRange stored = attribute.stored();
    boolean moves =
        external != null
            && (attribute.kind() == Attribute.Kind.TENSOR || !attribute.graphs().isEmpty());
    if (stored != null && !moves) {
      return storage.bytes(stored);
    }
    OnnxMessage message = new OnnxMessage().text(1, attribute.name());
    switch (attribute.kind()) {
      case FLOAT -> message.float32(2, attribute.number());
      case INT -> message.integer(3, attribute.integer());
      case STRING -> message.text(4, attribute.text());
      case TENSOR -> message.bytes(5, initializer(attribute.tensor()));
      case GRAPH -> message.bytes(6, graph(attribute.graphs().get(0)));
      case FLOATS -> message.floats(7, attribute.numbers());
      case INTS -> message.integers(8, attribute.integers());
      case GRAPHS -> attribute.graphs().forEach(graph -> message.bytes(11, graph(graph)));
      case OTHER -> throw new IllegalStateException("attribute " + attribute + " lost its bytes");
    }
    return message.integer(20, attribute.kind().number()).content();
  }

  private OnnxContent initializer(Weight weight) {
    boolean text = weight.type() == OnnxElementType.STRING;
    ByteRange stored = weight.stored();
    if (stored != null && (text || external == null)) {
      return storage.bytes(stored);
    }
    OnnxMessage message = new OnnxMessage();
    message.integers(1, weight.shape().toArray());
    message.integer(2, weight.type().number());
    text(message, 8, weight.name());
    if (external == null || !external.takes(weight)) {
      return message.bytes(9, weight.elements()).content();
    }
    external.add(weight).forEach(entry -> message.message(13, entry));
    return message.integer(14, EXTERNAL).content();
  }

  private OnnxContent value(Value value) {
    ByteRange stored = value.stored();
    if (stored != null) {
      return storage.bytes(stored);
    }
    OnnxMessage tensor = new OnnxMessage().integer(1, value.type().element().number());
    List<OnnxDimension> dimensions = value.type().dimensions();
    if (dimensions != null) {
      OnnxMessage shape = new OnnxMessage();
      dimensions.forEach(dimension -> shape.message(1, dimension(dimension)));
      tensor.message(2, shape);
    }
    OnnxMessage type = new OnnxMessage().message(1, tensor);
    return new OnnxMessage().text(1, value.name()).message(2, type).content();
  }

  private static OnnxMessage dimension(OnnxDimension dimension) {
    OnnxMessage message = new OnnxMessage();
    if (dimension.size() >= 0) {
      return message.integer(1, dimension.size());
    }
    text(message, 2, dimension.symbol());
    return message;
  }

  private OnnxContent unknown(@Nullable ByteRange message, IntPredicate wanted) {
    return message == null ? OnnxContent.of(new byte[0]) : storage.fields(message, wanted);
  }

  /** Appends a text field, but not an empty one. */
  static void text(OnnxMessage message, int field, String value) {
    if (!value.isEmpty()) {
      message.text(field, value);
    }
  }
}
