package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;

/**
 * The order and type of an image's values in the model's input.
 *
 * @param name the input's name; empty if it goes by position
 * @param type float32, float16 or uint8
 * @param channels which channels, in which order
 * @param channelsLast whether the channels of a pixel lie together
 */
record ImageTensor(String name, ElementType type, Channels channels, boolean channelsLast) {
  /** The channels of a pixel, in the model's order. */
  enum Channels {
    RGB,
    BGR,
    GREY;

    int count() {
      return this == GREY ? 1 : 3;
    }

    /** The place of a channel in red, green, blue. */
    int source(int channel) {
      return this == BGR ? 2 - channel : channel;
    }
  }

  ImageTensor named(String input) {
    return new ImageTensor(input, type, channels, channelsLast);
  }

  ImageTensor of(ElementType other) {
    return new ImageTensor(name, other, channels, channelsLast);
  }

  ImageTensor withChannelsLast() {
    return new ImageTensor(name, type, channels, true);
  }

  TensorSpec spec(int width, int height) {
    return channelsLast
        ? TensorSpec.of(name, type, height, width, channels.count())
        : TensorSpec.of(name, type, channels.count(), height, width);
  }

  /** Lays the values out as the model wants them. */
  byte[] arrange(Pixels pixels) {
    byte[] out = new byte[pixels.samples().length];
    int count = channels.count();
    int plane = pixels.width() * pixels.height();
    for (int c = 0; c < count; c++) {
      int source = channels.source(c);
      int target = channelsLast ? c : c * plane;
      int step = channelsLast ? count : 1;
      for (int i = 0; i < plane; i++) {
        out[target + i * step] = pixels.samples()[i * count + source];
      }
    }
    return out;
  }

  /** Looks each value up in the table of its channel. */
  float[] convert(byte[] arranged, float[][] table) {
    float[] out = new float[arranged.length];
    int plane = arranged.length / table.length;
    for (int c = 0; c < table.length; c++) {
      float[] values = table[c];
      int start = channelsLast ? c : c * plane;
      int step = channelsLast ? table.length : 1;
      for (int i = 0; i < plane; i++) {
        int at = start + i * step;
        out[at] = values[arranged[at] & 0xff];
      }
    }
    return out;
  }

  @Override
  public String toString() {
    return String.format(
        "input=%s, type=%s, channels=%s, channelsLast=%s",
        name.isEmpty() ? "by position" : '"' + name + '"', type, channels, channelsLast);
  }
}
