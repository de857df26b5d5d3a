package io.vivace.core.model.onnx;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Works out the shape of what a node makes of constants, for the operators that make much from
 * little and for those that shapes are computed with.
 *
 * <p>The semantics are those of the ONNX operator specification. Where the answer is not certain
 * there is none.
 */
final class ConstantNode {
  private final WireFile file;
  private final OnnxNode node;
  private final Function<String, @Nullable Constant> constants;

  ConstantNode(WireFile file, OnnxNode node, Function<String, @Nullable Constant> constants) {
    this.file = file;
    this.node = node;
    this.constants = constants;
  }

  @Nullable Constant result() {
    return switch (node.operator()) {
      case "ConstantOfShape" -> ofShape(values(0), fillType());
      case "RandomNormal", "RandomUniform" -> ofShape(integers("shape"), OnnxElementType.FLOAT);
      case "Expand" -> expand();
      case "Tile" -> tile();
      case "Range" -> range();
      case "OneHot" -> oneHot();
      case "Concat" -> concat();
      case "Gather" -> gather();
      case "MatMul" -> matMul();
      case "Shape" -> shape();
      case "Cast", "Identity", "Neg", "Abs" -> input(0);
      case "Reshape", "Squeeze", "Unsqueeze", "Flatten" -> reshaped();
      case "Add" -> arithmetic(Math::addExact);
      case "Sub" -> arithmetic(Math::subtractExact);
      case "Mul" -> arithmetic(Math::multiplyExact);
      case "Div" -> arithmetic((a, b) -> a / b);
      case "Pow", "Equal", "Less", "Greater", "And", "Or", "Xor", "Max", "Min", "Where", "Mod" ->
          broadcastAll();
      default -> null;
    };
  }

  private static @Nullable Constant ofShape(long @Nullable [] sizes, OnnxElementType type) {
    return sizes == null || Arrays.stream(sizes).anyMatch(size -> size < 0)
        ? null
        : new Constant(sizes, type, null);
  }

  private OnnxElementType fillType() {
    return node.attribute("value")
        .filter(value -> !value.tensors().isEmpty())
        .map(value -> value.tensors().get(0).type())
        .orElse(OnnxElementType.FLOAT);
  }

  /** Whatever the data is, the output is at least as large as the shape that is asked for. */
  private @Nullable Constant expand() {
    Constant data = input(0);
    long[] wanted = values(1);
    if (wanted == null) {
      return null;
    }
    long[] sizes = Arrays.stream(wanted).map(size -> Math.max(size, 1)).toArray();
    return data == null ? unknown(sizes) : broadcast(data, new Constant(sizes, data.type(), null));
  }

  private @Nullable Constant tile() {
    Constant data = input(0);
    long[] repeats = values(1);
    if (repeats == null || Arrays.stream(repeats).anyMatch(repeat -> repeat < 0)) {
      return null;
    }
    if (data == null) {
      return unknown(repeats);
    }
    if (data.sizes().length != repeats.length) {
      return null;
    }
    long[] sizes = new long[repeats.length];
    Arrays.setAll(sizes, i -> Constant.product(new long[] {data.sizes()[i], repeats[i]}));
    return new Constant(sizes, data.type(), null);
  }

  /** An output of which only the least size is known: one byte an element. */
  private static Constant unknown(long[] sizes) {
    return new Constant(sizes, OnnxElementType.UINT8, null);
  }

  private @Nullable Constant range() {
    Constant start = input(0);
    Long first = single(0);
    Long end = single(1);
    Long step = single(2);
    if (start == null || first == null || end == null || step == null || step == 0) {
      return null;
    }
    long count;
    try {
      // The ceiling of (end - first) / step.
      count = Math.negateExact(Math.floorDiv(Math.subtractExact(first, end), step));
    } catch (ArithmeticException e) {
      count = Long.MAX_VALUE;
    }
    return new Constant(new long[] {Math.max(0, count)}, start.type(), null);
  }

  private @Nullable Constant oneHot() {
    Constant indices = input(0);
    Long depth = single(1);
    Constant pair = input(2);
    if (indices == null || pair == null || depth == null || depth < 0) {
      return null;
    }
    return new Constant(append(indices.sizes(), depth), pair.type(), null);
  }

