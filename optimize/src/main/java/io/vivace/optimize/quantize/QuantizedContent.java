package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The elements of a float tensor as 8-bit integers, computed while they are read. */
final class QuantizedContent implements OnnxContent {
  /**
   * Adding and subtracting 1.5 * 2^23 rounds a float of less than 2^22 to an integer, ties to even,
   * and leaves that integer in its lowest bits.
   */
  private static final float ROUNDING = 12_582_912f;

  private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

  private final OnnxContent floats;
  private final Channels channels;
  private final float[] scales;
  private final int[] zeroPoints;
  private final int lowest;
  private final int highest;

  QuantizedContent(
      OnnxContent floats, Channels channels, float[] scales, int[] zeroPoints, IntegerRange range) {
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

  private void run(float[] values, int from, int to, float scale, int zero, byte[] result) {
    int offset = zero - ROUNDING_BITS;
    for (int i = from; i < to; i++) {
      int rounded = Float.floatToRawIntBits(values[i] / scale + ROUNDING) + offset;
      result[i] = (byte) Math.max(lowest, Math.min(highest, rounded));
    }
  }

  private void row(float[] values, int at, int run, int channel, byte[] result) {
    for (int j = 0; j < run; j++) {
      int rounded = Float.floatToRawIntBits(values[at + j] / scales[channel + j] + ROUNDING);
      rounded += zeroPoints[channel + j] - ROUNDING_BITS;
      result[at + j] = (byte) Math.max(lowest, Math.min(highest, rounded));
    }
  }
}
