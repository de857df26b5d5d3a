package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.optimize.graph.ShapeValues.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;

/** Computes with the integers that become shapes. */
final class ShapeArithmetic {
  private final TypeInference inference;
  private final Node node;

  ShapeArithmetic(TypeInference inference, Node node) {
    this.inference = inference;
    this.node = node;
  }

  Optional<ShapeValues> result() {
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "Shape" -> shape();
      case "Identity", "Cast" -> input(0);
      case "Unsqueeze" -> input(0).filter(v -> v.rank() == 0).map(v -> ranked(v, 1));
      case "Squeeze" -> input(0).filter(v -> v.values().size() == 1).map(v -> ranked(v, 0));
      case "Reshape" -> reshape();
      case "Gather" -> gather();
      case "Concat" -> concat();
      case "Slice" -> slice();
      case "Add" -> binary(Math::addExact);
      case "Sub" -> binary(Math::subtractExact);
      case "Mul" -> binary(Math::multiplyExact);
      case "Div" -> binary((a, b) -> b == 0 ? 0 : a / b);
      case "ReduceProd" -> input(0).filter(ShapeValues::allKnown).map(ShapeArithmetic::product);
      case "ConstantOfShape" -> constantOfShape();
      case "Where" -> where();
      default -> Optional.empty();
    };
  }

  private Optional<ShapeValues> input(int index) {
    return inference.integers(node.input(index));
  }

  private static ShapeValues ranked(ShapeValues values, int rank) {
    return new ShapeValues(values.values(), rank);
  }

  private Optional<ShapeValues> shape() {
    List<OnnxDimension> dimensions = inference.type(node.input(0)).dimensions();
    if (dimensions == null) {
      return Optional.empty();
    }
    int rank = dimensions.size();
    int from = bound(node.integer("start", 0), rank);
    int to = bound(node.integer("end", rank), rank);
    return ShapeValues.list(
        dimensions.subList(Math.min(from, to), to).stream().map(Entry::of).toList());
  }

  private static int bound(long index, int size) {
    return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private Optional<ShapeValues> reshape() {
    int rank = inference.type(node.input(1)).size(0) == 0 ? 0 : 1;
    return input(0)
        .filter(values -> inference.type(node.input(1)).size(0) == rank)
        .map(values -> ranked(values, rank));
  }

  private Optional<ShapeValues> gather() {
    ShapeValues data = input(0).orElse(null);
    ShapeValues indices = input(1).orElse(null);
    if (data == null || indices == null || data.rank() != 1 || !indices.allKnown()) {
      return Optional.empty();
    }
    List<Entry> result = new ArrayList<>();
    for (long index : indices.toArray()) {
      long at = index < 0 ? index + data.values().size() : index;
      boolean inside = at >= 0 && at < data.values().size();
      result.add(inside ? data.values().get((int) at) : Entry.UNKNOWN);
    }
    return Optional.of(new ShapeValues(result, indices.rank()));
  }

  private Optional<ShapeValues> concat() {
    List<Entry> result = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      ShapeValues part = input(i).orElse(null);
      if (part != null) {
        result.addAll(part.values());
        continue;
      }
      ValueType type = inference.type(node.input(i));
      if (type.rank() != 1 || type.size(0) < 0 || type.size(0) > Byte.MAX_VALUE) {
        return Optional.empty();
      }
      result.addAll(Collections.nCopies((int) type.size(0), Entry.UNKNOWN));
    }
    return ShapeValues.list(result);
  }

  private Optional<ShapeValues> slice() {
    ShapeValues data = input(0).orElse(null);
    SliceBounds bounds = SliceBounds.of(inference, node).orElse(null);
    if (data == null || bounds == null || data.rank() != 1 || bounds.axes().length != 1) {
      return Optional.empty();
    }
    List<Entry> result = new ArrayList<>();
    int size = data.values().size();
    long step = bounds.steps()[0];
    long from = bounds.from(0, size);
    long to = bounds.to(0, size);
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      result.add(data.values().get((int) i));
    }
    return ShapeValues.list(result);
  }

  private Optional<ShapeValues> binary(LongBinaryOperator operator) {
    ShapeValues left = input(0).orElse(null);
    ShapeValues right = input(1).orElse(null);
    if (left == null || right == null) {
      return Optional.empty();
    }
    int size = Math.max(left.values().size(), right.values().size());
    List<Entry> result = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Entry a = at(left, i);
      Entry b = at(right, i);
      result.add(a.known() && b.known() ? compute(operator, a, b) : Entry.UNKNOWN);
    }
    return Optional.of(new ShapeValues(result, Math.max(left.rank(), right.rank())));
  }

  private static Entry compute(LongBinaryOperator operator, Entry a, Entry b) {
    try {
      return Entry.of(operator.applyAsLong(a.value(), b.value()));
    } catch (ArithmeticException e) {
      return Entry.UNKNOWN;
    }
  }

  private static Entry at(ShapeValues values, int index) {
    int size = values.values().size();
    if (size == 1) {
      return values.values().get(0);
    }
    return index < size ? values.values().get(index) : Entry.UNKNOWN;
  }

  private static ShapeValues product(ShapeValues values) {
    try {
      long result = 1;
      for (long value : values.toArray()) {
        result = Math.multiplyExact(result, value);
      }
      return new ShapeValues(List.of(Entry.of(result)), 1);
    } catch (ArithmeticException e) {
      return new ShapeValues(List.of(Entry.UNKNOWN), 1);
    }
  }

  /** Lists of one repeated number, of which exporters make shapes for {@code Expand}. */
  private Optional<ShapeValues> constantOfShape() {
    ShapeValues shape = input(0).orElse(null);
    if (shape == null || !shape.allKnown() || shape.values().size() != 1) {
      return Optional.empty();
    }
    long count = shape.toArray()[0];
    Optional<ShapeValues> value =
        node.attribute("value").map(Attribute::tensor).flatMap(ShapeValues::of);
    if (count < 0 || count > Byte.MAX_VALUE || value.isEmpty()) {
      return Optional.empty();
    }
    return ShapeValues.list(Collections.nCopies((int) count, value.get().values().get(0)));
  }

  /** A choice is known where both sides are the same. */
  private Optional<ShapeValues> where() {
    ShapeValues yes = input(1).orElse(null);
    ShapeValues no = input(2).orElse(null);
    if (yes == null || no == null) {
      return Optional.empty();
    }
    List<Entry> result = new ArrayList<>();
    for (int i = 0; i < Math.max(yes.values().size(), no.values().size()); i++) {
      Entry a = at(yes, i);
      result.add(a.equals(at(no, i)) ? a : Entry.UNKNOWN);
    }
    return Optional.of(new ShapeValues(result, Math.max(yes.rank(), no.rank())));
  }
}
