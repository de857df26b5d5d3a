package io.vivace.optimize.train.graph;

import java.util.Arrays;

/**
 * How a kernel moves over the axes behind the first two.
 *
 * @param kernel the kernel's size along each axis
 * @param strides how far it moves
 * @param dilations the distance of its elements
 * @param begins how many elements are added before each axis
 * @param ends how many are added behind it
 */
@SuppressWarnings("ArrayRecordComponent") // Made and read in one method, never compared.
record Window(long[] kernel, long[] strides, long[] dilations, long[] begins, long[] ends) {
  /** Reads the settings of a node for an input of the given shape. */
  static Window of(Call call, long[] input, long[] kernel) {
    int axes = kernel.length;
    long[] strides = call.integersOf("strides", ones(axes));
    long[] dilations = call.integersOf("dilations", ones(axes));
    long[] pads = call.integersOf("pads", new long[2 * axes]);
    String auto = call.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      pads = same(input, kernel, strides, dilations, auto.equals("SAME_UPPER"));
    } else if (auto.equals("VALID")) {
      pads = new long[2 * axes];
    }
    long[] begins = Arrays.copyOfRange(pads, 0, axes);
    return new Window(kernel, strides, dilations, begins, Arrays.copyOfRange(pads, axes, 2 * axes));
  }

  static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** As many as make the output as large as the input over the stride, rounded up. */
  private static long[] same(
      long[] input, long[] kernel, long[] strides, long[] dilations, boolean upper) {
    int axes = kernel.length;
    long[] pads = new long[2 * axes];
    for (int i = 0; i < axes; i++) {
      long size = input[i + 2];
      long output = (size + strides[i] - 1) / strides[i];
      long span = (kernel[i] - 1) * dilations[i] + 1;
      long all = Math.max(0, (output - 1) * strides[i] + span - size);
      pads[i] = upper ? all / 2 : (all + 1) / 2;
      pads[axes + i] = all - pads[i];
    }
    return pads;
  }

  /** Whether as much is added before each axis as behind it. */
  boolean isSymmetric() {
    return Arrays.equals(begins, ends);
  }

  /** Pads of all axes, in ONNX's order. */
  long[] pads() {
    int axes = kernel.length;
    long[] pads = new long[2 * (axes + 2)];
    System.arraycopy(begins, 0, pads, 2, axes);
    System.arraycopy(ends, 0, pads, axes + 4, axes);
    return pads;
  }

  Window withoutPads() {
    return new Window(kernel, strides, dilations, new long[kernel.length], new long[kernel.length]);
  }

  boolean isDilated() {
    return Arrays.stream(dilations).anyMatch(each -> each != 1);
  }

  /** How many elements an axis of the kernel covers. */
  long span(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }
}
