package io.vivace.evaluate.metric;

/** How well the scores of one row put its true labels above the others. */
final class LabelRanking {
  private LabelRanking() {}

  /**
   * The mean over true labels of the share of true ones among the labels that score as high. 1
   * where all labels are true, or none.
   */
  static double averagePrecision(MultiLabelScores batch, int row) {
    int relevant = relevant(batch, row);
    if (relevant == 0 || relevant == batch.labels) {
      return 1;
    }
    double sum = 0;
    for (int label = 0; label < batch.labels; label++) {
      if (batch.truth(row, label)) {
        int reached = 0;
        int right = 0;
        for (int other = 0; other < batch.labels; other++) {
          if (batch.score(row, other) >= batch.score(row, label)) {
            reached++;
            right += batch.truth(row, other) ? 1 : 0;
          }
        }
        sum += (double) right / reached;
      }
    }
    return sum / relevant;
  }

  /** How many labels must be taken, best first, to have all true ones; 0 where none is true. */
  static double coverage(MultiLabelScores batch, int row) {
    double least = Double.POSITIVE_INFINITY;
    for (int label = 0; label < batch.labels; label++) {
      if (batch.truth(row, label)) {
        least = Math.min(least, batch.score(row, label));
      }
    }
    int reached = 0;
    for (int label = 0; label < batch.labels; label++) {
      reached += batch.score(row, label) >= least ? 1 : 0;
    }
    return reached;
  }

  /**
   * The share of pairs of a true and another label in which the true one is not above. 0 where all
   * labels are true, or none.
   */
  static double loss(MultiLabelScores batch, int row) {
    int relevant = relevant(batch, row);
    long wrong = 0;
    for (int label = 0; label < batch.labels; label++) {
      for (int other = 0; batch.truth(row, label) && other < batch.labels; other++) {
        boolean isAbove = batch.score(row, label) > batch.score(row, other);
        wrong += !batch.truth(row, other) && !isAbove ? 1 : 0;
      }
    }
    return wrong == 0 ? 0 : (double) wrong / ((long) relevant * (batch.labels - relevant));
  }

  private static int relevant(MultiLabelScores batch, int row) {
    int relevant = 0;
    for (int label = 0; label < batch.labels; label++) {
      relevant += batch.truth(row, label) ? 1 : 0;
    }
    return relevant;
  }
}
