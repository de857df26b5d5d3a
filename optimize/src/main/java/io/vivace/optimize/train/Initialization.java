package io.vivace.optimize.train;

import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.initializer.XavierInitializer.FactorType;
import ai.djl.training.initializer.XavierInitializer.RandomType;

/**
 * What the weights of a block are before training. Biases start at 0, and scales of normalizations
 * at 1, whatever is chosen here. Immutable.
 */
public final class Initialization {
  private final Initializer initializer;

  private Initialization(Initializer initializer) {
    this.initializer = initializer;
  }

  /**
   * Uniform within {@code sqrt(6 / (in + out))} (Glorot and Bengio, 2010).
   *
   * @return the initialization
   */
  public static Initialization xavier() {
    return new Initialization(new XavierInitializer(RandomType.UNIFORM, FactorType.AVG, 3));
  }

  /**
   * Normal with a deviation of {@code sqrt(2 / in)}, for rectified units (He et al., 2015).
   *
   * @return the initialization
   */
  public static Initialization he() {
    return new Initialization(new XavierInitializer(RandomType.GAUSSIAN, FactorType.IN, 2));
  }

  /**
   * Normal around 0.
   *
   * @param deviation the standard deviation, above 0
   * @return the initialization
   * @throws IllegalArgumentException if it is not above 0
   */
  public static Initialization normal(double deviation) {
    Numbers.requireAbove("deviation", deviation, 0);
    return new Initialization(new NormalInitializer((float) deviation));
  }

  /**
   * The same number everywhere.
   *
   * @param value the number
   * @return the initialization
   * @throws IllegalArgumentException if it is not finite
   */
  public static Initialization constant(double value) {
    Numbers.requireFrom("value", value, -Float.MAX_VALUE, Float.MAX_VALUE);
    return new Initialization(new ConstantInitializer((float) value));
  }

  Initializer initializer() {
    return initializer;
  }
}
