package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The types of convolutions and pools. */
final class WindowTypes {
  private final ValueType data;
  private final ValueType weight;
  private final Node node;
  private final int axes;

  WindowTypes(TypeInference inference, Node node) {
    this.data = inference.type(node.input(0));
    this.weight = inference.type(node.input(1));
    this.node = node;
    this.axes = data.rank() - 2;
  }

  ValueType convolution(OnnxElementType element) {
    int rank = data.rank() < 0 ? weight.rank() : data.rank();
    List<OnnxDimension> sizes = start(rank, dimension(weight, 0));
    for (int i = 0; i < rank - 2; i++) {
      long kernel =
          node.integers("kernel_shape").length > i
              ? node.integers("kernel_shape")[i]
              : weight.size(i + 2);
      sizes.add(ValueType.dimension(slid(i, kernel, false)));
    }
    return new ValueType(element, rank < 2 ? null : sizes);
  }

  ValueType transposed() {
    List<OnnxDimension> sizes = start(data.rank(), null);
    long channels = weight.size(1);
    sizes.set(1, ValueType.dimension(channels < 0 ? -1 : channels * node.integer("group", 1)));
    long[] stated = node.integers("output_shape");
    for (int i = 0; i < axes; i++) {
      long size = stated.length == axes ? stated[i] : spread(i);
      sizes.add(ValueType.dimension(size));
    }
    return new ValueType(data.element(), data.rank() < 2 ? null : sizes);
  }

  private long spread(int i) {
    long size = data.size(i + 2);
    long kernel = weight.size(i + 2);
    if (size < 0 || kernel < 0) {
      return -1;
    }
    long stride = at("strides", i, 1);
    String automatic = automatic();
    if (automatic.startsWith("SAME")) {
      return size * stride;
    }
    long padding = automatic.equals("VALID") ? 0 : at("pads", i, 0) + at("pads", i + axes, 0);
    return stride * (size - 1)
        + at("output_padding", i, 0)
        + (kernel - 1) * at("dilations", i, 1)
        + 1
        - padding;
  }

  ValueType pool() {
    List<OnnxDimension> sizes = start(data.rank(), dimension(data, 1));
    boolean up = node.integer("ceil_mode", 0) != 0;
    for (int i = 0; i < axes; i++) {
      sizes.add(ValueType.dimension(slid(i, at("kernel_shape", i, 1), up)));
    }
    return new ValueType(data.element(), data.rank() < 2 ? null : sizes);
  }

  ValueType global() {
    List<OnnxDimension> sizes = start(data.rank(), dimension(data, 1));
    LongStream.range(0, axes).forEach(i -> sizes.add(ValueType.dimension(1)));
    return new ValueType(data.element(), data.rank() < 2 ? null : sizes);
  }

  private List<OnnxDimension> start(int rank, @Nullable OnnxDimension channels) {
    List<OnnxDimension> sizes = new ArrayList<>();
    sizes.add(dimension(data, 0));
    sizes.add(channels == null || rank < 2 ? OnnxDimension.UNKNOWN : channels);
    return sizes;
  }

  private static OnnxDimension dimension(ValueType type, int axis) {
    List<OnnxDimension> dimensions = type.dimensions();
    return dimensions == null || axis >= dimensions.size()
        ? OnnxDimension.UNKNOWN
        : dimensions.get(axis);
  }

  /** The number of windows along an axis, or -1. */
  private long slid(int i, long kernel, boolean up) {
    long size = data.size(i + 2);
    long stride = at("strides", i, 1);
    if (size < 0 || kernel < 0 || stride < 1) {
      return -1;
    }
    String automatic = automatic();
    if (automatic.startsWith("SAME")) {
      return (size + stride - 1) / stride;
    }
    long before = automatic.equals("VALID") ? 0 : at("pads", i, 0);
    long after = automatic.equals("VALID") ? 0 : at("pads", i + axes, 0);
    long span = (kernel - 1) * at("dilations", i, 1) + 1;
    long room = size + before + after - span;
    long windows = (up ? -Math.floorDiv(-room, stride) : Math.floorDiv(room, stride)) + 1;
    // A window that starts in the padding after the end is left out.
    return up && (windows - 1) * stride >= size + before ? windows - 1 : windows;
  }

  private String automatic() {
    return node.attribute("auto_pad").map(Attribute::text).orElse("NOTSET");
  }

  private long at(String attribute, int index, long fallback) {
    long[] values = node.integers(attribute);
    return index < values.length ? values[index] : fallback;
  }
}
