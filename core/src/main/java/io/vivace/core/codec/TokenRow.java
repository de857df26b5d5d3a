package io.vivace.core.codec;

import io.vivace.core.internal.djl.NativeTokenizer.Tokens;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;

/** Token ids, attention mask and token types of one text, in this order. */
record TokenRow(Tokens tokens, long padId) implements EncodedRow {
  @Override
  public Shape shape(int tensor, TensorSpec spec) {
    return Shape.of(tokens.ids().length);
  }

  @Override
  public void write(int tensor, RowWriter out) {
    int length = tokens.ids().length;
    switch (tensor) {
      case 0 -> {
        out.putLongs(tokens.ids());
        out.fill(length, out.size(), padId);
      }
      case 1 -> {
        out.fill(0, length, 1);
        out.fill(length, out.size(), 0);
      }
      default -> {
        out.putLongs(tokens.types());
        out.fill(length, out.size(), 0);
      }
    }
  }
}
