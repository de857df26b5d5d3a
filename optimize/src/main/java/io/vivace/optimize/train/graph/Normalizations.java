package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that bring values to mean 0 and variance 1. */
final class Normalizations {
  private Normalizations() {}

  static void register(Map<String, Operator> operators) {
    operators.put(
        "BatchNormalization",
        Operator.general(call -> List.of(Operand.of(batch(call))), Normalizations::batchRefusal));
    operators.put("LayerNormalization", Operator.general(Normalizations::layers));
    operators.put("InstanceNormalization", Operator.of(Normalizations::instance));
    operators.put("GroupNormalization", Operator.of(Normalizations::group));
  }

  private static String batchRefusal(Node node) {
    if (node.integer("spatial", 1) == 0) {
      return "its setting spatial is 0, which ONNX gave up with version 9";
    }
    return "";
  }

  /**
   * In training the statistics of the batch hold, and the running ones move towards them by {@code
   * 1 - momentum}, in place.
   */
  private static NDArray batch(Call call) {
    NDArray x = call.in(0);
    return x.getNDArrayInternal()
        .batchNorm(
            x,
            call.in(3),
            call.in(4),
            call.in(1),
            call.in(2),
            -1,
            call.number("momentum", 0.9f),
            call.number("epsilon", 1e-5f),
            call.training())
        .singletonOrThrow();
  }

  private static List<Operand> layers(Call call) {
    NDArray result = layer(call);
    if (call.node().outputs().size() == 1) {
      return List.of(Operand.of(result));
    }
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    int axis = call.axis("axis", -1, rank);
    NDArray rows = x.reshape(Layout.size(x, 0, axis), -1);
    int[] last = {1};
    NDArray mean = rows.mean(last, true);
    NDArray variance = rows.sub(mean).square().mean(last, true);
    NDArray deviation = variance.add(call.scalar(call.number("epsilon", 1e-5f))).sqrt();
    long[] shape = x.getShape().getShape().clone();
    Arrays.fill(shape, axis, rank, 1);
    return List.of(
        Operand.of(result),
        Operand.of(mean.reshape(shape)),
        Operand.of(call.scalar(1).div(deviation).reshape(shape)));
  }

  private static NDArray layer(Call call) {
    NDArray x = call.in(0);
    int rank = x.getShape().dimension();
    int axis = call.axis("axis", -1, rank);
    Shape shape = new Shape(Arrays.copyOfRange(x.getShape().getShape(), axis, rank));
    NDArray scale = call.in(1);
    float epsilon = call.number("epsilon", 1e-5f);
    if (scale.getShape().equals(shape) && (!call.has(2) || call.in(2).getShape().equals(shape))) {
      NDArray bias = call.has(2) ? call.in(2) : call.zeros(shape);
      return normalized(x, shape, scale, bias, epsilon);
    }
    NDArray plain = normalized(x, shape, call.ones(shape), call.zeros(shape), epsilon);
    NDArray scaled = plain.mul(scale);
    return call.has(2) ? scaled.add(call.in(2)) : scaled;
  }

  private static NDArray normalized(
      NDArray x, Shape shape, NDArray scale, NDArray bias, float epsilon) {
    return x.getNDArrayInternal().layerNorm(x, shape, scale, bias, epsilon).singletonOrThrow();
  }

  /** Rows of any length, each brought to mean 0 and variance 1. */
  private static NDArray rows(Call call, NDArray rows) {
    Shape shape = new Shape(rows.getShape().get(rows.getShape().dimension() - 1));
    return normalized(
        rows, shape, call.ones(shape), call.zeros(shape), call.number("epsilon", 1e-5f));
  }

  private static NDArray instance(Call call) {
    NDArray x = call.in(0);
    Shape shape = x.getShape();
    NDArray normal = rows(call, x.reshape(shape.get(0), shape.get(1), -1)).reshape(shape);
    return scaled(normal, call.in(1), call.in(2));
  }

  private static NDArray scaled(NDArray x, NDArray scale, NDArray bias) {
    int rank = x.getShape().dimension();
    return x.mul(Convolutions.channels(scale, rank)).add(Convolutions.channels(bias, rank));
  }

  /** Before version 21 scale and bias had one value per group. */
  private static NDArray group(Call call) {
    NDArray x = call.in(0);
    Shape shape = x.getShape();
    long groups = call.integer("num_groups", 1);
    NDArray normal = rows(call, x.reshape(shape.get(0), groups, -1)).reshape(shape);
    NDArray scale = call.in(1);
    NDArray bias = call.in(2);
    if (scale.getShape().get(0) != shape.get(1)) {
      long each = shape.get(1) / groups;
      scale = scale.repeat(0, each);
      bias = bias.repeat(0, each);
    }
    return scaled(normal, scale, bias);
  }
}
