package io.vivace.core.model.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code ModelProto} and {@code FunctionProto}. */
final class ModelReader {
  private final WireFile file;
  private final GraphReader graphs;

  ModelReader(WireFile file, OnnxLimits limits) {
    this.file = file;
    this.graphs = new GraphReader(limits.subgraphDepth());
  }

  OnnxModel read(Path path) {
    WireMessage message = new WireMessage(file, "ModelProto", new ByteRange(0, file.size()));
    long irVersion = 0;
    Map<String, Long> opsets = new LinkedHashMap<>();
    String producer = "";
    OnnxGraph graph = null;
    List<OnnxFunction> functions = new ArrayList<>();
    List<OnnxGraph> training = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<ByteRange> kept = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> irVersion = message.once().integer();
        case 2 -> producer = message.once().text();
        case 7 -> graph = graphs.graph(message.once().message("GraphProto"));
        case 8 -> opset(message.message("OperatorSetIdProto"), opsets);
        case 14 -> entry(message.message("StringStringEntryProto"), metadata);
        case 20 -> trainingInfo(message.message("TrainingInfoProto"), training);
        case 25 -> functions.add(function(message.message("FunctionProto")));
        default -> message.keep(kept);
      }
    }
    return new OnnxModel(
        file.model(),
        path,
        irVersion,
        Collections.unmodifiableMap(opsets),
        producer,
        required(graph),
        List.copyOf(functions),
        List.copyOf(training),
        Collections.unmodifiableMap(metadata),
        message.range(),
        List.copyOf(kept));
  }

  private OnnxGraph required(@Nullable OnnxGraph graph) {
    if (graph == null) {
      throw file.refuse(
          "has no graph (%d bytes); give a file that holds an ONNX ModelProto"
              .formatted(file.size()));
    }
    return graph;
  }

  private OnnxFunction function(WireMessage message) {
    String name = "";
    String domain = "";
    String overload = "";
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<OnnxAttribute> attributes = new ArrayList<>();
    List<OnnxNode> nodes = new ArrayList<>();
    List<OnnxValue> values = new ArrayList<>();
    List<ByteRange> kept = new ArrayList<>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.once().text();
        case 4 -> inputs.add(message.text());
        case 5 -> outputs.add(message.text());
        case 7 -> nodes.add(graphs.node(message.message("NodeProto")));
        case 10 -> domain = message.once().text();
        case 11 -> attributes.add(graphs.attribute(message.message("AttributeProto")));
        case 12 -> values.add(TypeReader.value(message.message("ValueInfoProto")));
        case 13 -> overload = message.once().text();
        default -> message.keep(kept);
      }
    }
    return new OnnxFunction(
        name,
        domain,
        overload,
        List.copyOf(inputs),
        List.copyOf(outputs),
        List.copyOf(attributes),
        List.copyOf(nodes),
        List.copyOf(values),
        message.range(),
        List.copyOf(kept));
  }

  private void trainingInfo(WireMessage message, List<OnnxGraph> training) {
    while (message.next()) {
      int field = message.field();
      if (field == 1 || field == 2) {
        training.add(graphs.graph(message.once().message("GraphProto")));
      }
    }
  }

  private static void opset(WireMessage message, Map<String, Long> opsets) {
    String domain = "";
    long version = 0;
    while (message.next()) {
      switch (message.field()) {
        case 1 -> domain = message.once().text();
        case 2 -> version = message.once().integer();
        default -> {}
      }
    }
    opsets.put(domain, version);
  }

  /** Reads a key and its value. */
  static void entry(WireMessage message, Map<String, String> entries) {
    String key = "";
    String value = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> key = message.once().text();
        case 2 -> value = message.once().text();
        default -> {}
      }
    }
    entries.put(key, value);
  }
}
