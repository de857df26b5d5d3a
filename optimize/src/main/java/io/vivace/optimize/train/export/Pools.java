package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import ai.djl.training.ParameterStore;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Pooling. DJL hides kernel, stride and padding in a lambda: they are found from what the lambda
 * makes of ramps along each axis.
 */
final class Pools {
  private static final int LENGTH = 64;

  private final Nodes nodes;

  Pools(Nodes nodes) {
    this.nodes = nodes;
  }

  String export(Part part, LambdaBlock block) {
    String name = block.getName();
    if (name.startsWith("globalAvgPool") || name.startsWith("globalMaxPool")) {
      String operator = name.startsWith("globalAvg") ? "GlobalAveragePool" : "GlobalMaxPool";
      String pooled = nodes.add(operator, part.path(), List.of(part.input()));
      return nodes.add("Flatten", part.path(), List.of(pooled), Attribute.of("axis", 1L));
    }
    if (!name.startsWith("maxPool") && !name.startsWith("avgPool")) {
      throw part.refusal("pooling by \"" + name + "\"");
    }
    int axes = part.rank() - 2;
    Window[] windows = new Window[axes];
    for (int axis = 0; axis < axes; axis++) {
      Probe probe = new Probe(part, block, axis, axes);
      windows[axis] = name.startsWith("max") ? maximum(probe) : mean(probe);
    }
    return window(part, name.startsWith("max") ? "MaxPool" : "AveragePool", windows);
  }

  private String window(Part part, String operator, Window[] windows) {
    long[] kernel = Arrays.stream(windows).mapToLong(Window::kernel).toArray();
    long[] strides = Arrays.stream(windows).mapToLong(Window::stride).toArray();
    long[] pads = new long[2 * windows.length];
    for (int i = 0; i < pads.length; i++) {
      pads[i] = windows[i % windows.length].padding();
    }
    boolean ceil = Arrays.stream(windows).anyMatch(Window::ceil);
    boolean counted = Arrays.stream(windows).anyMatch(Window::counted);
    Attribute[] attributes = {
      Attribute.ofLongs("kernel_shape", kernel),
      Attribute.ofLongs("strides", strides),
      Attribute.ofLongs("pads", pads),
      Attribute.of("ceil_mode", ceil ? 1L : 0L)
    };
    if (operator.equals("AveragePool")) {
      attributes = Arrays.copyOf(attributes, attributes.length + 1);
      attributes[attributes.length - 1] = Attribute.of("count_include_pad", counted ? 1L : 0L);
    }
    return nodes.add(operator, part.path(), List.of(part.input()), attributes);
  }

  /** What a pooling does along one axis. */
  private record Window(long kernel, long stride, long padding, boolean ceil, boolean counted) {}

  private static Window maximum(Probe probe) {
    double[] ends = probe.run(LENGTH, i -> i);
    double[] starts = probe.run(LENGTH, i -> -i);
    int middle = ends.length / 2;
    long kernel = Math.round(ends[middle] + starts[middle]) + 1;
    long stride = Math.round(ends[middle + 1] - ends[middle]);
    long padding = kernel - 1 - Math.round(ends[0]);
    return new Window(kernel, stride, padding, probe.ceil(kernel, stride, padding), false);
  }

  private static Window mean(Probe probe) {
    double[] line = probe.run(LENGTH, i -> i);
    double[] squares = probe.run(LENGTH, i -> (i - LENGTH / 2.0) * (i - LENGTH / 2.0));
    int middle = line.length / 2;
    double centre = line[middle] - LENGTH / 2.0;
    // The variance of a window of k whole numbers is (k^2 - 1) / 12.
    double variance = squares[middle] - centre * centre;
    long kernel = Math.round(Math.sqrt(12 * variance + 1));
    long stride = Math.round(line[middle + 1] - line[middle]);
    long start = Math.round(line[middle] - (kernel - 1) / 2.0);
    long padding = middle * stride - start;
    boolean counted = padding > 0 && probe.run(LENGTH, i -> 1)[0] < 1 - 1e-4;
    return new Window(kernel, stride, padding, probe.ceil(kernel, stride, padding), counted);
  }

  /** Runs the lambda on data that changes along one axis only. */
  private record Probe(Part part, LambdaBlock block, int axis, int axes) {
    double[] run(int length, IntToDoubleFunction value) {
      long[] sizes = new long[axes + 2];
      Arrays.fill(sizes, LENGTH);
      sizes[0] = 1;
      sizes[1] = 1;
      sizes[axis + 2] = length;
      Shape shape = new Shape(sizes);
      int inner = 1;
      for (int i = axis + 3; i < sizes.length; i++) {
        inner *= (int) sizes[i];
      }
      float[] values = new float[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) value.applyAsDouble(i / inner % length);
      }
      return middleLine(shape, values);
    }

    private double[] middleLine(Shape shape, float[] values) {
      try (NDManager manager = TrainingEngine.newManager();
          NDArray input = manager.create(values, shape)) {
        NDArray output =
            block.forward(new ParameterStore(manager, false), new NDList(input), false).head();
        long[] sizes = output.getShape().getShape();
        if (sizes.length != shape.dimension()) {
          throw part.refusal("pooling that changes the number of axes");
        }
        float[] all = output.toFloatArray();
        double[] line = new double[(int) sizes[axis + 2]];
        for (int i = 0; i < line.length; i++) {
          line[i] = all[offset(sizes, i)];
        }
        return line;
      }
    }

    private int offset(long[] sizes, int along) {
      int offset = 0;
      for (int i = 0; i < axes; i++) {
        long at = i == axis ? along : sizes[i + 2] / 2;
        offset = (int) (offset * sizes[i + 2] + at);
      }
      return offset;
    }

    /** Whether a rest that fills no whole window is kept. */
    boolean ceil(long kernel, long stride, long padding) {
      if (stride == 1) {
        return false;
      }
      int length = LENGTH;
      while ((length + 2 * padding - kernel) % stride == 0) {
        length++;
      }
      long floor = (length + 2 * padding - kernel) / stride + 1;
      return run(length, i -> i).length > floor;
    }
  }
}
