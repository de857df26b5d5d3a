package io.vivace.core.codec;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which output a codec reads.
 *
 * @param name its name; empty for the first
 */
record OutputChoice(String name) {
  static final OutputChoice FIRST = new OutputChoice("");

  static OutputChoice named(String name) {
    Objects.requireNonNull(name, "output");
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of an output must not be blank");
    }
    return new OutputChoice(name);
  }

  RowReader of(ModelRow row) {
    return name.isEmpty() ? row.output(0) : row.output(name);
  }

  /** Finds the output; null where the model states no outputs, so that nothing can be checked. */
  @Nullable TensorSpec in(Signature signature) {
    if (signature.outputs().isEmpty()) {
      return null;
    }
    if (name.isEmpty()) {
      return signature.outputs().get(0);
    }
    return signature
        .output(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the model has no output \"" + name + "\"; it has " + signature.outputs()));
  }

  void requireNumeric(TensorSpec spec, boolean wholeNumbers) {
    ElementType type = spec.type();
    if (type == ElementType.STRING || (wholeNumbers && type.isFloatingPoint())) {
      throw new IllegalArgumentException(
          String.format(
              "output %s must hold %s, but the model gives %s",
              this, wholeNumbers ? "whole numbers" : "numbers", spec));
    }
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "first" : '"' + name + '"';
  }
}
