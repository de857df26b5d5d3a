package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.ndarray.NDManager;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Convolutions in single precision against double precision, over odd numbers of channels. */
class ConvolutionTest {
  /** Of how many shapes one is tried; 1 tries all. */
  private static final int EVERY = Integer.getInteger("vivace.convolution.every", 13);

  @Test
  void convolutions_equalThoseInDoublePrecision() {
    try (NDManager manager = TrainingEngine.newManager()) {
      assumeThat(ConvolutionCheck.needsPadding(manager))
          .as("whether the native library convolves wrongly on this machine")
          .isFalse();
    }
    Map<String, Double> off = ConvolutionSweep.differences(EVERY, false);
    assertThat(off)
        .hasSize((231 + EVERY - 1) / EVERY)
        .allSatisfy((shape, difference) -> small(shape, difference));
  }

  @Test
  void convolutions_withPaddedChannels_equalThoseInDoublePrecision() {
    Map<String, Double> off = ConvolutionSweep.differences(EVERY, true);
    assertThat(off)
        .hasSize((231 + EVERY - 1) / EVERY)
        .allSatisfy((shape, difference) -> small(shape, difference));
  }

  private static void small(String shape, double difference) {
    assertThat(difference).as(shape).isLessThan(1e-3);
  }
}
