package io.vivace.optimize.share;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerPass;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.ModelWeights;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.graph.WeightPass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets the weights of each layer share few values, found by k-means (Han, Mao and Dally, 2016,
 * "Deep Compression"). The file stays as large until it is packed: then a weight takes 4 bits for
 * 16 values, 8 for 256. Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * Compression.of(source).share(WeightSharing.kMeans(16)).saveTo(target);
 * }</pre>
 *
 * <p>Weights that are 0 stay 0 where a layer has any, so that pruned weights stay pruned. A tensor
 * that several layers use stays one. The same model, options and seed give the same bytes, whatever
 * the number of threads. Defaults: linear start, one codebook per tensor, seed 42, every layer.
 */
public final class WeightSharing implements LayerPass, WeightPass {
  private static final int MOST = 65_536;
  private static final long SEED = 42;

  private final int values;
  private final Centroids initial;
  private final boolean perChannel;
  private final long seed;
  private final Set<String> excluded;

  private WeightSharing(
      int values, Centroids initial, boolean perChannel, long seed, Set<String> excluded) {
    this.values = values;
    this.initial = initial;
    this.perChannel = perChannel;
    this.seed = seed;
    this.excluded = excluded;
  }

  /**
   * Shares that many values in each tensor.
   *
   * @param values from 2 to 65,536; 16 and 256 pack best
   * @return the pass, with the default of each option
   * @throws IllegalArgumentException if the number is out of this range
   */
  public static WeightSharing kMeans(int values) {
    if (values < 2 || values > MOST) {
      throw new IllegalArgumentException(
          "the number of shared values must be 2 to 65536, but was " + values);
    }
    return new WeightSharing(values, Centroids.LINEAR, false, SEED, Set.of());
  }

  /**
   * Says how the first values are chosen. Default: {@link Centroids#LINEAR}.
   *
   * @param start the way
   * @return a changed copy
   */
  public WeightSharing initial(Centroids start) {
    return new WeightSharing(values, start, perChannel, seed, excluded);
  }

  /**
   * Gives each output channel values of its own. Default: one codebook per tensor. Packing stores
   * one list of values per tensor, so all channels' values count together there: more than 256 take
   * codes of 16 bits, and more than 65,536 leave the tensor plain.
   *
   * @return a changed copy
   */
  public WeightSharing perChannel() {
    return new WeightSharing(values, initial, true, seed, excluded);
  }

  /**
   * Sets where the randomness of {@link Centroids#K_MEANS_PLUS_PLUS} comes from. Default: 42.
   *
   * @param number any number
   * @return a changed copy
   */
  public WeightSharing seed(long number) {
    return new WeightSharing(values, initial, perChannel, number, excluded);
  }

  /**
   * Leaves weights as they are.
   *
   * @param weights names of tensors; each must be there when the pass runs
   * @return a changed copy
   */
  public WeightSharing exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new WeightSharing(values, initial, perChannel, seed, all);
  }

  @Override
  public WeightSharing without(Collection<String> weights) {
    return exclude(weights.toArray(String[]::new));
  }

  @Override
  public void change(ModelWeights model, PassContext context) {
    List<? extends LayerTensor> layers = model.layersWithout(excluded);
    Weight[] shared = new Weight[layers.size()];
    context.forEach(layers.size(), i -> shared[i] = share(layers.get(i)));
    for (int i = 0; i < shared.length; i++) {
      layers.get(i).replace(shared[i]);
    }
  }

  private Weight share(LayerTensor layer) {
    Weight weight = layer.weight();
    float[] weights = weight.floats();
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new GraphException("element %d of %s is %s".formatted(i, weight, weights[i]));
      }
    }
    long inner = 1;
    for (int axis = layer.channelAxis() + 1; axis < weight.shape().rank(); axis++) {
      inner *= weight.shape().dimension(axis);
    }
    int channels = perChannel ? (int) weight.shape().dimension(layer.channelAxis()) : 1;
    List<Codebook> books = new ArrayList<>(channels);
    for (int channel = 0; channel < channels; channel++) {
      float[] own = perChannel ? channel(weights, channel, channels, inner) : weights;
      books.add(Codebook.of(own, values, initial, hasZero(own), seed));
    }
    long together = Math.max(1, perChannel ? inner : weights.length);
    return weight.mapped(
        (index, value) -> {
          Codebook book = books.get((int) (index / together % books.size()));
          return book.value(book.code(value));
        });
  }

  private static float[] channel(float[] weights, int channel, int channels, long inner) {
    float[] own = new float[weights.length / channels];
    int next = 0;
    for (int i = 0; i < weights.length; i++) {
      if (i / inner % channels == channel) {
        own[next++] = weights[i];
      }
    }
    return own;
  }

  private static boolean hasZero(float[] weights) {
    for (float weight : weights) {
      if (weight == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "WeightSharing[values=%d, initial=%s, perChannel=%s, seed=%d, exclude=%s]"
        .formatted(values, initial, perChannel, seed, excluded);
  }
}
