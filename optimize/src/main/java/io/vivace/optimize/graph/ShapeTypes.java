package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The types of operators that move, cut and join elements. */
final class ShapeTypes {
  private final TypeInference inference;
  private final Node node;
  private final ValueType data;

  ShapeTypes(TypeInference inference, Node node) {
    this.inference = inference;
    this.node = node;
    this.data = inference.type(node.input(0));
  }

  List<ValueType> results(String operator) {
    return switch (operator) {
      case "Shape" -> List.of(new ValueType(OnnxElementType.INT64, List.of(shapeLength())));
      case "Size" -> List.of(new ValueType(OnnxElementType.INT64, List.of()));
      case "Reshape" -> List.of(reshape());
      case "Flatten" -> List.of(flatten());
      case "Squeeze" -> List.of(squeeze());
      case "Unsqueeze" -> List.of(unsqueeze());
      case "Transpose" -> List.of(transpose());
      case "Concat" -> List.of(concat());
      case "Split" -> split();
      case "Slice" -> List.of(slice());
      case "Gather" -> List.of(gather());
      case "GatherElements" -> List.of(inference.type(node.input(1)).as(data.element()));
      case "Expand" -> List.of(expand());
      case "Tile" -> List.of(tile());
      case "Pad" -> List.of(pad());
      case "ConstantOfShape" -> List.of(constantOfShape());
      case "Range" -> List.of(new ValueType(data.element(), List.of(OnnxDimension.UNKNOWN)));
      case "NonZero" ->
          List.of(
              new ValueType(
                  OnnxElementType.INT64,
                  List.of(ValueType.dimension(data.rank()), OnnxDimension.UNKNOWN)));
      case "Resize", "Upsample" -> List.of(resize(operator));
      case "DepthToSpace" -> List.of(blocks(true));
      case "SpaceToDepth" -> List.of(blocks(false));
      default -> List.of();
    };
  }

  private OnnxDimension shapeLength() {
    if (data.rank() < 0
        || node.attribute("start").isPresent()
        || node.attribute("end").isPresent()) {
      return OnnxDimension.UNKNOWN;
    }
    return ValueType.dimension(data.rank());
  }

  /** The values of an input, or of the attribute that older opsets have in its place. */
  private Optional<long[]> settings(int input, String attribute) {
    if (node.input(input).isEmpty()) {
      return node.attribute(attribute).map(Attribute::integers);
    }
    return inference
        .integers(node.input(input))
        .filter(ShapeValues::allKnown)
        .map(ShapeValues::toArray);
  }

  private ValueType unknown(int rank) {
    return new ValueType(
        data.element(), rank < 0 ? null : Collections.nCopies(rank, OnnxDimension.UNKNOWN));
  }

  private ValueType reshape() {
    ShapeValues wanted = inference.integers(node.input(1)).orElse(null);
    if (wanted == null) {
      return unknown((int) inference.type(node.input(1)).size(0));
    }
    List<OnnxDimension> result = new ArrayList<>();
    boolean copies = node.integer("allowzero", 0) == 0;
    int open = -1;
    for (int i = 0; i < wanted.values().size(); i++) {
      ShapeValues.Entry entry = wanted.values().get(i);
      if (entry.known() && entry.value() == -1) {
        open = i;
      }
      boolean copied = copies && entry.known() && entry.value() == 0;
      result.add(copied ? dimension(i) : entry.dimension());
    }
    if (open >= 0) {
      result.set(open, rest(result, open));
    }
    return new ValueType(data.element(), result);
  }

  /** The size that is left for the open axis; sizes of equal name on both sides cancel. */
  private OnnxDimension rest(List<OnnxDimension> result, int open) {
    List<OnnxDimension> from = data.dimensions();
    if (from == null) {
      return OnnxDimension.UNKNOWN;
    }
    List<OnnxDimension> above = new ArrayList<>(from);
    List<OnnxDimension> below = new ArrayList<>(result);
    below.remove(open);
    below.removeIf(size -> !size.symbol().isEmpty() && above.remove(size));
    long numerator = 1;
    OnnxDimension named = null;
    for (OnnxDimension size : above) {
      if (size.size() < 0 && named == null && !size.symbol().isEmpty()) {
        named = size;
      } else if (size.size() < 0) {
        return OnnxDimension.UNKNOWN;
      } else {
        numerator *= size.size();
      }
    }
    long denominator = 1;
    for (OnnxDimension size : below) {
      denominator *= size.size();
    }
    if (denominator <= 0 || below.stream().anyMatch(size -> size.size() < 0)) {
      return OnnxDimension.UNKNOWN;
    }
    if (named != null) {
      return numerator == denominator ? named : OnnxDimension.UNKNOWN;
    }
    return numerator % denominator == 0
        ? ValueType.dimension(numerator / denominator)
        : OnnxDimension.UNKNOWN;
  }

  private OnnxDimension dimension(int axis) {
    List<OnnxDimension> dimensions = data.dimensions();
    return dimensions == null || axis < 0 || axis >= dimensions.size()
        ? OnnxDimension.UNKNOWN
        : dimensions.get(axis);
  }

