package io.vivace.core.model.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The type of a value: a tensor, or something made of tensors. */
public sealed interface OnnxType {
  /**
   * A tensor.
   *
   * @param type the element type
   * @param shape the size of each axis, or null where the file does not even state the rank
   * @param sparse whether the value is a sparse tensor
   */
  record Tensor(OnnxElementType type, @Nullable List<OnnxDimension> shape, boolean sparse)
      implements OnnxType {}

  /**
   * A list of values of one type.
   *
   * @param element the type of each
   */
  record Sequence(OnnxType element) implements OnnxType {}

  /**
   * A value that may be absent.
   *
   * @param element its type if it is there
   */
  record Optional(OnnxType element) implements OnnxType {}

  /**
   * A map.
   *
   * @param key the type of the keys
   * @param value the type of the values
   */
  record Map(OnnxElementType key, OnnxType value) implements OnnxType {}

  /** A type that the file does not state, or one that only an engine's extension knows. */
  record Other() implements OnnxType {}
}
