package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Keeps the vectors of both models. The order of the items does not change the result. */
final class PairSimilarities implements Accumulator<Embeddings, PairSimilarities> {
  private static final int MOST = 40_000; // pairs must fit an array

  private final Vectors reference = new Vectors();
  private final Vectors candidate = new Vectors();

  @Override
  public void update(Embeddings batch) {
    Rows.check(batch.weights == null, "pair similarity cannot weigh items");
    reference.checkLength("reference", batch.reference[0].length);
    candidate.checkLength("candidate", batch.candidate[0].length);
    checkCount(batch.size());
    reference.rows.addAll(Arrays.asList(batch.reference));
    candidate.rows.addAll(Arrays.asList(batch.candidate));
  }

  private void checkCount(int more) {
    long count = (long) reference.rows.size() + more;
    Rows.check(
        count <= MOST, "pair similarity takes at most %,d items, but there are %,d", MOST, count);
  }

  @Override
  public void merge(PairSimilarities other) {
    if (!other.reference.rows.isEmpty()) {
      reference.checkLength("reference", other.reference.rows.get(0).length);
      candidate.checkLength("candidate", other.candidate.rows.get(0).length);
      checkCount(other.reference.rows.size());
      reference.rows.addAll(other.reference.rows);
      candidate.rows.addAll(other.candidate.rows);
    }
  }

  double spearman() {
    int n = reference.rows.size();
    if (n < 3) {
      return Double.NaN;
    }
    double[] ones = new double[n * (n - 1) / 2];
    Arrays.fill(ones, 1);
    return Correlation.spearman(cosines(reference), cosines(candidate), ones);
  }

  private static double[] cosines(Vectors vectors) {
    int n = vectors.rows.size();
    double[] cosines = new double[n * (n - 1) / 2];
    int size = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        cosines[size++] = Embeddings.cosine(vectors.rows.get(i), vectors.rows.get(j));
      }
    }
    return cosines;
  }

  @Override
  public void reset() {
    reference.rows.clear();
    candidate.rows.clear();
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    reference.write(out);
    candidate.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    reference.read(in);
    candidate.read(in);
    Rows.check(
        reference.rows.size() == candidate.rows.size(),
        "a stored state has %d and %d vectors",
        reference.rows.size(),
        candidate.rows.size());
  }
}
