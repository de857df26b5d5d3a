package io.vivace.core.model.onnx;

import java.util.List;

/**
 * An operator that the model defines itself, by a list of nodes.
 *
 * @param name the operator's name
 * @param domain its operator set
 * @param overload which of several functions of that name it is; mostly empty
 * @param inputs names of the inputs
 * @param outputs names of the outputs
 * @param attributes attributes with their defaults
 * @param nodes the body, in the file's order
 * @param values types of values between nodes; may be empty
 * @param bytes the function's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxFunction(
    String name,
    String domain,
    String overload,
    List<String> inputs,
    List<String> outputs,
    List<OnnxAttribute> attributes,
    List<OnnxNode> nodes,
    List<OnnxValue> values,
    ByteRange bytes,
    List<ByteRange> kept) {}