  private ValueType flatten() {
    int axis = axis(1, data.rank());
    List<OnnxDimension> dimensions = data.dimensions();
    if (dimensions == null) {
      return unknown(2);
    }
    return new ValueType(
        data.element(),
        List.of(
            product(dimensions.subList(0, axis)),
            product(dimensions.subList(axis, dimensions.size()))));
  }

  private static OnnxDimension product(List<OnnxDimension> sizes) {
    if (sizes.size() == 1) {
      return sizes.get(0);
    }
    long product = 1;
    for (OnnxDimension size : sizes) {
      if (size.size() < 0) {
        return OnnxDimension.UNKNOWN;
      }
      product *= size.size();
    }
    return ValueType.dimension(product);
  }

  private int axis(long fallback, int rank) {
    long axis = node.integer("axis", fallback);
    return (int) Math.max(0, Math.min(Math.max(0, rank), axis < 0 ? axis + rank : axis));
  }

  private ValueType squeeze() {
    List<OnnxDimension> dimensions = data.dimensions();
    Optional<long[]> axes = settings(1, "axes");
    if (dimensions == null || axes.isEmpty()) {
      return unknown(-1);
    }
    Set<Integer> gone = normalized(axes.get(), dimensions.size());
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      if (!gone.contains(i)) {
        result.add(dimensions.get(i));
      }
    }
    return new ValueType(data.element(), result);
  }

  private ValueType unsqueeze() {
    List<OnnxDimension> dimensions = data.dimensions();
    Optional<long[]> axes = settings(1, "axes");
    if (dimensions == null || axes.isEmpty()) {
      return unknown(-1);
    }
    List<OnnxDimension> result = new ArrayList<>(dimensions);
    for (int axis : normalized(axes.get(), dimensions.size() + axes.get().length)) {
      result.add(Math.min(axis, result.size()), new OnnxDimension(1, ""));
    }
    return new ValueType(data.element(), result);
  }

  private static Set<Integer> normalized(long[] axes, int rank) {
    Set<Integer> result = new TreeSet<>();
    for (long axis : axes) {
      result.add((int) Math.max(0, axis < 0 ? axis + rank : axis));
    }
    return result;
  }

  private ValueType transpose() {
    List<OnnxDimension> dimensions = data.dimensions();
    if (dimensions == null) {
      return data;
    }
    long[] order = node.integers("perm");
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      int from = order.length == 0 ? dimensions.size() - 1 - i : (int) order[i];
      result.add(dimension(from));
    }
    return new ValueType(data.element(), result);
  }

  private ValueType concat() {
    List<OnnxDimension> result = null;
    int axis = 0;
    for (String input : node.inputs()) {
      List<OnnxDimension> next = inference.type(input).dimensions();
      if (next == null) {
        continue;
      }
      if (result == null) {
        result = new ArrayList<>(next);
        axis = axis(0, next.size());
      } else if (axis < result.size() && next.size() == result.size()) {
        join(result, next, axis);
      }
    }
    boolean all = node.inputs().stream().allMatch(name -> inference.type(name).rank() >= 0);
    if (result != null && !all && axis < result.size()) {
      result.set(axis, OnnxDimension.UNKNOWN);
    }
    return new ValueType(data.element(), result);
  }

  private static void join(List<OnnxDimension> result, List<OnnxDimension> next, int axis) {
    for (int i = 0; i < result.size(); i++) {
      OnnxDimension a = result.get(i);
      OnnxDimension b = next.get(i);
      if (i == axis) {
        result.set(
            i,
            a.size() < 0 || b.size() < 0
                ? OnnxDimension.UNKNOWN
                : ValueType.dimension(a.size() + b.size()));
      } else if (a.size() < 0 && b.size() >= 0) {
        result.set(i, b);
      }
    }
  }

  private List<ValueType> split() {
    List<OnnxDimension> dimensions = data.dimensions();
    int count = node.outputs().size();
    if (dimensions == null) {
      return Collections.nCopies(count, data);
    }
    int axis = axis(0, dimensions.size());
    long[] sizes = settings(1, "split").orElse(new long[0]);
    long whole = dimension(axis).size();
    boolean even = sizes.length == 0 && node.input(1).isEmpty() && whole >= 0;
    long chunk = even ? (whole + count - 1) / count : -1;
    List<ValueType> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<OnnxDimension> result = new ArrayList<>(dimensions);
      long size = i < sizes.length ? sizes[i] : even ? Math.min(chunk, whole - chunk * i) : -1;
      result.set(axis, ValueType.dimension(size));
      results.add(new ValueType(data.element(), result));
    }
    return results;
  }

  private ValueType slice() {
    List<OnnxDimension> dimensions = data.dimensions();
    SliceBounds bounds = SliceBounds.of(inference, node).orElse(null);
    if (dimensions == null || bounds == null) {
      return unknown(data.rank());
    }
    List<OnnxDimension> result = new ArrayList<>(dimensions);
    for (int i = 0; i < bounds.axes().length; i++) {
      int axis = (int) (bounds.axes()[i] < 0 ? bounds.axes()[i] + result.size() : bounds.axes()[i]);
      long size = dimension(axis).size();
      if (axis >= 0 && axis < result.size()) {
        result.set(
            axis, size < 0 ? OnnxDimension.UNKNOWN : ValueType.dimension(bounds.count(i, size)));
      }
    }
    return new ValueType(data.element(), result);
  }

  private ValueType gather() {
    List<OnnxDimension> dimensions = data.dimensions();
    List<OnnxDimension> indices = inference.type(node.input(1)).dimensions();
    if (dimensions == null || indices == null || dimensions.isEmpty()) {
      return unknown(-1);
    }
    int axis = axis(0, dimensions.size());
    List<OnnxDimension> result = new ArrayList<>(dimensions.subList(0, axis));
    result.addAll(indices);
    result.addAll(dimensions.subList(Math.min(axis + 1, dimensions.size()), dimensions.size()));
    return new ValueType(data.element(), result);
  }

  private ValueType expand() {
    ShapeValues shape = inference.integers(node.input(1)).orElse(null);
    if (shape == null) {
      return unknown(-1);
    }
    ValueType wanted = new ValueType(data.element(), shape.dimensions());
    return OperatorTypes.broadcast(data, wanted).as(data.element());
  }

  private ValueType tile() {
    List<OnnxDimension> dimensions = data.dimensions();
    long[] repeats = settings(1, "repeats").orElse(null);
    if (dimensions == null || repeats == null || repeats.length != dimensions.size()) {
      return unknown(data.rank());
    }
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < repeats.length; i++) {
      long size = dimensions.get(i).size();
      result.add(
          repeats[i] == 1
              ? dimensions.get(i)
              : ValueType.dimension(size < 0 ? -1 : size * repeats[i]));
    }
    return new ValueType(data.element(), result);
  }

  private ValueType pad() {
    List<OnnxDimension> dimensions = data.dimensions();
    long[] pads = settings(1, "pads").orElse(null);
    boolean plain = node.input(3).isEmpty();
    if (dimensions == null || pads == null || !plain || pads.length != 2 * dimensions.size()) {
      return unknown(data.rank());
    }
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < dimensions.size(); i++) {
      long more = pads[i] + pads[i + dimensions.size()];
      long size = dimensions.get(i).size();
      result.add(more == 0 ? dimensions.get(i) : ValueType.dimension(size < 0 ? -1 : size + more));
    }
    return new ValueType(data.element(), result);
  }

  private ValueType constantOfShape() {
    OnnxElementType element =
        node.attribute("value").map(a -> a.tensor().type()).orElse(OnnxElementType.FLOAT);
    ShapeValues shape = inference.integers(node.input(0)).orElse(null);
    List<OnnxDimension> sizes = shape == null ? null : shape.dimensions();
    return shape == null ? unknown((int) data.size(0)).as(element) : new ValueType(element, sizes);
  }

  private ValueType resize(String operator) {
    List<OnnxDimension> dimensions = data.dimensions();
    long[] sizes = operator.equals("Resize") ? settings(3, "none").orElse(null) : null;
    if (dimensions == null || sizes == null || sizes.length != dimensions.size()) {
      return firstTwo();
    }
    return new ValueType(
        data.element(), Arrays.stream(sizes).mapToObj(ValueType::dimension).toList());
  }

  /** Images are scaled along their sides, which the scales of most exporters leave 1 elsewhere. */
  private ValueType firstTwo() {
    float[] scales = scales();
    List<OnnxDimension> dimensions = data.dimensions();
    if (dimensions == null || scales == null || scales.length != dimensions.size()) {
      return unknown(data.rank());
    }
    List<OnnxDimension> result = new ArrayList<>();
    for (int i = 0; i < scales.length; i++) {
      long size = dimensions.get(i).size();
      long scaled = size < 0 ? -1 : (long) Math.floor(size * (double) scales[i]);
      result.add(scales[i] == 1 ? dimensions.get(i) : ValueType.dimension(scaled));
    }
    return new ValueType(data.element(), result);
  }

  /** Scales are an input from opset 9 on: the third of Resize, but the second before opset 11. */
  private float @Nullable [] scales() {
    if (node.attribute("scales").isPresent()) {
      return node.attribute("scales").map(Attribute::numbers).orElse(null);
    }
    String name = node.input(inference.opset() < 11 || !node.is("Resize") ? 1 : 2);
    return inference.floats(name).orElse(null);
  }

  private ValueType blocks(boolean toSpace) {
    long block = node.integer("blocksize", 1);
    long area = block * block;
    if (data.rank() != 4 || block < 1) {
      return unknown(data.rank());
    }
    long channels = data.size(1);
    List<OnnxDimension> result = new ArrayList<>();
    result.add(dimension(0));
    result.add(
        ValueType.dimension(channels < 0 ? -1 : toSpace ? channels / area : channels * area));
    for (int i = 2; i < 4; i++) {
      long size = data.size(i);
      result.add(ValueType.dimension(size < 0 ? -1 : toSpace ? size * block : size / block));
    }
    return new ValueType(data.element(), result);
  }
}
