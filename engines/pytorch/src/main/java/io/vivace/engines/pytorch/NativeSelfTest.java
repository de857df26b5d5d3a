package io.vivace.engines.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.ModelLoadException;
import io.vivace.core.spi.NumericsCheck;
import io.vivace.core.spi.NumericsCheck.Case;
import io.vivace.core.tensor.Tensor;
import io.vivace.engines.pytorch.PyTorchOptions.SelfTest;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests the native library once, and cures it where it computes wrongly.
 *
 * <p>oneDNN, as PyTorch 2.7.1 has it, computes wrong convolutions and recurrent layers where a
 * machine hides the size of its caches, as small virtual machines do.
 */
final class NativeSelfTest {
  private static final Logger log = LoggerFactory.getLogger(NativeSelfTest.class);

  private final Function<List<Case>, Optional<String>> test;
  private final BooleanSupplier cure;
  private boolean cured;
  private String verdict = "";

  /**
   * Makes a test that has not run.
   *
   * @param test calculates cases, and tells the first fault
   * @param cure applies the cure; false if that is not possible here
   */
  NativeSelfTest(Function<List<Case>, Optional<String>> test, BooleanSupplier cure) {
    this.test = test;
    this.cure = cure;
  }

  /** The verdict in a sentence; empty if the test did not run. */
  synchronized String verdict() {
    return verdict;
  }

  /**
   * Makes sure that the library computes right, as far as was asked.
   *
   * @throws ModelLoadException if it computes wrongly and no cure helps
   */
  synchronized void ensure(SelfTest mode) {
    if (mode == SelfTest.CURE && !cured) {
      cure("oneDNN is switched off, as was asked for", NumericsCheck.cases());
    } else if (mode == SelfTest.AUTO && verdict.isEmpty()) {
      List<Case> cases = NumericsCheck.cases();
      Optional<String> fault = test.apply(cases);
      if (fault.isEmpty()) {
        verdict = "passed";
        return;
      }
      cure("oneDNN computes wrongly on this machine (" + fault.get() + "): switched off", cases);
      log.warn(
          "{}. Results are right now; convolutions take about 1.2 to 1.5 times as long. A virtual"
              + " machine that shows its processor caches to its guests does not need this.",
          verdict);
    }
  }

  private void cure(String reason, List<Case> cases) {
    if (!cure.getAsBoolean()) {
      throw unsound(reason + ", but that is not possible here");
    }
    Optional<String> fault = test.apply(cases);
    if (fault.isPresent()) {
      throw unsound(reason + ", but all the same " + fault.get());
    }
    cured = true;
    verdict = reason + "; passed";
  }

  private static ModelLoadException unsound(String reason) {
    return new ModelLoadException(
        String.format(
            "the native library of engine %s cannot be trusted: %s. Start the JVM with the"
                + " environment variable ONEDNN_MAX_CPU_ISA=SSE41, or use another version of the"
                + " library or another machine. PyTorchOptions.selfTest(SKIP) runs models all the"
                + " same.",
            PyTorchOptions.ENGINE, reason));
  }

  /** Lets the engine calculate cases, and tells the first fault. */
  static Optional<String> calculate(Engine engine, List<Case> cases) {
    try (NDManager manager = engine.newBaseManager(Device.cpu())) {
      return NumericsCheck.firstFault(cases, each -> calculate(manager, each));
    }
  }

  private static Tensor calculate(NDManager manager, Case calculation) {
    NDList in = new NDList();
    for (Tensor input : calculation.inputs()) {
      Shape shape = new Shape(input.shape().toArray());
      in.add(manager.create(input.data(), shape, DataType.FLOAT32));
    }
    NDArray out =
        switch (calculation.operation()) {
          case CONVOLUTION -> convolution(in.get(0), in.get(1));
          case PRODUCT -> in.get(0).matMul(in.get(1));
          case SOFTMAX -> in.get(0).softmax(1);
          case LSTM -> lstm(manager, in);
        };
    return Tensor.of(out.toFloatArray(), out.getShape().getShape());
  }

  private static NDArray convolution(NDArray input, NDArray weights) {
    long padding = weights.getShape().get(2) / 2;
    Shape one = new Shape(1, 1);
    return input
        .getNDArrayInternal()
        .convolution(input, weights, null, one, new Shape(padding, padding), one, 1)
        .singletonOrThrow();
  }

  private static NDArray lstm(NDManager manager, NDList in) {
    long hidden = in.get(1).getShape().get(1);
    NDArray zero = manager.zeros(new Shape(1, in.get(0).getShape().get(0), hidden));
    NDList weights =
        new NDList(
            List.of(
                in.get(1).reshape(4 * hidden, -1),
                in.get(2).reshape(4 * hidden, -1),
                in.get(3).flatten(),
                in.get(3).zerosLike().flatten()));
    return in.get(0)
        .getNDArrayInternal()
        .lstm(in.get(0), new NDList(zero, zero), weights, true, 1, 0, false, false, true)
        .get(0);
  }
}
