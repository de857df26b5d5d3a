package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/**
 * Vectors of a reference model and of the model under test, for the same items. The two models may
 * differ in dimension, where the metric allows it.
 */
public final class Embeddings implements Batch {
  final float[][] reference;
  final float[][] candidate;
  final double @Nullable [] weights;

  private Embeddings(float[][] reference, float[][] candidate, double @Nullable [] weights) {
    this.reference = reference;
    this.candidate = candidate;
    this.weights = weights;
  }

  /**
   * Makes a batch in which every item weighs 1.
   *
   * @param reference the reference model's vectors, all of one length, finite; not copied
   * @param candidate the tested model's vectors, all of one length, finite; not copied
   * @return the batch
   * @throws IllegalArgumentException if there are none, the numbers of vectors differ, a vector is
   *     empty or of another length than the first, or an element is NaN or infinite
   */
  public static Embeddings of(float[][] reference, float[][] candidate) {
    Rows.checkLength("candidate", candidate.length, reference.length, "reference");
    Rows.checkSize(reference.length);
    check("reference", reference);
    check("candidate", candidate);
    return new Embeddings(reference, candidate, null);
  }

  private static void check(String name, float[][] vectors) {
    Rows.check(vectors[0].length > 0, "vector 0 of %s is empty", name);
    for (int i = 0; i < vectors.length; i++) {
      if (vectors[i].length != vectors[0].length) {
        throw new IllegalArgumentException(
            "vectors of %s must have %d elements as the first, but vector %,d has %d"
                .formatted(name, vectors[0].length, i, vectors[i].length));
      }
      for (float element : vectors[i]) {
        if (!Float.isFinite(element)) {
          throw new IllegalArgumentException(
              "vectors of %s must be finite, but vector %,d holds %s".formatted(name, i, element));
        }
      }
    }
  }

  @Override
  public Embeddings weighted(double... weights) {
    return new Embeddings(reference, candidate, Rows.checkWeights(weights, size()));
  }

  @Override
  public int size() {
    return reference.length;
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public Embeddings select(int... rows) {
    Rows.checkSize(rows.length);
    float[][] chosenReference = new float[rows.length][];
    float[][] chosenCandidate = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      chosenReference[i] = reference[rows[i]];
      chosenCandidate[i] = candidate[rows[i]];
    }
    return new Embeddings(chosenReference, chosenCandidate, Rows.pickWeights(weights, rows));
  }

  /** The cosine of two vectors; 0 where one has no length. */
  static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    double scale = Math.sqrt(squaresA) * Math.sqrt(squaresB);
    return scale == 0 ? 0 : Math.max(-1, Math.min(1, product / scale));
  }
}
