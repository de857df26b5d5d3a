package io.vivace.optimize.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.vivace.optimize.train.TrainingException.Reason;
import io.vivace.optimize.train.internal.Network;
import io.vivace.optimize.train.internal.TrainingEngine;

/** What is done before the first step. */
final class Preparation {
  private Preparation() {}

  static Engine engine() {
    try {
      return TrainingEngine.find();
    } catch (IllegalStateException e) {
      throw new TrainingException(Reason.ENGINE_MISSING, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Makes the arrays of the network for a first batch, and the optimizer's for those it changes.
   */
  static OptimizerState of(TrainerOptions<?, ?, ?> options, Network network, Batch<?> first) {
    try (NDManager manager = network.manager().newSubManager()) {
      network.initialize(first.arrays(manager));
    }
    network.freeze(options.frozen());
    if (network.parameters().isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to train: no weight of floats, or all are frozen; of a quantized model,"
              + " train the float model with QuantizationAware");
    }
    return new OptimizerState(options.optimizer(), network.parameters(), network.manager());
  }
}
