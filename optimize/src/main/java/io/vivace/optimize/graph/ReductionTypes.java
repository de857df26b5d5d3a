package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of reductions and of what picks along an axis. */
final class ReductionTypes {
  private final TypeInference inference;
  private final ValueType data;
  private final Node node;

  ReductionTypes(TypeInference inference, Node node) {
    this.inference = inference;
    this.data = inference.type(node.input(0));
    this.node = node;
  }

  ValueType reduced() {
    boolean keeps = node.integer("keepdims", 1) != 0;
    long[] axes = axes();
    if (axes == null || data.rank() < 0) {
      boolean knownRank = keeps && data.rank() >= 0;
      return new ValueType(
          data.element(),
          knownRank ? Collections.nCopies(data.rank(), OnnxDimension.UNKNOWN) : null);
    }
    if (axes.length == 0 && node.integer("noop_with_empty_axes", 0) != 0) {
      return data;
    }
    Set<Integer> gone = new HashSet<>();
    for (int i = 0; i < data.rank() && axes.length == 0; i++) {
      gone.add(i);
    }
    for (long axis : axes) {
      gone.add((int) (axis < 0 ? axis + data.rank() : axis));
    }
    return without(gone, keeps).as(data.element());
  }

  /** The axes; null if they are not known. */
  private long @Nullable [] axes() {
    String input = node.input(1);
    if (input.isEmpty()) {
      return node.integers("axes");
    }
    ShapeValues values = inference.integers(input).orElse(null);
    return values != null && values.allKnown() ? values.toArray() : null;
  }

  private ValueType without(Set<Integer> gone, boolean keeps) {
    List<OnnxDimension> dimensions = data.dimensions();
    if (dimensions == null) {
      return data;
    }
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      if (!gone.contains(i)) {
        result.add(dimensions.get(i));
      } else if (keeps) {
        result.add(new OnnxDimension(1, ""));
      }
    }
    return new ValueType(data.element(), result);
  }

  ValueType index() {
    long axis = node.integer("axis", 0);
    Set<Integer> gone = Set.of((int) (axis < 0 ? axis + data.rank() : axis));
    return without(gone, node.integer("keepdims", 1) != 0).as(OnnxElementType.INT64);
  }

  List<ValueType> largest() {
    List<OnnxDimension> dimensions = data.dimensions();
    if (dimensions == null) {
      return List.of(data, data.as(OnnxElementType.INT64));
    }
    List<OnnxDimension> result = new ArrayList<>(dimensions);
    long axis = node.integer("axis", -1);
    int at = (int) (axis < 0 ? axis + dimensions.size() : axis);
    ShapeValues count = inference.integers(node.input(1)).orElse(null);
    boolean known = count != null && count.allKnown() && count.values().size() == 1;
    if (at >= 0 && at < result.size()) {
      long size = known && count != null ? count.toArray()[0] : node.integer("k", -1);
      result.set(at, ValueType.dimension(size));
    }
    ValueType type = new ValueType(data.element(), result);
    return List.of(type, type.as(OnnxElementType.INT64));
  }
}
