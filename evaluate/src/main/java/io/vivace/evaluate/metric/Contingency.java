package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Counts how many rows are in each pair of true class and cluster. */
final class Contingency implements Accumulator<Labels, Contingency> {
  private final TreeMap<Long, Long> counts = new TreeMap<>();

  @Override
  public void update(Labels batch) {
    for (int row = 0; row < batch.size(); row++) {
      double weight = batch.weight(row);
      Rows.check(
          weight == Math.rint(weight) && weight < 1L << 31,
          "comparisons of clusterings take whole weights only, but row %,d has %s",
          row,
          weight);
    }
    for (int row = 0; row < batch.size(); row++) {
      add(((long) batch.truth[row] << 32) | batch.prediction[row], (long) batch.weight(row));
    }
  }

  private void add(long cell, long rows) {
    if (rows > 0) {
      counts.merge(cell, rows, Long::sum);
    }
  }

  @Override
  public void merge(Contingency other) {
    other.counts.forEach(this::add);
  }

  private TreeMap<Integer, Long> margin(int shift) {
    TreeMap<Integer, Long> margin = new TreeMap<>();
    counts.forEach((cell, rows) -> margin.merge((int) (cell >> shift), rows, Long::sum));
    return margin;
  }

  private double total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double squares(Iterable<Long> values) {
    double sum = 0;
    for (long value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** Adjusted for chance, over pairs of rows; NaN of nothing. */
  double adjustedRand() {
    if (counts.isEmpty()) {
      return Double.NaN;
    }
    double n = total();
    double both = squares(counts.values());
    double inTruth = squares(margin(32).values());
    double inClusters = squares(margin(0).values());
    double together = both - n;
    double truthOnly = inTruth - both;
    double clustersOnly = inClusters - both;
    if (truthOnly == 0 && clustersOnly == 0) {
      return 1;
    }
    double apart = n * n - inTruth - inClusters + both;
    return 2
        * (together * apart - truthOnly * clustersOnly)
        / ((together + truthOnly) * (truthOnly + apart)
            + (together + clustersOnly) * (clustersOnly + apart));
  }

  /** The mutual information, in nats. */
  private double information() {
    Map<Integer, Long> truth = margin(32);
    Map<Integer, Long> clusters = margin(0);
    double n = total();
    double sum = 0;
    for (Map.Entry<Long, Long> entry : counts.entrySet()) {
      double rows = entry.getValue();
      double a = truth.getOrDefault((int) (entry.getKey() >> 32), 1L);
      double b = clusters.getOrDefault((int) (long) entry.getKey(), 1L);
      sum += rows / n * Math.log(rows * n / (a * b));
    }
    return truth.size() == 1 || clusters.size() == 1 ? 0 : Math.max(0, sum);
  }

  private double entropy(int shift) {
    double n = total();
    double sum = 0;
    for (long rows : margin(shift).values()) {
      sum -= rows / n * Math.log(rows / n);
    }
    return Math.max(0, sum);
  }

  /** Mutual information over a mean of the entropies. */
  double normalizedInformation(NormalizedInformation.Mean mean) {
    if (counts.isEmpty()) {
      return Double.NaN;
    }
    if (margin(32).size() == 1 && margin(0).size() == 1) {
      return 1;
    }
    double information = information();
    return information < 1e-15 ? 0 : information / mean.of(entropy(32), entropy(0));
  }

  double homogeneity() {
    return share(entropy(32));
  }

  double completeness() {
    return share(entropy(0));
  }

  private double share(double entropy) {
    return counts.isEmpty() ? Double.NaN : entropy == 0 ? 1 : information() / entropy;
  }

  @Override
  public void reset() {
    counts.clear();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(counts.size());
    for (Map.Entry<Long, Long> entry : counts.entrySet()) {
      out.writeLong(entry.getKey());
      out.writeLong(entry.getValue());
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    reset();
    int size = in.readInt();
    if (size > in.available() / (2 * Long.BYTES)) {
      throw new EOFException();
    }
    for (int i = 0; i < size; i++) {
      long cell = in.readLong();
      long rows = in.readLong();
      Rows.check(rows > 0, "a stored cell has %d rows", rows);
      add(cell, rows);
    }
  }
}