  private @Nullable Constant concat() {
    Constant first = input(0);
    long axis = node.attribute("axis").map(OnnxAttribute::integer).orElse(1L);
    if (first == null) {
      return null;
    }
    int rank = first.sizes().length;
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis >= rank) {
      return null;
    }
    long[] sizes = first.sizes().clone();
    long[] values = first.values();
    for (int i = 1; i < node.inputs().size(); i++) {
      Constant next = input(i);
      if (next == null || next.sizes().length != rank) {
        return null;
      }
      sizes[(int) axis] = Constant.saturatedSum(sizes[(int) axis], next.sizes()[(int) axis]);
      values = rank == 1 ? join(values, next.values()) : null;
    }
    return new Constant(sizes, first.type(), values);
  }

  private static long @Nullable [] join(long @Nullable [] a, long @Nullable [] b) {
    if (a == null || b == null || a.length + b.length > Constant.MOST_VALUES) {
      return null;
    }
    long[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private @Nullable Constant gather() {
    Constant data = input(0);
    Constant indices = input(1);
    if (data == null || indices == null || data.sizes().length == 0) {
      return null;
    }
    int rank = data.sizes().length;
    long axis = node.attribute("axis").map(OnnxAttribute::integer).orElse(0L);
    axis = axis < 0 ? axis + rank : axis;
    if (axis < 0 || axis >= rank) {
      return null;
    }
    int at = (int) axis;
    long[] sizes = new long[rank - 1 + indices.sizes().length];
    System.arraycopy(data.sizes(), 0, sizes, 0, at);
    System.arraycopy(indices.sizes(), 0, sizes, at, indices.sizes().length);
    System.arraycopy(data.sizes(), at + 1, sizes, at + indices.sizes().length, rank - 1 - at);
    return new Constant(sizes, data.type(), gathered(data, indices));
  }

  private static long @Nullable [] gathered(Constant data, Constant indices) {
    long[] from = data.values();
    long[] at = indices.values();
    if (from == null || at == null || data.sizes().length != 1) {
      return null;
    }
    long[] result = new long[at.length];
    for (int i = 0; i < at.length; i++) {
      long index = at[i] < 0 ? at[i] + from.length : at[i];
      if (index < 0 || index >= from.length) {
        return null;
      }
      result[i] = from[(int) index];
    }
    return result;
  }

  private @Nullable Constant matMul() {
    Constant a = input(0);
    Constant b = input(1);
    if (a == null || b == null || a.sizes().length != 2 || b.sizes().length != 2) {
      return null;
    }
    return new Constant(new long[] {a.sizes()[0], b.sizes()[1]}, a.type(), null);
  }

  private @Nullable Constant shape() {
    Constant data = input(0);
    return data == null || !node.attributes().isEmpty() ? null : Constant.integers(data.sizes());
  }

  /** The values stay; their new shape matters little, since they only state another's shape. */
  private @Nullable Constant reshaped() {
    Constant data = input(0);
    if (data == null || data.values() == null) {
      return null;
    }
    return new Constant(new long[] {data.values().length}, data.type(), data.values());
  }

  private @Nullable Constant arithmetic(LongBinaryOperator operator) {
    Constant a = input(0);
    Constant b = input(1);
    if (a == null || b == null) {
      return null;
    }
    Constant shape = broadcast(a, b);
    if (shape == null) {
      return null;
    }
    long[] values = computed(a.values(), b.values(), operator);
    boolean complete = values != null && values.length == shape.elements();
    return new Constant(shape.sizes(), shape.type(), complete ? values : null);
  }

  private static long @Nullable [] computed(
      long @Nullable [] a, long @Nullable [] b, LongBinaryOperator operator) {
    if (a == null || b == null || (a.length != b.length && a.length != 1 && b.length != 1)) {
      return null;
    }
    long[] result = new long[a.length == 1 ? b.length : a.length];
    try {
      for (int i = 0; i < result.length; i++) {
        result[i] = operator.applyAsLong(a[a.length == 1 ? 0 : i], b[b.length == 1 ? 0 : i]);
      }
      return result;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private @Nullable Constant broadcastAll() {
    Constant result = input(0);
    for (int i = 1; i < node.inputs().size(); i++) {
      Constant next = input(i);
      result = result == null || next == null ? null : broadcast(result, next);
    }
    return result == null ? null : new Constant(result.sizes(), result.type(), null);
  }

  private static @Nullable Constant broadcast(Constant a, Constant b) {
    long[] longer = a.sizes().length >= b.sizes().length ? a.sizes() : b.sizes();
    long[] shorter = longer == a.sizes() ? b.sizes() : a.sizes();
    long[] sizes = longer.clone();
    int shift = longer.length - shorter.length;
    for (int i = 0; i < shorter.length; i++) {
      long size = sizes[i + shift];
      if (size != shorter[i] && size != 1 && shorter[i] != 1) {
        return null;
      }
      sizes[i + shift] = size == 1 ? shorter[i] : size;
    }
    return new Constant(sizes, a.type(), null);
  }

  private @Nullable Constant input(int position) {
    return position < node.inputs().size() ? constants.apply(node.inputs().get(position)) : null;
  }

  private long @Nullable [] values(int position) {
    Constant input = input(position);
    return input == null ? null : input.values();
  }

  private long @Nullable [] integers(String attribute) {
    return node.attribute(attribute)
        .map(value -> Constant.read(file, value.integers()).values())
        .orElse(null);
  }

  private @Nullable Long single(int position) {
    long[] values = values(position);
    return values == null || values.length != 1 ? null : values[0];
  }

  private static long[] append(long[] sizes, long last) {
    long[] longer = Arrays.copyOf(sizes, sizes.length + 1);
    longer[sizes.length] = last;
    return longer;
  }
}
