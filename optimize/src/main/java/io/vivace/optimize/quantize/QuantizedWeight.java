package io.vivace.optimize.quantize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * A weight as integers, with scale and zero point.
 *
 * @param values the integers
 * @param scale the scale: a scalar, or one per channel
 * @param zeroPoint the zero point, of the scale's shape
 * @param axis the axis of the channels, or -1
 */
record QuantizedWeight(Weight values, Weight scale, Weight zeroPoint, int axis) {
  /**
   * What is to be done with a weight.
   *
   * @param weight a tensor of floats
   * @param range the integers
   * @param symmetric whether the range of reals is made symmetric
   * @param axis the axis of the channels, or -1 for one scale
   * @param keepsRank whether the scales of the rows of a matrix are a column, which is looked up
   */
  record Order(Weight weight, IntegerRange range, boolean symmetric, int axis, boolean keepsRank) {
    Order(Weight weight, IntegerRange range, boolean symmetric, int axis) {
      this(weight, range, symmetric, axis, false);
    }

    Channels channels() {
      return axis < 0 ? Channels.all(weight.shape()) : Channels.along(weight.shape(), axis);
    }
  }

  /** Fits scales to weights; the integers are computed when they are read. */
  static List<QuantizedWeight> of(List<Order> orders, PassContext context) {
    List<ValueRange> ranges =
        ValueRange.of(
            orders.stream().map(Order::weight).toList(),
            orders.stream().map(Order::channels).toList(),
            orders.stream().map(Order::symmetric).toList(),
            context);
    List<QuantizedWeight> result = new ArrayList<>();
    for (int i = 0; i < orders.size(); i++) {
      result.add(of(orders.get(i), ranges.get(i)));
    }
    return result;
  }

  private static QuantizedWeight of(Order order, ValueRange range) {
    Channels channels = order.channels();
    float[] scales = new float[channels.count()];
    float[] zeroPoints = new float[channels.count()];
    byte[] zeroBytes = new byte[channels.count()];
    for (int i = 0; i < scales.length; i++) {
      Affine affine =
          Affine.of(range.lowest(i), range.highest(i), order.range(), order.symmetric());
      scales[i] = affine.scale();
      zeroPoints[i] = affine.zeroPoint();
      zeroBytes[i] = (byte) affine.zeroPoint();
    }
    Weight weight = order.weight();
    OnnxElementType type = order.range().type();
    Shape shape = order.axis() < 0 ? Shape.of() : Shape.of(channels.count());
    if (order.keepsRank()) {
      shape = Shape.of(channels.count(), 1);
    }
    OnnxContent integers =
        new QuantizedContent(weight.elements(), channels, scales, zeroPoints, order.range());
    return new QuantizedWeight(
        Weight.of(weight.name() + "_quantized", type, weight.shape(), integers),
        Weight.ofFloats(weight.name() + "_scale", shape, scales),
        Weight.of(weight.name() + "_zero_point", type, shape, OnnxContent.of(zeroBytes)),
        order.axis());
  }
}
