package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.Node;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Elements added around arrays. */
final class Padding {
  private static final Set<String> MODES = Set.of("constant", "reflect", "edge", "wrap");

  private Padding() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Pad", Operator.of(Padding::pad, Padding::refusal));
  }

  private static String refusal(Node node) {
    String mode = mode(node);
    return MODES.contains(mode) ? "" : "its mode is \"" + mode + "\", allowed are " + MODES;
  }

  private static String mode(Node node) {
    return node.attribute("mode").map(each -> each.text()).orElse("constant");
  }

  private static NDArray pad(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    long[] stated = call.has(1) ? call.longs(1) : call.integersOf("pads");
    long[] pads = call.has(3) ? spread(call, stated, rank) : stated;
    String mode = mode(call.node());
    if (mode.equals("constant")) {
      double value = call.has(2) ? call.doubles(2)[0] : call.number("value", 0);
      return constant(x, pads, value);
    }
    NDArray result = x;
    for (int axis = 0; axis < rank; axis++) {
      if (pads[axis] != 0 || pads[rank + axis] != 0) {
        result = along(call, result, axis, pads[axis], pads[rank + axis], mode);
      }
    }
    return result;
  }

  /** Pads of some axes as pads of all. */
  private static long[] spread(Call call, long[] stated, int rank) {
    long[] axes = call.longs(3);
    long[] pads = new long[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = call.axis(axes[i], rank);
      pads[axis] = stated[i];
      pads[rank + axis] = stated[axes.length + i];
    }
    return pads;
  }

  /** Pads in ONNX's order: all begins, then all ends; negative ones cut. */
  static NDArray constant(NDArray x, long[] pads, double value) {
    if (Arrays.stream(pads).allMatch(pad -> pad == 0)) {
      return x.reshape(x.getShape());
    }
    int rank = pads.length / 2;
    NDArray kept = x;
    long[] lastFirst = new long[pads.length];
    for (int axis = 0; axis < rank; axis++) {
      kept = cut(kept, axis, pads[axis], pads[rank + axis]);
      lastFirst[2 * (rank - 1 - axis)] = Math.max(0, pads[axis]);
      lastFirst[2 * (rank - 1 - axis) + 1] = Math.max(0, pads[rank + axis]);
    }
    return Arrays.stream(lastFirst).allMatch(pad -> pad == 0)
        ? kept
        : kept.pad(new Shape(lastFirst), value);
  }

  /** Takes away as many elements as negative pads say. */
  private static NDArray cut(NDArray x, int axis, long before, long after) {
    long size = x.getShape().get(axis);
    return before >= 0 && after >= 0
        ? x
        : Slicing.along(x, axis, Math.max(0, -before), size + Math.min(0, after), 1);
  }

  private static NDArray along(
      Call call, NDArray x, int axis, long before, long after, String mode) {
    long size = x.getShape().get(axis);
    long[] index = new long[Math.toIntExact(before + size + after)];
    for (int i = 0; i < index.length; i++) {
      index[i] = source(i - before, size, mode);
    }
    return Indexing.take(x, call.manager().create(index), axis);
  }

  private static long source(long position, long size, String mode) {
    return switch (mode) {
      case "edge" -> Math.max(0, Math.min(size - 1, position));
      case "wrap" -> Math.floorMod(position, size);
      default -> {
        long period = Math.max(1, 2 * (size - 1));
        long at = Math.floorMod(position, period);
        yield at < size ? at : period - at;
      }
    };
  }
}
