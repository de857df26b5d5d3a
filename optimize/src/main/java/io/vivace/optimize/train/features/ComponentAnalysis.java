package io.vivace.optimize.train.features;

import io.vivace.core.data.FeatureTransform;

/** Principal components that were found. Immutable and thread-safe. */
public final class ComponentAnalysis {
  private final double[][] components;
  private final double[] variance;
  private final double[] ratio;
  private final FeatureTransform transform;

  ComponentAnalysis(
      double[][] components, double[] variance, double[] ratio, FeatureTransform transform) {
    this.components = components;
    this.variance = variance;
    this.ratio = ratio;
    this.transform = transform;
  }

  /**
   * Returns the directions, from the one of the largest variance.
   *
   * @return a copy, one unit vector per component with a number per feature
   */
  public double[][] components() {
    return Matrices.copy(components);
  }

  /**
   * Returns the variance of the training examples along each direction, over {@code n - 1}.
   *
   * @return a copy, in the square of the features' unit
   */
  public double[] explainedVariance() {
    return variance.clone();
  }

  /**
   * Returns each direction's share of the variance of all features.
   *
   * @return a copy, each from 0 to 1
   */
  public double[] explainedVarianceRatio() {
    return ratio.clone();
  }

  /**
   * Returns the projection on the directions, whitened if that was asked for. Its inverse gives the
   * nearest example that the kept directions can tell.
   *
   * @return the transform, to be saved beside a model
   */
  public FeatureTransform transform() {
    return transform;
  }

  @Override
  public String toString() {
    return "ComponentAnalysis[%d components of %d features]"
        .formatted(components.length, components[0].length);
  }
}
