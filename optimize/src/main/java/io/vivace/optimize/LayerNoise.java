package io.vivace.optimize;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the weights of layers with those of the original. Layers that are no longer there by
 * their names, as after factorization, are left out.
 */
final class LayerNoise {
  /** Larger tensors are left out: both are held in memory. */
  private static final long MOST_ELEMENTS = 1L << 27;

  private final List<Weight> originals;

  private LayerNoise(List<Weight> originals) {
    this.originals = originals;
  }

  /** Remembers the weights as they are before the passes. */
  static LayerNoise before(ModelWeights model) {
    return new LayerNoise(
        model.layers().stream()
            .map(LayerTensor::weight)
            .filter(weight -> weight.shape().elements() <= MOST_ELEMENTS)
            .toList());
  }

  List<LayerDifference> after(EditableModel model, PassContext context) {
    Map<Integer, LayerDifference> found = new ConcurrentSkipListMap<>();
    context.forEach(
        originals.size(),
        i -> {
          Weight original = originals.get(i);
          float[] values = model.values(original);
          if (values != null && values.length == original.shape().elements()) {
            found.put(i, difference(original, original.floats(), values));
          }
        });
    return List.copyOf(found.values());
  }

  /** The floats that a graph computes with in the place of a weight; null if it is not there. */
  static float @Nullable [] values(Weight original, Graph graph) {
    String name = original.name();
    Weight now = graph.constant(name).filter(LayerNoise::isFloat).orElse(null);
    if (now == original) {
      return original.floats();
    }
    if (now != null && isSimilar(original, now)) {
      return oriented(now.floats(), now, original);
    }
    float[] plain = quantized(original, name, graph, new float[0]);
    return plain != null
        ? plain
        : quantized(original, name + "_smoothed", graph, smoothing(name + "_smoothed", graph));
  }

  /** Integers times their scales, and times the factor of each row if there are any. */
  private static float @Nullable [] quantized(
      Weight original, String name, Graph graph, float[] factors) {
    Weight integers = graph.weight(name + "_quantized").orElse(null);
    Weight scale = graph.weight(name + "_scale").orElse(null);
    if (integers == null
        || scale == null
        || integers.type().bits() != Byte.SIZE
        || !isSimilar(original, integers)) {
      return null;
    }
    float[] values = dequantized(integers, scale, graph.weight(name + "_zero_point").orElse(null));
    int columns = values.length / Math.max(1, factors.length);
    for (int i = 0; i < values.length && factors.length > 0; i++) {
      values[i] *= factors[i / columns];
    }
    return oriented(values, integers, original);
  }

  /** What the input of a smoothed weight is multiplied with; empty if that is not found. */
  private static float[] smoothing(String name, Graph graph) {
    Uses uses = Uses.of(graph);
    return uses.consumers(name + "_quantized").stream()
        .findFirst()
        .flatMap(product -> uses.producer(product.input(0)))
        .flatMap(quantize -> uses.producer(quantize.input(0)))
        .filter(scaled -> scaled.is("Mul"))
        .flatMap(scaled -> uses.producer(scaled.input(1)))
        .filter(cast -> cast.is("Cast"))
        .flatMap(cast -> graph.weight(cast.input(0)))
        .filter(LayerNoise::isFloat)
        .map(Weight::floats)
        .orElse(new float[0]);
  }

  private static boolean isFloat(Weight weight) {
    return weight.type() == OnnxElementType.FLOAT || weight.type() == OnnxElementType.FLOAT16;
  }

  /** Same shape, or that of the transposed matrix. */
  private static boolean isSimilar(Weight a, Weight b) {
    Shape x = a.shape();
    Shape y = b.shape();
    return x.equals(y)
        || (x.rank() == 2
            && y.rank() == 2
            && x.dimension(0) == y.dimension(1)
            && x.dimension(1) == y.dimension(0));
  }

  private static float[] oriented(float[] values, Weight stored, Weight wanted) {
    if (stored.shape().equals(wanted.shape())) {
      return values;
    }
    int rows = (int) stored.shape().dimension(0);
    int columns = (int) stored.shape().dimension(1);
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return turned;
  }

  private static float[] dequantized(Weight integers, Weight scale, @Nullable Weight zeroPoint) {
    long[] stored = integers.longs();
    float[] scales = scale.floats();
    long[] zeros = zeroPoint == null ? new long[scales.length] : zeroPoint.longs();
    long inner = inner(integers.shape(), scale.shape());
    float[] values = new float[stored.length];
    for (int i = 0; i < values.length; i++) {
      int channel = (int) (i / inner % scales.length);
      values[i] = (float) (stored[i] - zeros[channel % zeros.length]) * scales[channel];
    }
    return values;
  }

  /**
   * How many neighbours share a scale: a column of scales is one per row, a line one per column.
   */
  private static long inner(Shape shape, Shape scales) {
    if (scales.elements() == 1) {
      return shape.elements();
    }
    int last = shape.rank() - 1;
    boolean alongLast = scales.rank() == 1 && last == 1;
    return alongLast && shape.dimension(last) == scales.elements()
        ? 1
        : shape.elements() / shape.dimension(0);
  }

  private static LayerDifference difference(Weight original, float[] before, float[] after) {
    double signal = 0;
    double noise = 0;
    long zeros = 0;
    for (int i = 0; i < before.length; i++) {
      double error = (double) before[i] - after[i];
      signal += (double) before[i] * before[i];
      noise += error * error;
      zeros += after[i] == 0 ? 1 : 0;
    }
    double ratio = noise == 0 ? Double.POSITIVE_INFINITY : signal / noise;
    return new LayerDifference(
        original.name(),
        original.shape(),
        before.length == 0 ? 0 : (double) zeros / before.length,
        10 * Math.log10(ratio));
  }
}
