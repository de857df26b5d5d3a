package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.Node;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Images made larger or smaller, one axis after the other: by index for the nearest element, by a
 * product with a band matrix for linear interpolation.
 */
final class Resizing {
  private static final Set<String> MODES = Set.of("nearest", "linear");

  private Resizing() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Resize", Operator.of(Resizing::resize, Resizing::refusal));
    operators.put("Upsample", Operator.of(Resizing::upsample, Resizing::refusal));
  }

  private static String text(Node node, String attribute, String fallback) {
    return node.attribute(attribute).map(each -> each.text()).orElse(fallback);
  }

  private static String refusal(Node node) {
    String mode = text(node, "mode", "nearest");
    if (!MODES.contains(mode)) {
      return "its mode is \"" + mode + "\", allowed are nearest and linear";
    }
    if (node.integer("antialias", 0) != 0) {
      return "it is antialiased";
    }
    String coordinates = text(node, "coordinate_transformation_mode", "half_pixel");
    if (Coordinates.of(coordinates).isEmpty()) {
      return "its coordinate_transformation_mode is \"" + coordinates + "\"";
    }
    String policy = text(node, "keep_aspect_ratio_policy", "stretch");
    return policy.equals("stretch") ? "" : "its keep_aspect_ratio_policy is \"" + policy + "\"";
  }

  private static NDArray upsample(Call call) {
    NDArray x = call.in(0);
    double[] scales = call.doubles(1);
    long[] sizes = new long[scales.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (long) Math.floor(x.getShape().get(i) * scales[i]);
    }
    return along(call, x, all(scales.length), sizes, scales, Coordinates.ASYMMETRIC);
  }

  private static int[] all(int count) {
    int[] axes = new int[count];
    Arrays.setAll(axes, i -> i);
    return axes;
  }

  /** Version 10 had the scales as input 1, and asymmetric coordinates. */
  private static NDArray resize(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    int[] axes =
        call.node().attribute("axes").isPresent()
            ? Arrays.stream(call.integersOf("axes")).mapToInt(a -> call.axis(a, rank)).toArray()
            : all(rank);
    boolean old = call.opset() < 11;
    int scalesInput = old ? 1 : 2;
    Coordinates coordinates =
        old
            ? Coordinates.ASYMMETRIC
            : Coordinates.of(call.text("coordinate_transformation_mode", "half_pixel"))
                .orElseThrow();
    boolean bySize = call.has(3) && call.integers(3).size() > 0;
    long[] sizes = new long[axes.length];
    double[] scales = new double[axes.length];
    for (int i = 0; i < axes.length; i++) {
      long size = x.getShape().get(axes[i]);
      sizes[i] = bySize ? call.longs(3)[i] : (long) Math.floor(size * call.doubles(scalesInput)[i]);
      scales[i] = bySize ? (double) sizes[i] / size : call.doubles(scalesInput)[i];
    }
    return along(call, x, axes, sizes, scales, coordinates);
  }

  private static NDArray along(
      Call call, NDArray x, int[] axes, long[] sizes, double[] scales, Coordinates coordinates) {
    boolean linear = call.text("mode", "nearest").equals("linear");
    String rounding = call.opset() < 11 ? "floor" : call.text("nearest_mode", "round_prefer_floor");
    NDArray result = x.reshape(x.getShape());
    for (int i = 0; i < axes.length; i++) {
      long from = x.getShape().get(axes[i]);
      if (scales[i] == 1) {
        continue;
      }
      double[] positions = coordinates.positions(from, Math.toIntExact(sizes[i]), scales[i]);
      result =
          linear
              ? interpolated(call, result, axes[i], positions)
              : Indexing.take(
                  result, call.manager().create(nearest(positions, from, rounding)), axes[i]);
    }
    return result;
  }

  private static long[] nearest(double[] positions, long size, String rounding) {
    return Arrays.stream(positions)
        .mapToLong(
            at ->
                (long)
                    switch (rounding) {
                      case "floor" -> Math.floor(at);
                      case "ceil" -> Math.ceil(at);
                      case "round_prefer_ceil" -> Math.floor(at + 0.5);
                      default -> Math.ceil(at - 0.5);
                    })
        .map(at -> Math.max(0, Math.min(size - 1, at)))
        .toArray();
  }

  private static NDArray interpolated(Call call, NDArray x, int axis, double[] positions) {
    int size = Math.toIntExact(x.getShape().get(axis));
    double[] band = new double[size * positions.length];
    for (int i = 0; i < positions.length; i++) {
      double at = Math.max(0, Math.min(size - 1, positions[i]));
      int low = (int) Math.floor(at);
      int high = Math.min(size - 1, low + 1);
      band[low * positions.length + i] += 1 - (at - low);
      band[high * positions.length + i] += at - low;
    }
    NDArray matrix = call.create(band, new Shape(size, positions.length));
    int last = x.getShape().dimension() - 1;
    return x.swapAxes(axis, last).matMul(matrix).swapAxes(axis, last);
  }
}
