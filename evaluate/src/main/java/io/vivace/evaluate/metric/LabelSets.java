package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** Rows that may have any number of labels: which of them are true. */
public abstract class LabelSets implements Batch {
  final boolean[] truth;
  final int labels;
  final double @Nullable [] weights;

  LabelSets(boolean[] truth, int labels, double @Nullable [] weights) {
    this.truth = truth;
    this.labels = labels;
    this.weights = weights;
  }

  static void checkRows(boolean[] truth, String name, int length, int labels) {
    Rows.check(labels >= 1, "labels must be at least 1, but was %d", labels);
    Rows.checkLength(name, length, truth.length, "truth");
    Rows.checkSize(truth.length);
    Rows.check(
        truth.length % labels == 0,
        "truth must hold whole rows of %d labels, but had %,d elements",
        labels,
        truth.length);
  }

  @Override
  public final int size() {
    return truth.length / labels;
  }

  /**
   * Returns the number of labels.
   *
   * @return at least 1
   */
  public final int labels() {
    return labels;
  }

  /**
   * Tells whether a label is true.
   *
   * @param row from 0 to {@code size() - 1}
   * @param label from 0 to {@code labels() - 1}
   * @return true if it is
   */
  public final boolean truth(int row, int label) {
    return truth[row * labels + label];
  }

  @Override
  public final double @Nullable [] weights() {
    return weights;
  }
}
