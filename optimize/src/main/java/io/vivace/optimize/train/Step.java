package io.vivace.optimize.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import io.vivace.optimize.train.TrainingException.Reason;
import io.vivace.optimize.train.internal.Network;

/** One step: forward, backward, clipping, optimizer. All arrays made on the way are freed. */
final class Step<Y> {
  private final Engine engine;
  private final Network network;
  private final OptimizerState optimizer;
  private final Loss<Y> loss;
  private final double clipNorm;
  private final double clipValue;

  Step(
      Engine engine,
      Network network,
      OptimizerState optimizer,
      Loss<Y> loss,
      double clipNorm,
      double clipValue) {
    this.engine = engine;
    this.network = network;
    this.optimizer = optimizer;
    this.loss = loss;
    this.clipNorm = clipNorm;
    this.clipValue = clipValue;
  }

  /** Learns from a batch; the number of the step is counted from 1. */
  double run(Batch<Y> batch, long number, double rate, long seed) {
    engine.setRandomSeed((int) BatchOrder.mix(seed, number));
    double value;
    try (NDManager manager = network.manager().newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      value = backward(batch, manager, number);
      clip();
      optimizer.apply(number, rate);
    }
    network.afterStep(number);
    return value;
  }

  private double backward(Batch<Y> batch, NDManager manager, long number) {
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray result = loss.of(network.forward(batch.arrays(manager), true), batch.labels());
      double value = scalar(result);
      if (!Double.isFinite(value)) {
        throw new TrainingException(
            Reason.DIVERGED,
            "the loss of step %d is %s: use a smaller learning rate, clip the gradients, or look at the data and the loss"
                .formatted(number, value));
      }
      collector.backward(result);
      return value;
    }
  }

  static double scalar(NDArray loss) {
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "a loss must be one number, the mean over the rows, but its shape is " + loss.getShape());
    }
    return loss.toType(ai.djl.ndarray.types.DataType.FLOAT64, false).toDoubleArray()[0];
  }

  private void clip() {
    if (clipValue < Double.POSITIVE_INFINITY) {
      for (NDArray weight : network.parameters().values()) {
        NDArray gradient = weight.getGradient();
        // The excess is taken away in place: the engine has no clipping in place.
        gradient.subi(gradient.sub(gradient.clip(-clipValue, clipValue)));
      }
    }
    if (clipNorm < Double.POSITIVE_INFINITY) {
      double norm = norm();
      if (norm > clipNorm) {
        for (NDArray weight : network.parameters().values()) {
          weight.getGradient().muli(clipNorm / norm);
        }
      }
    }
  }

  private double norm() {
    double squares = 0;
    for (NDArray weight : network.parameters().values()) {
      squares += scalar(weight.getGradient().square().sum());
    }
    return Math.sqrt(squares);
  }
}
