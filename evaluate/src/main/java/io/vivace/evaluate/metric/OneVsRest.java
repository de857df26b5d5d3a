package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** The two-class problems in a many-class one. */
final class OneVsRest {
  private OneVsRest() {}

  /** One class against the others, by the score of the class. */
  static Steps steps(Scores batch, int k) {
    boolean[] truth = new boolean[batch.size()];
    for (int row = 0; row < truth.length; row++) {
      truth[row] = batch.truth[row] == k;
    }
    return Steps.of(truth, column(batch, k), batch.weights);
  }

  private static double[] column(Scores batch, int k) {
    if (batch.columns == 1) {
      return batch.scores;
    }
    double[] column = new double[batch.size()];
    for (int row = 0; row < column.length; row++) {
      column[row] = batch.scores[row * batch.columns + k];
    }
    return column;
  }

  /** Every score of every class as a row of its own. */
  static Steps flattened(Scores batch) {
    boolean[] truth = new boolean[batch.scores.length];
    for (int row = 0; row < batch.size(); row++) {
      truth[row * batch.columns + batch.truth[row]] = true;
    }
    return Steps.of(truth, batch.scores, repeated(batch.weights, batch.columns));
  }

  static double @Nullable [] repeated(double @Nullable [] weights, int times) {
    if (weights == null) {
      return null;
    }
    double[] repeated = new double[weights.length * times];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = weights[i / times];
    }
    return repeated;
  }

  /** How much the rows of each true class weigh. */
  static double[] actual(Scores batch) {
    Tally tally = new Tally(batch.classes);
    for (int row = 0; row < batch.size(); row++) {
      tally.add(batch.truth[row], batch.weight(row));
    }
    return tally.values();
  }
}
