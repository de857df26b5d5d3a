package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lowest and highest value of each channel of a tensor; of a symmetric range, the largest
 * absolute value with both signs.
 */
final class ValueRange {
  private final Weight weight;
  private final Channels channels;
  private final boolean symmetric;
  private final float[] lowest;
  private final float[] highest;

  private ValueRange(Weight weight, Channels channels, boolean symmetric) {
    this.weight = weight;
    this.symmetric = symmetric;
    this.channels = channels;
    this.lowest = new float[channels.count()];
    this.highest = new float[channels.count()];
    Arrays.fill(lowest, Float.POSITIVE_INFINITY);
    Arrays.fill(highest, Float.NEGATIVE_INFINITY);
  }

  float lowest(int channel) {
    return symmetric ? -highest[channel] : lowest[channel];
  }

  float highest(int channel) {
    return highest[channel];
  }

  /** Reads tensors of floats through, block by block, several blocks at a time. */
  static List<ValueRange> of(
      List<Weight> weights, List<Channels> channels, List<Boolean> symmetric, PassContext context) {
    List<ValueRange> ranges =
        IntStream.range(0, weights.size())
            .mapToObj(i -> new ValueRange(weights.get(i), channels.get(i), symmetric.get(i)))
            .toList();
    List<Runnable> blocks =
        ranges.stream()
            .flatMap(
                range ->
                    IntStream.range(0, range.blocks())
                        .mapToObj(block -> (Runnable) () -> range.readBlock(block)))
            .toList();
    context.forEach(blocks.size(), i -> blocks.get(i).run());
    ranges.forEach(ValueRange::requireFinite);
    return ranges;
  }

  private long elements() {
    return weight.shape().elements();
  }

  private int blocks() {
    return Math.toIntExact((elements() + Floats.BLOCK - 1) / Floats.BLOCK);
  }

  private void readBlock(int block) {
    long from = (long) block * Floats.BLOCK;
    int count = (int) Math.min(Floats.BLOCK, elements() - from);
    float[] low = lowest.clone();
    float[] high = highest.clone();
    try {
      update(Floats.ofThread().read(weight.elements(), from, count), from, count, low, high);
    } catch (IOException e) {
      throw new UncheckedIOException("tensor " + weight + " cannot be read: " + e, e);
    }
    synchronized (this) {
      for (int i = 0; i < low.length; i++) {
        lowest[i] = Math.min(lowest[i], low[i]);
        highest[i] = Math.max(highest[i], high[i]);
      }
    }
  }

  private void update(float[] values, long from, int count, float[] low, float[] high) {
    for (int i = 0; i < count; ) {
      long element = from + i;
      int channel = channels.at(element);
      int run;
      if (channels.inner() == 1) {
        run = Math.min(count - i, channels.count() - channel);
        rows(values, i, run, low, high, channel);
      } else {
        run = (int) Math.min(count - i, channels.inner() - element % channels.inner());
        if (symmetric) {
          high[channel] = Math.max(high[channel], absolute(values, i, i + run));
        } else {
          low[channel] = Math.min(low[channel], min(values, i, i + run));
          high[channel] = Math.max(high[channel], max(values, i, i + run));
        }
      }
      i += run;
    }
  }

  private void rows(float[] values, int at, int run, float[] low, float[] high, int channel) {
    if (symmetric) {
      for (int j = 0; j < run; j++) {
        high[channel + j] = Math.max(high[channel + j], Math.abs(values[at + j]));
      }
      return;
    }
    for (int j = 0; j < run; j++) {
      low[channel + j] = Math.min(low[channel + j], values[at + j]);
    }
    for (int j = 0; j < run; j++) {
      high[channel + j] = Math.max(high[channel + j], values[at + j]);
    }
  }

  private static float absolute(float[] values, int from, int to) {
    float result = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      result = Math.max(result, Math.abs(values[i]));
    }
    return result;
  }

  private static float min(float[] values, int from, int to) {
    float result = Float.POSITIVE_INFINITY;
    for (int i = from; i < to; i++) {
      result = Math.min(result, values[i]);
    }
    return result;
  }

  private static float max(float[] values, int from, int to) {
    float result = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      result = Math.max(result, values[i]);
    }
    return result;
  }

  private void requireFinite() {
    for (int i = 0; i < lowest.length && elements() > 0; i++) {
      if (!Float.isFinite(lowest(i)) || !Float.isFinite(highest[i])) {
        throw new GraphException(
            "weight %s holds the values %s to %s in channel %d, allowed are finite ones; repair the"
                    .formatted(weight, lowest(i), highest[i], i)
                + " model, or exclude the nodes that use the weight");
      }
    }
  }
}
