package io.vivace.core.model.onnx;

import java.util.List;
import java.util.Optional;

/**
 * One operation of a graph.
 *
 * @param name the name; may be empty
 * @param operator the operator, for example {@code Conv}
 * @param domain the operator set; empty for ONNX's own
 * @param overload which of several functions of that name is meant; mostly empty
 * @param inputs names of the inputs; an empty name is an input left out
 * @param outputs names of the outputs; an empty name is an output not wanted
 * @param attributes the settings
 * @param bytes the node's message in the file
 * @param kept fields that are not interpreted
 */
public record OnnxNode(
    String name,
    String operator,
    String domain,
    String overload,
    List<String> inputs,
    List<String> outputs,
    List<OnnxAttribute> attributes,
    ByteRange bytes,
    List<ByteRange> kept) {
  /**
   * Finds a setting by name.
   *
   * @param attributeName the name, case-sensitive
   * @return the setting, if the node states it
   */
  public Optional<OnnxAttribute> attribute(String attributeName) {
    return attributes.stream().filter(a -> a.name().equals(attributeName)).findFirst();
  }

  /** How messages name the node. */
  String label() {
    String shown = name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
    return Refusal.quote(shown) + " (" + Refusal.quote(operator) + ")";
  }
}
