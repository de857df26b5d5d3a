package io.vivace.optimize.train.graph;

import java.util.Arrays;

/** The pads of the convolution that a transposed one is turned into. */
final class TransposedWindow {
  private TransposedWindow() {}

  /** The strides are those of the zeros put between; the pads are of the stretched input. */
  static Window of(Call call, long[] input, long[] kernel) {
    int axes = kernel.length;
    long[] strides = call.integersOf("strides", Window.ones(axes));
    long[] dilations = call.integersOf("dilations", Window.ones(axes));
    long[] extra = call.integersOf("output_padding", new long[axes]);
    long[] wanted = call.integersOf("output_shape");
    long[] pads = call.integersOf("pads", new long[2 * axes]);
    String auto = call.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME") && wanted.length == 0) {
      wanted = new long[axes];
      for (int i = 0; i < axes; i++) {
        wanted[i] = input[i + 2] * strides[i];
      }
    }
    long[] begins = new long[axes];
    long[] ends = new long[axes];
    for (int i = 0; i < axes; i++) {
      long reach = (kernel[i] - 1) * dilations[i];
      long begin = pads[i];
      long end = pads[axes + i];
      if (wanted.length > 0) {
        long size = wanted[wanted.length - axes + i];
        long all = (input[i + 2] - 1) * strides[i] + extra[i] + reach + 1 - size;
        long larger = Math.max(0, all - all / 2);
        begin = auto.equals("SAME_UPPER") ? Math.max(0, all / 2) : larger;
        end = all - begin;
      }
      begins[i] = reach - begin;
      ends[i] = reach - end + extra[i] - (strides[i] - 1);
    }
    return new Window(kernel, strides, Arrays.copyOf(dilations, axes), begins, ends);
  }
}
