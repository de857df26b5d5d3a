package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.Node;
import java.util.Optional;

/** The range of the values of a tensor, found while training. */
final class ActivationRange {
  private final QuantizedType type;
  private final double momentum;
  private final NDArray bounds;
  private final Optional<NDArray> logScale;
  private Optional<Node> observer = Optional.empty();

  /** Its arrays are kept by the network, so that a checkpoint holds them. */
  ActivationRange(GraphNetwork network, String name, QuantizationAware aware) {
    this.type = new QuantizedType(0, (1L << aware.activationBits()) - 1);
    this.momentum = aware.momentum();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      this.bounds = network.manager().create(new float[] {Float.NaN, Float.NaN});
      NDScope.unregister(bounds);
      network.keep("range/" + name, bounds);
      this.logScale = aware.isLearned() ? Optional.of(logScale(network, name)) : Optional.empty();
    }
  }

  private static NDArray logScale(GraphNetwork network, String name) {
    NDArray zero = network.manager().zeros(new Shape(), network.real());
    NDScope.unregister(zero);
    zero.setRequiresGradient(true);
    network.train("range/" + name + "/log_scale", zero);
    return zero;
  }

  boolean isKnown() {
    return !Float.isNaN(bounds.toFloatArray()[0]);
  }

  /** The first node that quantizes with it sees the values; those behind it see quantized ones. */
  boolean observes(Node node) {
    if (observer.isEmpty()) {
      observer = Optional.of(node);
    }
    return observer.get() == node;
  }

  /** Takes the values of a batch in. */
  void observe(NDArray x) {
    boolean first = !isKnown();
    if (!first && logScale.isPresent()) {
      return;
    }
    NDArray seen = x.stopGradient();
    float low = (float) Math.min(0, number(seen.min()));
    float high = (float) Math.max(0, number(seen.max()));
    float[] now = bounds.toFloatArray();
    if (!first) {
      low = (float) (now[0] + momentum * (low - now[0]));
      high = (float) (now[1] + momentum * (high - now[1]));
    }
    bounds.set(new float[] {low, high});
  }

  private static double number(NDArray scalar) {
    return scalar.toType(DataType.FLOAT64, false).toDoubleArray()[0];
  }

  private double width() {
    float[] now = bounds.toFloatArray();
    return Math.max(now[1] - now[0], Float.MIN_NORMAL);
  }

  private double base() {
    return (float) (width() / (type.highest() - type.lowest()));
  }

  /** The scale as it is now, in single precision, as a file states it. */
  float scale() {
    if (logScale.isEmpty()) {
      return (float) base();
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return (float) number(scaled(logScale.get().stopGradient()));
    }
  }

  private NDArray scaled(NDArray log) {
    NDArray factor = log.getManager().create((float) base()).toType(log.getDataType(), false);
    return log.exp().mul(factor);
  }

  long zeroPoint() {
    long below = (long) Math.rint(bounds.toFloatArray()[0] / base());
    return Math.max(type.lowest(), Math.min(type.highest(), type.lowest() - below));
  }

  /** The scale that a run computes with; it has a gradient if it is learned. */
  NDArray scale(Call call) {
    if (logScale.isEmpty()) {
      return call.manager().create(scale()).toType(call.real(), false);
    }
    NDArray log = logScale.get();
    return scaled(call.training() ? log : log.stopGradient());
  }

  QuantizedType type() {
    return type;
  }
}
