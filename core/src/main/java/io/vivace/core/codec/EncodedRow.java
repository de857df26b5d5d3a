package io.vivace.core.codec;

import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;

/** One item, checked and ready to be written as a row of the model's inputs. */
@FunctionalInterface
public interface EncodedRow {
  /**
   * Writes the row of one tensor. Every element must be written: the buffer holds what the last run
   * left there. In a batch of rows of different sizes the row may be larger than this item asked
   * for: what is beyond it is padding, which the codec writes as well.
   *
   * @param tensor the position in {@link Preprocessor#tensors()}
   * @param out where to write
   */
  void write(int tensor, RowWriter out);

  /**
   * Returns the shape that this item needs, where the codec's specification leaves sizes open.
   *
   * @param tensor the position in {@link Preprocessor#tensors()}
   * @param spec the codec's specification of that tensor
   * @return a shape without open sizes; by default that of the specification
   */
  default Shape shape(int tensor, TensorSpec spec) {
    return spec.shape();
  }
}
