package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vivace.optimize.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * QuantizeLinear and DequantizeLinear on real numbers. The quantized value is a whole number of the
 * network's floating-point type; its gradient passes the rounding as if that was not there (the
 * straight-through estimator of Bengio, Leonard and Courville, 2013) and ends where the range ends.
 * Scales get the gradient of learned step sizes (Esser et al., 2020) where they are parameters.
 */
final class FakeQuantization {
  private FakeQuantization() {}

  static void register(Map<String, Operator> operators) {
    operators.put(
        "QuantizeLinear", Operator.general(FakeQuantization::quantize, FakeQuantization::refusal));
    operators.put(
        "DequantizeLinear",
        Operator.general(FakeQuantization::dequantize, FakeQuantization::refusal));
  }

  private static String refusal(Node node) {
    return node.integer("block_size", 0) == 0 ? "" : "it quantizes blocks of an axis";
  }

  private static List<Operand> quantize(Call call) {
    Optional<ActivationRange> range = call.range();
    if (range.isPresent()) {
      return List.of(Operand.of(quantize(call, range.get())));
    }
    NDArray x = call.in(0);
    NDArray scale = channels(call, call.in(1), x);
    NDArray scaled = rounded(x.div(scale));
    QuantizedType type = call.quantizedType();
    if (call.has(2)) {
      scaled = scaled.add(channels(call, call.realIn(2), x));
    }
    return List.of(Operand.of(scaled.clip(type.lowest(), type.highest())));
  }

  /** Nothing is quantized before a range is known. */
  private static NDArray quantize(Call call, ActivationRange range) {
    NDArray x = call.in(0);
    if (call.training() && range.observes(call.node())) {
      range.observe(x);
    }
    if (!range.isKnown()) {
      return Layout.same(x);
    }
    NDArray scaled = rounded(x.div(range.scale(call))).add(call.scalar((double) range.zeroPoint()));
    return scaled.clip(range.type().lowest(), range.type().highest());
  }

  private static List<Operand> dequantize(Call call) {
    NDArray x = call.realIn(0);
    Optional<ActivationRange> range = call.range();
    if (range.isPresent()) {
      return List.of(Operand.of(dequantize(call, x, range.get())));
    }
    NDArray scale = channels(call, call.realIn(1), x);
    NDArray shifted = call.has(2) ? x.sub(channels(call, call.realIn(2), x)) : x;
    return List.of(Operand.of(shifted.mul(scale)));
  }

  private static NDArray dequantize(Call call, NDArray x, ActivationRange range) {
    return range.isKnown()
        ? x.sub(call.scalar((double) range.zeroPoint())).mul(range.scale(call))
        : Layout.same(x);
  }

  /** Halves go to even numbers; the gradient is 1. */
  static NDArray rounded(NDArray x) {
    return x.add(x.round().sub(x).stopGradient());
  }

  private static NDArray channels(Call call, NDArray values, NDArray x) {
    NDArray real =
        values.getDataType().isFloating() ? values : values.toType(DataType.FLOAT32, true);
    if (real.size() == 1) {
      return real.getShape().dimension() == 0 ? real : real.reshape();
    }
    int rank = x.getShape().dimension();
    long[] shape = Window.ones(rank);
    shape[call.axis("axis", 1, rank)] = -1;
    return real.reshape(shape);
  }
}
