package io.vivace.core.model.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code GraphProto}, {@code NodeProto} and {@code AttributeProto}, which hold each other.
 */
final class GraphReader {
  private final int deepest;

  /** Number of graphs around the one that is read; the model's own graph has none. */
  private int depth = -1;

  GraphReader(int deepest) {
    this.deepest = deepest;
  }

  OnnxGraph graph(WireMessage message) {
    depth++;
    if (depth > deepest) {
      throw message
          .file()
          .refuse(
              ("has graphs nested more than %d deep; real models nest 1 to 3, and each level makes"
                      + " loading slower; raise OnnxLimits.subgraphDepth if the file is trusted")
                  .formatted(deepest));
    }
    OnnxGraph graph = fields(message);
    depth--;
    return graph;
  }

  private OnnxGraph fields(WireMessage message) {
    String name = "";
    List<OnnxNode> nodes = new ArrayList<>();
    List<OnnxTensor> initializers = new ArrayList<>();
    List<OnnxSparseTensor> sparse = new ArrayList<>();
    List<OnnxValue> inputs = new ArrayList<>();
    List<OnnxValue> outputs = new ArrayList<>();
    List<OnnxValue> values = new ArrayList<>();
    List<ByteRange> kept = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> nodes.add(node(message.message("NodeProto")));
        case 2 -> name = message.once().text();
        case 5 -> initializers.add(TensorReader.tensor(message.message("TensorProto")));
        case 11 -> inputs.add(TypeReader.value(message.message("ValueInfoProto")));
        case 12 -> outputs.add(TypeReader.value(message.message("ValueInfoProto")));
        case 13 -> values.add(TypeReader.value(message.message("ValueInfoProto")));
        case 15 -> sparse.add(TensorReader.sparse(message.message("SparseTensorProto")));
        default -> message.keep(kept);
      }
    }
    return new OnnxGraph(
        name,
        List.copyOf(nodes),
        List.copyOf(initializers),
        List.copyOf(sparse),
        List.copyOf(inputs),
        List.copyOf(outputs),
        List.copyOf(values),
        message.range(),
        List.copyOf(kept));
  }

  OnnxNode node(WireMessage message) {
    String name = "";
    String operator = "";
    String domain = "";
    String overload = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<OnnxAttribute> attributes = new ArrayList<>();
    List<ByteRange> kept = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> inputs.add(message.text());
        case 2 -> outputs.add(message.text());
        case 3 -> name = message.once().text();
        case 4 -> operator = message.once().text();
        case 5 -> attributes.add(attribute(message.message("AttributeProto")));
        case 7 -> domain = message.once().text();
        case 8 -> overload = message.once().text();
        default -> message.keep(kept);
      }
    }
    return new OnnxNode(
        name,
        operator,
        domain,
        overload,
        List.copyOf(inputs),
        List.copyOf(outputs),
        List.copyOf(attributes),
        message.range(),
        List.copyOf(kept));
  }

  OnnxAttribute attribute(WireMessage message) {
    String name = "";
    String reference = "";
    int type = 0;
    long integer = 0;
    float number = 0;
    ByteRange text = null;
    FieldValues.Collector integers = new FieldValues.Collector(FieldValues.Kind.VARINT);
    FieldValues.Collector numbers = new FieldValues.Collector(FieldValues.Kind.FIXED32);
    FieldValues.Collector texts = new FieldValues.Collector(FieldValues.Kind.BYTES);
    List<OnnxTensor> tensors = new ArrayList<>(1);
    List<OnnxSparseTensor> sparse = new ArrayList<>(1);
    List<OnnxGraph> graphs = new ArrayList<>(1);
    List<ByteRange> kept = new ArrayList<>(1);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.once().text();
        case 2 -> number = message.once().float32();
        case 3 -> integer = message.once().integer();
        case 4 -> text = message.once().bytes();
        case 5 -> tensors.add(TensorReader.tensor(message.once().message("TensorProto")));
        case 6 -> graphs.add(graph(message.once().message("GraphProto")));
        case 7 -> numbers.add(message);
        case 8 -> integers.add(message);
        case 9 -> texts.add(message);
        case 10 -> tensors.add(TensorReader.tensor(message.message("TensorProto")));
        case 11 -> graphs.add(graph(message.message("GraphProto")));
        case 14, 15 -> {
          TypeReader.check(message.message("TypeProto"));
          message.keep(kept);
        }
        case 20 -> type = message.once().int32();
        case 21 -> reference = message.once().text();
        case 22 -> sparse.add(TensorReader.sparse(message.once().message("SparseTensorProto")));
        case 23 -> sparse.add(TensorReader.sparse(message.message("SparseTensorProto")));
        default -> message.keep(kept);
      }
    }
    return new OnnxAttribute(
        name,
        reference,
        type,
        integer,
        number,
        text,
        integers.values(),
        numbers.values(),
        texts.values(),
        List.copyOf(tensors),
        List.copyOf(sparse),
        List.copyOf(graphs),
        message.range(),
        List.copyOf(kept));
  }
}
