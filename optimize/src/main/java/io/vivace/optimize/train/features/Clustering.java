package io.vivace.optimize.train.features;

import io.vivace.core.Predictor;
import io.vivace.core.data.FeatureTransform;

/** Clusters that were found. Immutable and thread-safe. */
public final class Clustering {
  private final double[][] centres;
  private final int[] labels;
  private final double inertia;
  private final int rounds;
  private final FeatureTransform transform;

  Clustering(double[][] centres, int[] labels, double inertia, int rounds) {
    this.centres = centres;
    this.labels = labels;
    this.inertia = inertia;
    this.rounds = rounds;
    this.transform = FeatureTransform.distances(centres);
  }

  /**
   * Returns the centres.
   *
   * @return a copy, one per cluster with a number per feature
   */
  public double[][] centres() {
    return Matrices.copy(centres);
  }

  /**
   * Returns the cluster of each training example.
   *
   * @return a copy, numbers from 0
   */
  public int[] labels() {
    return labels.clone();
  }

  /**
   * Returns how far the training examples are from their centres.
   *
   * @return the sum of the squared distances
   */
  public double inertia() {
    return inertia;
  }

  /**
   * Returns how many rounds the best start took.
   *
   * @return from 1
   */
  public int rounds() {
    return rounds;
  }

  /**
   * Returns the Euclidean distance to each centre.
   *
   * @return the transform, to be saved beside a model
   */
  public FeatureTransform transform() {
    return transform;
  }

  /**
   * Returns the clusters as a predictor, which answers with the number of the nearest centre.
   *
   * @return the predictor
   */
  public Predictor<double[], Integer> predictor() {
    return nearest(transform);
  }

  /**
   * Makes a predictor of distances, as of a {@linkplain FeatureTransform#load loaded} {@link
   * #transform()}, alone or after a scaling.
   *
   * @param distances gives the distance to each centre
   * @return a predictor that answers with the number of the smallest, the first of equal ones. It
   *     refuses an example of another length or with a value that is not finite
   */
  public static Predictor<double[], Integer> nearest(FeatureTransform distances) {
    return Predictor.of(new NearestCentre(distances));
  }

  @Override
  public String toString() {
    return "Clustering[%d clusters of %d examples, inertia=%s]"
        .formatted(centres.length, labels.length, inertia);
  }
}
