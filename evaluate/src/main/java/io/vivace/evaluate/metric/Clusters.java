package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** Points and the clusters they were put into. Points cannot be weighted. */
public final class Clusters implements Batch {
  final double[] points;
  final int dimensions;
  final int[] cluster;

  private Clusters(double[] points, int dimensions, int[] cluster) {
    this.points = points;
    this.dimensions = dimensions;
    this.cluster = cluster;
  }

  /**
   * Makes a batch.
   *
   * @param points the coordinates, point by point, finite; not copied
   * @param dimensions how many coordinates a point has, at least 1
   * @param cluster the cluster of each point, any number; not copied
   * @return the batch
   * @throws IllegalArgumentException if there are no points, the lengths do not fit, or a
   *     coordinate is NaN or infinite
   */
  public static Clusters of(double[] points, int dimensions, int[] cluster) {
    Rows.check(dimensions >= 1, "dimensions must be at least 1, but was %d", dimensions);
    Rows.checkMatrix("points", points.length, cluster.length, dimensions);
    Rows.checkSize(cluster.length);
    Rows.checkFinite("points", points);
    return new Clusters(points, dimensions, cluster);
  }

  /**
   * Refuses weights.
   *
   * @throws IllegalArgumentException always
   */
  @Override
  public Clusters weighted(double... weights) {
    throw new IllegalArgumentException("points of clusters cannot be weighted");
  }

  @Override
  public int size() {
    return cluster.length;
  }

  @Override
  public double @Nullable [] weights() {
    return null;
  }

  @Override
  public Clusters select(int... rows) {
    Rows.checkSize(rows.length);
    return new Clusters(
        Rows.pickRows(points, dimensions, rows), dimensions, Rows.pickLabels(cluster, rows));
  }
}
