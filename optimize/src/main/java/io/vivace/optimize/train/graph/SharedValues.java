package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.LayerWeight;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The values that the elements of a weight share: trained in place of the weight, so that what was
 * shared stays shared. The gradient of a value is the sum over its elements (Han, Mao and Dally,
 * 2016, "Deep Compression", section 3). A value of 0 stays 0, so that what was pruned stays pruned.
 */
final class SharedValues {
  private final float[] values;
  private final long[] codes;

  private SharedValues(float[] values, long[] codes) {
    this.values = values;
    this.codes = codes;
  }

  /**
   * Finds the values, of the whole weight or of each of its output channels.
   *
   * @param most how many values may be shared
   * @return empty if there are more, or too many for sharing to be meant
   */
  static Optional<SharedValues> of(LayerWeight layer, int most) {
    float[] weights = layer.weight().floats();
    float[] all = distinct(weights);
    if (all.length <= most) {
      return all.length * 2L <= weights.length
          ? Optional.of(of(weights, List.of(all), weights.length))
          : Optional.empty();
    }
    return perChannel(layer, weights, most);
  }

  private static Optional<SharedValues> perChannel(LayerWeight layer, float[] weights, int most) {
    long[] shape = layer.weight().shape().toArray();
    int inner = 1;
    for (int axis = layer.channelAxis() + 1; axis < shape.length; axis++) {
      inner *= (int) shape[axis];
    }
    int channels = (int) shape[layer.channelAxis()];
    float[][] books = new float[channels][];
    for (int channel = 0; channel < channels; channel++) {
      books[channel] = distinct(channel(weights, channel, channels, inner));
      long own = weights.length / channels;
      if (books[channel].length > most || books[channel].length * 2L > own) {
        return Optional.empty();
      }
    }
    return Optional.of(of(weights, List.of(books), inner));
  }

  private static float[] channel(float[] weights, int channel, int channels, int inner) {
    float[] own = new float[weights.length / channels];
    int next = 0;
    for (int i = 0; i < weights.length; i++) {
      if (i / inner % channels == channel) {
        own[next++] = weights[i];
      }
    }
    return own;
  }

  private static float[] distinct(float[] weights) {
    TreeSet<Float> found = new TreeSet<>();
    for (float weight : weights) {
      found.add(weight + 0f); // no negative zero
    }
    float[] values = new float[found.size()];
    int next = 0;
    for (float value : found) {
      values[next++] = value;
    }
    return values;
  }

  private static SharedValues of(float[] weights, List<float[]> books, int inner) {
    int[] starts = new int[books.size()];
    int size = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = size;
      size += books.get(i).length;
    }
    float[] values = new float[size];
    for (int i = 0; i < starts.length; i++) {
      System.arraycopy(books.get(i), 0, values, starts[i], books.get(i).length);
    }
    long[] codes = new long[weights.length];
    for (int i = 0; i < codes.length; i++) {
      int book = i / inner % starts.length;
      codes[i] = (long) starts[book] + Arrays.binarySearch(books.get(book), weights[i] + 0f);
    }
    return new SharedValues(values, codes);
  }

  int size() {
    return values.length;
  }

  /** Lets a parameter train the values. */
  void install(GraphNetwork network, GraphParameter parameter) {
    NDManager manager = network.manager();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Shape shape = parameter.trained().getShape();
      // toType copies nothing where the type is the same, and the scope frees what it came from.
      NDArray book = manager.create(values).toType(network.real(), false).duplicate();
      NDArray index = manager.create(codes);
      NDArray nonZero = book.neq(0).toType(network.real(), true);
      NDScope.unregister(book, index, nonZero);
      boolean trains = parameter.trained().hasGradient();
      parameter.trained().close();
      parameter.trained(book);
      book.setRequiresGradient(trains);
      parameter.add(trained -> trained.mul(nonZero).gather(index, 0).reshape(shape));
    }
  }
}
