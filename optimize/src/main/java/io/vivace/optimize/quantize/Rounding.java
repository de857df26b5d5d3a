package io.vivace.optimize.quantize;

import io.vivace.core.tensor.Float16;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rounds the weights of layers to a grid, and leaves them floats: what a model loses by few bits,
 * whatever its format. File and speed stay as they are, but the file compresses better. Immutable:
 * each option returns a changed copy.
 *
 * <pre>{@code
 * Compression.of(source).pass(Rounding.bits(8)).saveTo(target);
 * }</pre>
 *
 * <p>A grid of b bits has the values {@code k * s} for whole numbers k from {@code -(2^(b-1) - 1)}
 * to {@code 2^(b-1) - 1}, where s takes the largest weight to the last one; ties go to the even k.
 * So 0 stays 0, and pruned weights stay pruned. Defaults: a grid per output channel, every layer.
 */
public final class Rounding implements LayerPass, WeightPass {
  private static final int HALF = 0;
  private static final int MOST_BITS = 16;

  private final int bits;
  private final boolean perTensor;
  private final Set<String> excluded;

  private Rounding(int bits, boolean perTensor, Set<String> excluded) {
    this.bits = bits;
    this.perTensor = perTensor;
    this.excluded = excluded;
  }

  /**
   * Rounds to a grid of whole numbers times a scale.
   *
   * @param count 2 to 16
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if the number is out of this range
   */
  public static Rounding bits(int count) {
    if (count < 2 || count > MOST_BITS) {
      throw new IllegalArgumentException(
          "the bits of rounded weights must be 2 to 16, but were " + count);
    }
    return new Rounding(count, false, Set.of());
  }

  /**
   * Rounds to the nearest half-precision float, ties to even.
   *
   * @return the pass, with the default of each option; weights above 65,504 are refused
   */
  public static Rounding float16() {
    return new Rounding(HALF, false, Set.of());
  }

  /**
   * Takes one grid for all of a tensor. Default: one per output channel. Has no effect on {@link
   * #float16()}, which has no scale.
   *
   * @return a changed copy
   */
  public Rounding perTensor() {
    return new Rounding(bits, true, excluded);
  }

  /**
   * Leaves weights as they are.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public Rounding exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new Rounding(bits, perTensor, all);
  }

  @Override
  public Rounding without(Collection<String> weights) {
    return exclude(weights.toArray(String[]::new));
  }

  @Override
  public void change(ModelWeights model, PassContext context) {
    List<? extends LayerTensor> layers = model.layersWithout(excluded);
    if (layers.isEmpty()) {
      throw new GraphException("model " + model.name() + " has no weight to round");
    }
    Weight[] rounded = new Weight[layers.size()];
    context.forEach(rounded.length, i -> rounded[i] = rounded(layers.get(i)));
    for (int i = 0; i < rounded.length; i++) {
      layers.get(i).replace(rounded[i]);
    }
  }

  private Weight rounded(LayerTensor layer) {
    Weight weight = layer.weight();
    float[] values = weight.floats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(bits == HALF ? half(values[i]) : values[i])) {
        throw new GraphException(
            "element %d of %s is %s, which cannot be rounded to %s; exclude it"
                .formatted(i, weight, values[i], bits == HALF ? "float16" : bits + " bits"));
      }
    }
    if (bits == HALF) {
      return weight.mapped((index, value) -> half(value));
    }
    long inner = inner(layer);
    float[] scales = scales(values, channels(layer), inner);
    return weight.mapped(
        (index, value) -> {
          float scale = scales[(int) (index / inner % scales.length)];
          return scale == 0 ? 0 : (float) Math.rint((double) value / scale) * scale;
        });
  }

  private static float half(float value) {
    return Float16.toFloat(Float16.fromFloat(value));
  }

  private int channels(LayerTensor layer) {
    return perTensor ? 1 : (int) layer.weight().shape().dimension(layer.channelAxis());
  }

  /** How many neighbours have one scale. */
  private long inner(LayerTensor layer) {
    long inner = 1;
    int from = perTensor ? 0 : layer.channelAxis() + 1;
    for (int axis = from; axis < layer.weight().shape().rank(); axis++) {
      inner *= layer.weight().shape().dimension(axis);
    }
    return Math.max(1, inner);
  }

  private float[] scales(float[] values, int channels, long inner) {
    float[] scales = new float[channels];
    for (int i = 0; i < values.length; i++) {
      int channel = (int) (i / inner % channels);
      scales[channel] = Math.max(scales[channel], Math.abs(values[i]));
    }
    int steps = (1 << (bits - 1)) - 1;
    for (int channel = 0; channel < channels; channel++) {
      scales[channel] /= steps;
    }
    return scales;
  }

  @Override
  public String toString() {
    return "Rounding[%s, perTensor=%s, exclude=%s]"
        .formatted(bits == HALF ? "float16" : "bits=" + bits, perTensor, excluded);
  }
}
