package io.vivace.optimize;

import java.util.Objects;

/** A quality and how low it may be. Made by {@link Quality#within} and {@link Quality#atLeast}. */
public final class QualityLimit {
  private final Quality quality;
  private final double number;
  private final boolean isLoss;

  private QualityLimit(Quality quality, double number, boolean isLoss) {
    this.quality = Objects.requireNonNull(quality, "quality");
    this.number = number;
    this.isLoss = isLoss;
  }

  static QualityLimit loss(Quality quality, double loss) {
    if (!(loss >= 0)) {
      throw new IllegalArgumentException("the loss must be at least 0, but was " + loss);
    }
    return new QualityLimit(quality, loss, true);
  }

  static QualityLimit lowest(Quality quality, double lowest) {
    if (Double.isNaN(lowest)) {
      throw new IllegalArgumentException("the lowest quality must be a number, but was NaN");
    }
    return new QualityLimit(quality, lowest, false);
  }

  Quality quality() {
    return quality;
  }

  /** The lowest quality allowed, where the original has the given one. */
  double lowest(double original) {
    return isLoss ? original - number : number;
  }

  @Override
  public String toString() {
    return isLoss ? "quality loss at most " + number : "quality at least " + number;
  }
}
