package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.spi.NumericsCheck;
import io.vivace.core.spi.NumericsCheck.Case;
import io.vivace.core.spi.NumericsCheck.Operation;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the native library convolves right on this machine. Where it does not, only
 * channel counts that are no multiple of 16 are wrong.
 */
final class ConvolutionCheck {
  private static final Logger log = LoggerFactory.getLogger(ConvolutionCheck.class);

  private static Optional<Boolean> verdict = Optional.empty();

  private ConvolutionCheck() {}

  /** Whether channels have to be padded; found out once, in some milliseconds. */
  static synchronized boolean needsPadding(NDManager parent) {
    boolean needed = verdict.orElseGet(() -> isFaulty(parent));
    verdict = Optional.of(needed);
    return needed;
  }

  private static boolean isFaulty(NDManager parent) {
    List<Case> cases =
        NumericsCheck.cases().stream()
            .filter(each -> each.operation() == Operation.CONVOLUTION)
            .toList();
    try (NDManager manager = parent.newSubManager()) {
      Optional<String> fault = NumericsCheck.firstFault(cases, each -> convolve(manager, each));
      fault.ifPresent(
          text ->
              log.warn(
                  "the native library computes wrongly on this machine ({}): training pads channels"
                      + " to multiples of 16, which is right and slower",
                  text));
      return fault.isPresent();
    }
  }

  private static Tensor convolve(NDManager manager, Case calculation) {
    NDArray input = array(manager, calculation.inputs().get(0));
    NDArray weights = array(manager, calculation.inputs().get(1));
    long padding = weights.getShape().get(2) / 2;
    Shape one = new Shape(1, 1);
    NDArray result =
        input
            .getNDArrayInternal()
            .convolution(input, weights, null, one, new Shape(padding, padding), one, 1)
            .singletonOrThrow();
    return Tensor.of(result.toFloatArray(), result.getShape().getShape());
  }

  private static NDArray array(NDManager manager, Tensor tensor) {
    Shape shape = new Shape(tensor.shape().toArray());
    return manager.create(tensor.data(), shape, DataType.FLOAT32);
  }
}
