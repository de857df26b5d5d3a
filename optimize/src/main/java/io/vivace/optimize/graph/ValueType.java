package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tensor before the model runs.
 *
 * @param element the element type; {@link OnnxElementType#UNDEFINED} if not known
 * @param dimensions the size of each axis, known, named or unknown; null if not even the rank is
 *     known
 */
public record ValueType(OnnxElementType element, @Nullable List<OnnxDimension> dimensions) {
  /** A tensor of which nothing is known. */
  public static final ValueType UNKNOWN = new ValueType(OnnxElementType.UNDEFINED, null);

  /**
   * Copies the list.
   *
   * @param element the element type
   * @param dimensions the size of each axis, or null
   */
  public ValueType {
    dimensions = dimensions == null ? null : List.copyOf(dimensions);
  }

  /**
   * Makes the type of a tensor of known shape.
   *
   * @param element the element type
   * @param shape the shape; sizes of {@link Shape#ANY} become unknown ones
   * @return the type
   */
  public static ValueType of(OnnxElementType element, Shape shape) {
    return new ValueType(
        element, Arrays.stream(shape.toArray()).mapToObj(ValueType::dimension).toList());
  }

  static OnnxDimension dimension(long size) {
    return size < 0 ? OnnxDimension.UNKNOWN : new OnnxDimension(size, "");
  }

  /**
   * Returns the number of axes.
   *
   * @return at least 0, or -1 if it is not known
   */
  public int rank() {
    return dimensions == null ? -1 : dimensions.size();
  }

  /**
   * Returns the size along an axis.
   *
   * @param axis the axis; negative ones count from the end
   * @return the size, or {@link Shape#ANY} if it is not known before the model runs, the rank is
   *     not known, or there is no such axis
   */
  public long size(int axis) {
    int index = axis < 0 ? axis + rank() : axis;
    return dimensions == null || index < 0 || index >= dimensions.size()
        ? Shape.ANY
        : dimensions.get(index).size();
  }

  /** The same shape with another element type. */
  ValueType as(OnnxElementType other) {
    return new ValueType(other, dimensions);
  }

  @Override
  public String toString() {
    return element
        + (dimensions == null
            ? "[?]"
            : dimensions.stream().map(ValueType::text).collect(Collectors.joining(", ", "[", "]")));
  }

  private static String text(OnnxDimension dimension) {
    if (dimension.size() >= 0) {
      return String.valueOf(dimension.size());
    }
    return dimension.symbol().isEmpty() ? "?" : dimension.symbol();
  }
}
