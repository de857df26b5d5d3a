package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;
import java.util.List;

/**
 * A tensor of which only some elements are stated; the others are 0.
 *
 * @param values the stated elements, in one dimension; its name is the name of the whole
 * @param indices where they are: positions in the flattened tensor, or one row of coordinates each
 * @param shape the shape of the whole
 * @param bytes the tensor's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxSparseTensor(
    OnnxTensor values, OnnxTensor indices, Shape shape, ByteRange bytes, List<ByteRange> kept) {
  /**
   * Returns the name that nodes use.
   *
   * @return the name of the values
   */
  public String name() {
    return values.name();
  }
}
