package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions over one to three axes, and transposed ones, which the engine's Java interface
 * lacks: zeros are put between the elements, and the turned kernel is moved over that.
 */
final class Convolutions {
  private static final long CHANNELS = 16;

  private Convolutions() {}

  static void register(Map<String, Operator> operators) {
    operators.put("Conv", Operator.of(Convolutions::convolution));
    operators.put("ConvTranspose", Operator.of(Convolutions::transposed));
  }

  private static NDArray convolution(Call call) {
    NDArray x = call.in(0);
    NDArray weight = call.in(1);
    long[] shape = weight.getShape().getShape();
    Window window =
        Window.of(call, x.getShape().getShape(), Arrays.copyOfRange(shape, 2, shape.length));
    if (!window.isSymmetric()) {
      x = Padding.constant(x, window.pads(), 0);
      window = window.withoutPads();
    }
    NDArray bias = call.has(2) ? call.in(2) : null;
    return run(call.paddedChannels(), x, weight, bias, window, (int) call.integer("group", 1));
  }

  /** Expects as many pads before each axis as behind it. */
  static NDArray run(
      boolean padded,
      NDArray x,
      NDArray weight,
      @Nullable NDArray bias,
      Window window,
      int groups) {
    if (!padded || isDepthwise(weight, groups)) {
      return convolve(x, weight, bias, window, groups);
    }
    long outputs = weight.getShape().get(0);
    NDArray result =
        convolve(paddedInput(x, groups), paddedWeight(weight, groups), null, window, groups);
    NDArray cut = withoutPadding(result, groups, outputs);
    return bias == null ? cut : cut.add(channels(bias, x.getShape().dimension()));
  }

  private static NDArray convolve(
      NDArray x, NDArray weight, @Nullable NDArray bias, Window window, int groups) {
    return x.getNDArrayInternal()
        .convolution(
            x,
            weight,
            bias,
            new Shape(window.strides()),
            new Shape(window.begins()),
            new Shape(window.dilations()),
            groups)
        .singletonOrThrow();
  }

  private static boolean isDepthwise(NDArray weight, int groups) {
    return groups > 1 && weight.getShape().get(1) == 1;
  }

  private static long missing(long channels) {
    return (CHANNELS - channels % CHANNELS) % CHANNELS;
  }

  /** Each group gets zeros behind its channels, up to a multiple of 16. */
  private static NDArray paddedInput(NDArray x, int groups) {
    long[] shape = x.getShape().getShape();
    long own = shape[1] / groups;
    return spread(x, groups, own, own + missing(own));
  }

  private static NDArray paddedWeight(NDArray weight, int groups) {
    long[] shape = weight.getShape().getShape();
    long outputs = shape[0] / groups;
    NDArray wide = spread(weight, 1, shape[1], shape[1] + missing(shape[1]));
    long[] grouped = wide.getShape().getShape().clone();
    grouped[0] = outputs;
    NDArray rows = wide.reshape(prepend(groups, grouped));
    NDArray padded = spread(rows, 1, outputs, outputs + missing(outputs));
    long[] result = padded.getShape().getShape();
    long[] flat = Arrays.copyOfRange(result, 1, result.length);
    flat[0] *= groups;
    return padded.reshape(flat);
  }

  private static NDArray withoutPadding(NDArray x, int groups, long outputs) {
    long own = outputs / groups;
    return spread(x, groups, own + missing(own), own);
  }

  /** Gives each group of the channels, along axis 1, another number of them. */
  private static NDArray spread(NDArray x, int groups, long from, long to) {
    if (from == to) {
      return x;
    }
    long[] shape = x.getShape().getShape().clone(); // else it would be that of the array
    long[] grouped = new long[shape.length + 1];
    grouped[0] = shape[0];
    grouped[1] = groups;
    grouped[2] = from;
    System.arraycopy(shape, 2, grouped, 3, shape.length - 2);
    long[] pads = new long[2 * grouped.length];
    pads[grouped.length + 2] = to - from;
    shape[1] = groups * to;
    return Padding.constant(x.reshape(grouped), pads, 0).reshape(shape);
  }

  private static long[] prepend(long first, long[] rest) {
    long[] result = new long[rest.length + 1];
    result[0] = first;
    System.arraycopy(rest, 0, result, 1, rest.length);
    return result;
  }

  /** One value per channel, in a shape that broadcasts over the other axes. */
  static NDArray channels(NDArray values, int rank) {
    long[] shape = Window.ones(rank);
    shape[1] = -1;
    return values.reshape(shape);
  }

  private static NDArray transposed(Call call) {
    NDArray x = call.in(0);
    long[] shape = call.in(1).getShape().getShape();
    long[] kernel = Arrays.copyOfRange(shape, 2, shape.length);
    int groups = (int) call.integer("group", 1);
    Window window = TransposedWindow.of(call, x.getShape().getShape(), kernel);
    NDArray wide = Padding.constant(stretched(x, window.strides()), window.pads(), 0);
    NDArray turned = turned(call.in(1), groups);
    NDArray bias = call.has(2) ? call.in(2) : null;
    long[] none = new long[kernel.length];
    Window dense = new Window(kernel, Window.ones(kernel.length), window.dilations(), none, none);
    return run(call.paddedChannels(), wide, turned, bias, dense, groups);
  }

  /** Puts zeros between and behind the elements. */
  private static NDArray stretched(NDArray x, long[] strides) {
    if (Arrays.stream(strides).allMatch(stride -> stride == 1)) {
      return x;
    }
    long[] shape = x.getShape().getShape().clone(); // else it would be that of the array
    int axes = strides.length;
    long[] split = new long[2 + 2 * axes];
    long[] pads = new long[2 * split.length];
    System.arraycopy(shape, 0, split, 0, 2);
    for (int i = 0; i < axes; i++) {
      split[2 + 2 * i] = shape[2 + i];
      split[3 + 2 * i] = 1;
      pads[split.length + 3 + 2 * i] = strides[i] - 1;
      shape[2 + i] *= strides[i];
    }
    return Padding.constant(x.reshape(split), pads, 0).reshape(shape);
  }

  /** Inputs and outputs of each group change places, and the kernel is turned round. */
  private static NDArray turned(NDArray weight, int groups) {
    int[] spatial = IntStream.range(2, weight.getShape().dimension()).toArray();
    NDArray flipped = weight.flip(spatial).swapAxes(0, 1);
    if (groups == 1) {
      return flipped;
    }
    NDList parts = flipped.split(groups, 1);
    return NDArrays.concat(parts, 0);
  }
}
