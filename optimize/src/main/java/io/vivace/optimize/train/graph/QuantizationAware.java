package io.vivace.optimize.train.graph;

/**
 * How a model is quantized while it is trained, and in the file that is written. Immutable.
 *
 * <p>Weights of Conv, Gemm and MatMul are whole numbers times a scale per output channel, {@code
 * max|w| / (2^(bits-1) - 1)}, without zero point. The activations that go into these layers have
 * one range per tensor, of which 0 is a part, and {@code 2^bits} steps. The gradient passes the
 * rounding as if it was not there, and is 0 outside the range of an activation (straight-through
 * estimator: Bengio, Leonard and Courville, 2013; Jacob et al., 2018, section 3).
 *
 * <p>Default: ranges are moving averages of the smallest and the largest value of a batch, {@code
 * range += 0.1 * (batch - range)}, from those of the first batch on. Before the first batch
 * activations are not quantized.
 */
public final class QuantizationAware {
  private static final double USUAL_MOMENTUM = 0.1;

  private final int weightBits;
  private final int activationBits;
  private final double momentum;

  private QuantizationAware(int weightBits, int activationBits, double momentum) {
    this.weightBits = weightBits;
    this.activationBits = activationBits;
    this.momentum = momentum;
  }

  /**
   * Weights and activations of 8 bits, for which engines have fast kernels.
   *
   * @return the description
   */
  public static QuantizationAware w8a8() {
    return new QuantizationAware(8, 8, USUAL_MOMENTUM);
  }

  /**
   * Weights of 4 bits, activations of 8.
   *
   * @return the description; the file needs version 21 of the operator set
   */
  public static QuantizationAware w4a8() {
    return new QuantizationAware(4, 8, USUAL_MOMENTUM);
  }

  /**
   * Weights and activations of 4 bits.
   *
   * @return the description; the file needs version 21 of the operator set
   */
  public static QuantizationAware w4a4() {
    return new QuantizationAware(4, 4, USUAL_MOMENTUM);
  }

  /**
   * Lets ranges be moving averages.
   *
   * @param weight of the newest batch, above 0, at most 1; default 0.1
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of this range
   */
  public QuantizationAware movingAverage(double weight) {
    if (!(weight > 0 && weight <= 1)) {
      throw new IllegalArgumentException(
          "the weight of the newest batch must be above 0 and at most 1, but was " + weight);
    }
    return new QuantizationAware(weightBits, activationBits, weight);
  }

  /**
   * Lets the optimizer find the ranges, from that of the first batch on: the logarithm of each
   * scale is trained (Esser et al., 2020, "Learned Step Size Quantization", in logarithms).
   *
   * @return a changed copy
   */
  public QuantizationAware learnedRanges() {
    return new QuantizationAware(weightBits, activationBits, 0);
  }

  int weightBits() {
    return weightBits;
  }

  int activationBits() {
    return activationBits;
  }

  /** The weight of the newest batch; 0 for learned ranges. */
  double momentum() {
    return momentum;
  }

  boolean isLearned() {
    return momentum == 0;
  }

  /** The version of the operator set that has such types, and scales per channel. */
  long opset() {
    return weightBits < 8 ? 21 : 13;
  }

  @Override
  public String toString() {
    return "W%dA%d%s".formatted(weightBits, activationBits, isLearned() ? ", learned" : "");
  }
}
