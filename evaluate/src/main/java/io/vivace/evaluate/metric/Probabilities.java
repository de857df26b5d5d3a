package io.vivace.evaluate.metric;

/** The checks of scores that must be probabilities. */
final class Probabilities {
  /** How far rows may be from 1: softmax in single precision and rounded files stay within. */
  private static final double TOLERANCE = 1e-3;

  private Probabilities() {}

  static void check(Scores batch) {
    if (!isSound(batch)) {
      refuseRange(batch);
      if (!batch.isBinary()) {
        checkSums(batch, TOLERANCE);
      }
    }
  }

  /** One pass without exits, as nearly all batches are sound. */
  private static boolean isSound(Scores batch) {
    double[] scores = batch.scores;
    int columns = batch.columns;
    boolean isAnySum = batch.isBinary();
    boolean sound = true;
    for (int row = 0, i = 0; row < batch.truth.length; row++) {
      double sum = 0;
      double least = 0;
      double most = 0;
      for (int end = i + columns; i < end; i++) {
        sum += scores[i];
        least = Math.min(least, scores[i]);
        most = Math.max(most, scores[i]);
      }
      sound &= least >= 0 && most <= 1 && (isAnySum || Math.abs(sum - 1) <= TOLERANCE);
    }
    return sound;
  }

  private static void refuseRange(Scores batch) {
    double[] scores = batch.scores;
    for (int i = 0; i < scores.length; i++) {
      if (!(scores[i] >= 0 && scores[i] <= 1)) {
        throw new IllegalArgumentException(
            "probabilities must be in [0, 1], but row %,d has %s"
                .formatted(i / batch.columns, scores[i]));
      }
    }
  }

  /** Refuses rows that do not add up to 1. */
  static void checkSums(Scores batch, double tolerance) {
    double[] scores = batch.scores;
    int columns = batch.columns;
    for (int row = 0, i = 0; row < batch.truth.length; row++) {
      double sum = 0;
      for (int end = i + columns; i < end; i++) {
        sum += scores[i];
      }
      if (Math.abs(sum - 1) > tolerance) {
        throw new IllegalArgumentException(
            "the probabilities of a row must add up to 1, but those of row %,d give %s; turn scores"
                    .formatted(row, sum)
                + " into probabilities first, as softmax does");
      }
    }
  }
}
