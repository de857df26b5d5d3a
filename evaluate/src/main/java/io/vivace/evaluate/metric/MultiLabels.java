package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** True and predicted sets of labels of rows that may have any number of labels. */
public final class MultiLabels extends LabelSets {
  final boolean[] prediction;

  private MultiLabels(
      boolean[] truth, boolean[] prediction, int labels, double @Nullable [] weights) {
    super(truth, labels, weights);
    this.prediction = prediction;
  }

  /**
   * Makes a batch in which every row weighs 1.
   *
   * @param truth row by row, whether each label is true; not copied
   * @param prediction row by row, whether each label is predicted; not copied
   * @param labels the number of labels, at least 1
   * @return the batch
   * @throws IllegalArgumentException if the arrays are empty, differ in length, or do not hold
   *     whole rows
   */
  public static MultiLabels of(boolean[] truth, boolean[] prediction, int labels) {
    checkRows(truth, "prediction", prediction.length, labels);
    return new MultiLabels(truth, prediction, labels, null);
  }

  /**
   * Returns the same rows with weights.
   *
   * @param weights one for each row, finite and at least 0; not copied
   * @return a batch
   * @throws IllegalArgumentException if the length differs, or a weight is negative, NaN or
   *     infinite
   */
  @Override
  public MultiLabels weighted(double... weights) {
    return new MultiLabels(truth, prediction, labels, Rows.checkWeights(weights, size()));
  }

  /**
   * Tells whether a label is predicted.
   *
   * @param row from 0 to {@code size() - 1}
   * @param label from 0 to {@code labels() - 1}
   * @return true if it is
   */
  public boolean prediction(int row, int label) {
    return prediction[row * labels + label];
  }

  @Override
  public MultiLabels select(int... rows) {
    Rows.checkSize(rows.length);
    return new MultiLabels(
        Rows.pickRows(truth, labels, rows),
        Rows.pickRows(prediction, labels, rows),
        labels,
        Rows.pickWeights(weights, rows));
  }
}
