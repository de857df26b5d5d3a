package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.GraphException;

/** The sums of the products of the channels of an input, {@code X^T X}, and of their sizes. */
final class ChannelMoments {
  private final int channels;
  private final float[] products;
  private final double[] sizes;

  ChannelMoments(int channels) {
    this(channels, new float[Math.multiplyExact(channels, channels)], new double[channels]);
  }

  private ChannelMoments(int channels, float[] products, double[] sizes) {
    this.channels = channels;
    this.products = products;
    this.sizes = sizes;
  }

  /** Adds rows of activations, one after the other. */
  void add(float[] rows) {
    for (int at = 0; at < rows.length; at += channels) {
      for (int i = 0; i < channels; i++) {
        float value = rows[at + i];
        if (!Float.isFinite(value)) {
          throw new GraphException("a calibration sample gives " + value + " inside the model");
        }
        sizes[i] += Math.abs(value);
        if (value != 0) {
          row(i, value, rows, at);
        }
      }
    }
  }

  /** The upper half only. */
  private void row(int i, float value, float[] rows, int at) {
    int offset = i * channels;
    for (int j = i; j < channels; j++) {
      products[offset + j] += value * rows[at + j];
    }
  }

  int channels() {
    return channels;
  }

  /** Sum over the rows of the product of two channels. */
  double product(int i, int j) {
    return i <= j ? products[i * channels + j] : products[j * channels + i];
  }

  float[] diagonal() {
    float[] result = new float[channels];
    for (int i = 0; i < channels; i++) {
      result[i] = products[i * channels + i];
    }
    return result;
  }

  /** Sum over the rows of a channel's absolute value. */
  double size(int channel) {
    return sizes[channel];
  }

  /** The sums of the input with each channel divided by a factor; none: these. */
  ChannelMoments scaled(float[] factors) {
    if (factors.length == 0) {
      return this;
    }
    float[] scaled = new float[products.length];
    double[] scaledSizes = new double[channels];
    for (int i = 0; i < channels; i++) {
      scaledSizes[i] = sizes[i] / factors[i];
      for (int j = i; j < channels; j++) {
        scaled[i * channels + j] = products[i * channels + j] / (factors[i] * factors[j]);
      }
    }
    return new ChannelMoments(channels, scaled, scaledSizes);
  }
}
