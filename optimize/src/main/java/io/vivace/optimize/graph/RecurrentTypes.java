package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import java.util.List;

/** The types of {@code LSTM}, {@code GRU} and {@code RNN}. */
final class RecurrentTypes {
  private final ValueType data;
  private final Node node;

  RecurrentTypes(TypeInference inference, Node node) {
    this.data = inference.type(node.input(0));
    this.node = node;
  }

  List<ValueType> results() {
    boolean batchFirst = node.integer("layout", 0) != 0;
    OnnxDimension length = size(batchFirst ? 1 : 0);
    OnnxDimension batch = size(batchFirst ? 0 : 1);
    boolean both =
        node.attribute("direction").map(Attribute::text).orElse("").equals("bidirectional");
    OnnxDimension directions = new OnnxDimension(both ? 2 : 1, "");
    OnnxDimension hidden = ValueType.dimension(node.integer("hidden_size", -1));
    ValueType all =
        new ValueType(
            data.element(),
            batchFirst
                ? List.of(batch, length, directions, hidden)
                : List.of(length, directions, batch, hidden));
    ValueType last =
        new ValueType(
            data.element(),
            batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden));
    return List.of(all, last, last);
  }

  private OnnxDimension size(int axis) {
    List<OnnxDimension> dimensions = data.dimensions();
    return dimensions != null && dimensions.size() == 3
        ? dimensions.get(axis)
        : OnnxDimension.UNKNOWN;
  }
}
