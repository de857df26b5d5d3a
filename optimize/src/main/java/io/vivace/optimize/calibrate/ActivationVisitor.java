package io.vivace.optimize.calibrate;

import io.vivace.core.tensor.Tensor;
import java.util.Map;

/** Takes the values inside a model, sample by sample. */
@FunctionalInterface
public interface ActivationVisitor {
  /**
   * Takes what one sample gave.
   *
   * @param activations the tensor of each value that was asked for, in that order. They are good
   *     only until this method returns: copy what is to be kept
   */
  void visit(Map<String, Tensor> activations);
}
