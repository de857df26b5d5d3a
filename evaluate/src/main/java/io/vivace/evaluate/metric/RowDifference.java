package io.vivace.evaluate.metric;

/** How the true and predicted labels of one row differ. */
final class RowDifference {
  private RowDifference() {}

  private static int count(MultiLabels batch, int row) {
    int different = 0;
    for (int label = 0; label < batch.labels; label++) {
      different += batch.truth(row, label) == batch.prediction(row, label) ? 0 : 1;
    }
    return different;
  }

  static double share(MultiLabels batch, int row) {
    return (double) count(batch, row) / batch.labels;
  }

  static double isNone(MultiLabels batch, int row) {
    return count(batch, row) == 0 ? 1 : 0;
  }
}
