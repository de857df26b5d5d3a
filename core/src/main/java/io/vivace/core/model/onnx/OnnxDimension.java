package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;

/**
 * The size of a value along one axis.
 *
 * @param size the size, or {@link Shape#ANY} where the file states none
 * @param symbol the name of a size that is known only when the model runs, for example {@code
 *     batch}; empty where there is none
 */
public record OnnxDimension(long size, String symbol) {
  /** A size about which the file says nothing. */
  public static final OnnxDimension UNKNOWN = new OnnxDimension(Shape.ANY, "");
}
