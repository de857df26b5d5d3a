package io.vivace.core.model.onnx;

import java.util.List;

/**
 * The name and type of a value: an input, an output, or something between two nodes.
 *
 * @param name the name
 * @param type the type; {@link OnnxType.Other} where the file states none
 * @param bytes the value's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxValue(String name, OnnxType type, ByteRange bytes, List<ByteRange> kept) {}
