package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The elements of a float tensor as 8-bit integers, computed while they are read. */
final class QuantizedContent implements OnnxContent {
  /**
   * Adding and subtracting 1.5 * 2^23 rounds a float of less than 2^22 to an integer, ties to even.
   */
  private static final float ROUNDING = 12_582_912f;

  private final OnnxContent floats;
  private final Channels channels;
  private final float[] scales;
  private final float[] zeroPoints;
  private final float lowest;
  private final float highest;

  QuantizedContent(
      OnnxContent floats,
      Channels channels,
      float[] scales,
      float[] zeroPoints,
      IntegerRange range) {
    this.floats = floats;
    this.channels = channels;
    this.scales = scales;
    this.zeroPoints = zeroPoints;
    this.lowest = range.typeLowest();
    this.highest = range.typeHighest();
  }

  @Override
  public long length() {
    return floats.length() / Float.BYTES;
  }

  @Override
  public void read(long from, ByteBuffer target) throws IOException {
    byte[] result = new byte[Math.min(Floats.BLOCK, target.remaining())];
    for (long at = from; target.hasRemaining(); ) {
      int count = Math.min(result.length, target.remaining());
      quantize(Floats.ofThread().read(floats, at, count), at, count, result);
      target.put(result, 0, count);
      at += count;
    }
  }

  private void quantize(float[] values, long from, int count, byte[] result) {
    for (int i = 0; i < count; ) {
      long element = from + i;
      int channel = channels.at(element);
      int run;
      if (channels.inner() == 1) {
        run = Math.min(count - i, channels.count() - channel);
        row(values, i, run, channel, result);
      } else {
        run = (int) Math.min(count - i, channels.inner() - element % channels.inner());
        run(values, i, i + run, scales[channel], zeroPoints[channel], result);
      }
      i += run;
    }
  }

  /** Two loops, each of which the compiler turns into vector instructions. */
  private void run(float[] values, int from, int to, float scale, float zero, byte[] result) {
    for (int i = from; i < to; i++) {
      float rounded = values[i] / scale + ROUNDING - ROUNDING + zero;
      values[i] = Math.max(lowest, Math.min(highest, rounded));
    }
    for (int i = from; i < to; i++) {
      result[i] = (byte) (int) values[i];
    }
  }

  private void row(float[] values, int at, int run, int channel, byte[] result) {
    for (int j = 0; j < run; j++) {
      float rounded =
          values[at + j] / scales[channel + j] + ROUNDING - ROUNDING + zeroPoints[channel + j];
      values[at + j] = Math.max(lowest, Math.min(highest, rounded));
    }
    for (int j = at; j < at + run; j++) {
      result[j] = (byte) (int) values[j];
    }
  }
}
