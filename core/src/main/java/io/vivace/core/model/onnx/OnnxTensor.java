package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;
import java.util.List;

/**
 * A tensor with its values, left where they lie.
 *
 * @param name the name; empty for the value of an attribute, mostly
 * @param type the element type
 * @param shape the shape; none of its sizes is {@link Shape#ANY}
 * @param payload where the elements are
 * @param bytes the tensor's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxTensor(
    String name,
    OnnxElementType type,
    Shape shape,
    OnnxPayload payload,
    ByteRange bytes,
    List<ByteRange> kept) {}
