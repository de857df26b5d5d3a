package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.graph.Node;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BinaryOperator;

/** The largest or the mean element under a window that moves over the axes behind the first two. */
final class Pooling {
  private Pooling() {}

  static void register(Map<String, Operator> operators) {
    operators.put("MaxPool", Operator.of(Pooling::largest, Pooling::refusal));
    operators.put("AveragePool", Operator.of(Pooling::mean));
  }

  private static String refusal(Node node) {
    return Operator.onlyOutputs(node, 1);
  }

  private static Window window(Call call, NDArray x) {
    return Window.of(call, x.getShape().getShape(), call.integersOf("kernel_shape"));
  }

  /** Where the last windows that fit only in part count too, pads behind make room for them. */
  private static long[] pads(Call call, NDArray x, Window window) {
    long[] pads = window.pads();
    if (call.integer("ceil_mode", 0) == 0) {
      return pads;
    }
    int rank = x.getShape().dimension();
    for (int i = 0; i < window.kernel().length; i++) {
      long size = x.getShape().get(i + 2) + window.begins()[i] + window.ends()[i];
      long stride = window.strides()[i];
      long steps = (size - window.span(i) + stride - 1) / stride;
      // A window that would begin behind the input and its first pad does not count.
      if (steps * stride >= x.getShape().get(i + 2) + window.begins()[i]) {
        steps--;
      }
      long needed = steps * stride + window.span(i);
      pads[rank + 2 + i] += Math.max(0, needed - size);
    }
    return pads;
  }

  private static boolean isPlain(Call call, Window window) {
    return window.isSymmetric()
        && call.integer("ceil_mode", 0) == 0
        && Arrays.equals(window.dilations(), Window.ones(window.kernel().length))
        && fitsHalf(window);
  }

  /** The engine pads by half a kernel at most. */
  private static boolean fitsHalf(Window window) {
    for (int i = 0; i < window.kernel().length; i++) {
      if (window.begins()[i] > window.kernel()[i] / 2) {
        return false;
      }
    }
    return true;
  }

  private static NDArray largest(Call call) {
    NDArray x = call.in(0);
    Window window = window(call, x);
    if (isPlain(call, window)) {
      return largest(x, window);
    }
    NDArray padded = Padding.constant(x, pads(call, x, window), Double.NEGATIVE_INFINITY);
    return window.isDilated()
        ? dilated(padded, window, NDArray::maximum)
        : largest(padded, window.withoutPads());
  }

  private static NDArray largest(NDArray x, Window window) {
    return x.getNDArrayInternal()
        .maxPool(
            new Shape(window.kernel()),
            new Shape(window.strides()),
            new Shape(window.begins()),
            false);
  }

  /** Joins the kernel's elements, one axis after the other. */
  private static NDArray dilated(NDArray x, Window window, BinaryOperator<NDArray> join) {
    NDArray result = x;
    for (int i = 0; i < window.kernel().length; i++) {
      NDArray along = result;
      long steps = (along.getShape().get(i + 2) - window.span(i)) / window.strides()[i];
      for (long k = 0; k < window.kernel()[i]; k++) {
        long from = k * window.dilations()[i];
        long to = from + steps * window.strides()[i] + 1;
        NDArray part = Slicing.along(along, i + 2, from, to, window.strides()[i]);
        result = k == 0 ? part : join.apply(result, part);
      }
    }
    return result;
  }

  private static NDArray mean(Call call) {
    NDArray x = call.in(0);
    Window window = window(call, x);
    boolean countPads = call.integer("count_include_pad", 0) != 0;
    boolean noPads = Arrays.stream(window.pads()).allMatch(pad -> pad == 0);
    if (isPlain(call, window) && (noPads || countPads)) {
      return mean(x, window);
    }
    long[] pads = pads(call, x, window);
    NDArray ones = call.ones(one(x.getShape()));
    if (countPads) {
      ones = Padding.constant(ones, window.pads(), 1);
      pads = pads.clone();
    }
    NDArray counted = Padding.constant(ones, countPads ? rest(pads, window) : pads, 0);
    NDArray sums = Padding.constant(x, pads, 0);
    return dense(sums, window).div(dense(counted, window));
  }

  /** What {@code pads} adds beyond the pads of the window. */
  private static long[] rest(long[] pads, Window window) {
    long[] own = window.pads();
    long[] rest = pads.clone();
    for (int i = 0; i < rest.length; i++) {
      rest[i] -= own[i];
    }
    return rest;
  }

  /** A sum where the kernel is dilated, else a mean: only quotients of two of them are used. */
  private static NDArray dense(NDArray x, Window window) {
    return window.isDilated() ? dilated(x, window, NDArray::add) : mean(x, window.withoutPads());
  }

  /** The shape of one element and channel. */
  private static Shape one(Shape shape) {
    long[] sizes = shape.getShape();
    sizes[0] = 1;
    sizes[1] = 1;
    return new Shape(sizes);
  }

  private static NDArray mean(NDArray x, Window window) {
    return x.getNDArrayInternal()
        .avgPool(
            new Shape(window.kernel()),
            new Shape(window.strides()),
            new Shape(window.begins()),
            false,
            true);
  }
}
