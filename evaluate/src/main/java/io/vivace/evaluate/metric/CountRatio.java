package io.vivace.evaluate.metric;

/**
 * A figure of one class of the form {@code a hits / (b predicted + c actual - d hits)}.
 *
 * @param name the name
 * @param numerator a
 * @param predicted b
 * @param actual c
 * @param overlap d
 */
record CountRatio(String name, double numerator, double predicted, double actual, double overlap) {
  static final CountRatio PRECISION = new CountRatio("precision", 1, 1, 0, 0);
  static final CountRatio RECALL = new CountRatio("recall", 1, 0, 1, 0);
  static final CountRatio JACCARD = new CountRatio("jaccard", 1, 1, 1, 1);

  static CountRatio fBeta(double beta) {
    Rows.check(beta >= 0, "beta must be at least 0, but was %s", beta);
    String name = beta == 1 ? "f1" : "f-beta(%s)".formatted(beta);
    if (beta == Double.POSITIVE_INFINITY) {
      return new CountRatio(name, 1, 0, 1, 0);
    }
    double square = beta * beta;
    return new CountRatio(name, 1 + square, 1, square, 0);
  }

  double of(double hits, double predictions, double truths, UndefinedValue undefined) {
    double denominator = predicted * predictions + actual * truths - overlap * hits;
    if (denominator == 0) {
      return undefined.value(
          () -> name + " is undefined: the class was neither true nor predicted where it counts");
    }
    return numerator * hits / denominator;
  }
}
