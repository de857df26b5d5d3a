package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Keeps points and clusters. */
final class Silhouettes implements Accumulator<Clusters, Silhouettes> {
  private final Numbers points = new Numbers();
  private final Numbers clusters = new Numbers();
  private int dimensions;

  @Override
  public void update(Clusters batch) {
    checkDimensions(batch.dimensions);
    dimensions = batch.dimensions;
    points.addAll(batch.points, batch.points.length);
    for (int cluster : batch.cluster) {
      clusters.add(cluster);
    }
  }

  private void checkDimensions(int found) {
    Rows.check(
        dimensions == 0 || dimensions == found,
        "points must have %d dimensions as those before, but had %d",
        dimensions,
        found);
  }

  @Override
  public void merge(Silhouettes other) {
    if (other.dimensions > 0) {
      checkDimensions(other.dimensions);
      dimensions = other.dimensions;
      points.addAll(other.points);
      clusters.addAll(other.clusters);
    }
  }

  /** The mean silhouette; NaN unless there are from 2 to n - 1 clusters. */
  double mean() {
    int n = clusters.size();
    int[] dense = new int[n];
    Map<Double, Integer> numbers = new HashMap<>();
    for (int i = 0; i < n; i++) {
      dense[i] = numbers.computeIfAbsent(clusters.get(i), key -> numbers.size());
    }
    int k = numbers.size();
    if (k < 2 || k >= n) {
      return Double.NaN;
    }
    int[] sizes = new int[k];
    for (int cluster : dense) {
      sizes[cluster]++;
    }
    double[] coordinates = points.toArray();
    ExactSum sum = new ExactSum();
    double[] distances = new double[k];
    for (int i = 0; i < n; i++) {
      Arrays.fill(distances, 0);
      for (int j = 0; j < n; j++) {
        distances[dense[j]] += distance(coordinates, i, j);
      }
      sum.add(silhouette(distances, sizes, dense[i]));
    }
    return sum.value() / n;
  }

  private static double silhouette(double[] distances, int[] sizes, int own) {
    if (sizes[own] == 1) {
      return 0;
    }
    double within = distances[own] / (sizes[own] - 1);
    double nearest = Double.POSITIVE_INFINITY;
    for (int other = 0; other < sizes.length; other++) {
      if (other != own) {
        nearest = Math.min(nearest, distances[other] / sizes[other]);
      }
    }
    double scale = Math.max(within, nearest);
    return scale == 0 ? 0 : (nearest - within) / scale;
  }

  private double distance(double[] coordinates, int i, int j) {
    double squares = 0;
    for (int d = 0; d < dimensions; d++) {
      double difference = coordinates[i * dimensions + d] - coordinates[j * dimensions + d];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }

  @Override
  public void reset() {
    dimensions = 0;
    points.clear();
    clusters.clear();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(dimensions);
    points.write(out);
    clusters.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    dimensions = in.readInt();
    points.read(in);
    clusters.read(in);
    Rows.check(
        dimensions >= 0 && points.size() == (long) clusters.size() * dimensions,
        "a stored state has %d coordinates of %d points in %d dimensions",
        points.size(),
        clusters.size(),
        dimensions);
  }
}
