package io.vivace.core.model.onnx;

import java.util.Set;

/**
 * Checks the numbers that engines divide by without a look: a stride of 0 ends ONNX Runtime 1.26
 * with an arithmetic signal, and the JVM with it.
 */
final class WindowCheck {
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "com.microsoft");
  private static final Set<String> LISTS = Set.of("strides", "dilations", "kernel_shape");
  private static final Set<String> SINGLE = Set.of("group", "blocksize");

  /** {@code AttributeProto.AttributeType.INT}. */
  private static final int INTEGER = 2;

  private final Refusal refusal;
  private final WireFile file;

  WindowCheck(Refusal refusal, WireFile file) {
    this.refusal = refusal;
    this.file = file;
  }

  void check(OnnxNode node) {
    if (!DOMAINS.contains(node.domain())) {
      return;
    }
    for (OnnxAttribute attribute : node.attributes()) {
      if (LISTS.contains(attribute.name())) {
        FieldValues.Numbers numbers = new FieldValues.Numbers(file, attribute.integers());
        for (long i = 0; i < attribute.integers().count(); i++) {
          require(node, attribute, numbers.next());
        }
      } else if (SINGLE.contains(attribute.name())
          && attribute.reference().isEmpty()
          && attribute.type() == INTEGER) {
        require(node, attribute, attribute.integer());
      }
    }
  }

  private void require(OnnxNode node, OnnxAttribute attribute, long value) {
    if (value < 1) {
      throw refusal.because(
          "has the node %s with %d in \"%s\", allowed are numbers from 1"
              .formatted(node.label(), value, attribute.name()));
    }
  }
}
