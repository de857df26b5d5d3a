package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** True sets of labels, and the score that a model gave to each label. */
public final class MultiLabelScores extends LabelSets {
  final double[] scores;

  private MultiLabelScores(
      boolean[] truth, double[] scores, int labels, double @Nullable [] weights) {
    super(truth, labels, weights);
    this.scores = scores;
  }

  /**
   * Makes a batch in which every row weighs 1.
   *
   * @param truth row by row, whether each label is true; not copied
   * @param scores row by row, the finite score of each label; not copied
   * @param labels the number of labels, at least 1
   * @return the batch
   * @throws IllegalArgumentException if the arrays are empty, differ in length, or do not hold
   *     whole rows, or a score is NaN or infinite
   */
  public static MultiLabelScores of(boolean[] truth, double[] scores, int labels) {
    checkRows(truth, "scores", scores.length, labels);
    Rows.checkFinite("scores", scores);
    return new MultiLabelScores(truth, scores, labels, null);
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
  public MultiLabelScores weighted(double... weights) {
    return new MultiLabelScores(truth, scores, labels, Rows.checkWeights(weights, size()));
  }

  /**
   * Predicts the labels whose score reaches a threshold.
   *
   * @param threshold the least score of a predicted label
   * @return true and predicted labels, with the same weights
   */
  public MultiLabels toLabels(double threshold) {
    boolean[] prediction = new boolean[scores.length];
    for (int i = 0; i < prediction.length; i++) {
      prediction[i] = scores[i] >= threshold;
    }
    MultiLabels predicted = MultiLabels.of(truth, prediction, labels);
    return weights == null ? predicted : predicted.weighted(weights);
  }

  /**
   * Returns the score of a label.
   *
   * @param row from 0 to {@code size() - 1}
   * @param label from 0 to {@code labels() - 1}
   * @return a finite number
   */
  public double score(int row, int label) {
    return scores[row * labels + label];
  }

  /**
   * Takes one label as a problem of two classes, for any metric of {@link Scores}.
   *
   * @param label from 0 to {@code labels() - 1}
   * @return true (1) or not (0), and the score, with the same weights
   */
  public Scores ofLabel(int label) {
    int[] isTrue = new int[size()];
    double[] score = new double[size()];
    for (int row = 0; row < isTrue.length; row++) {
      isTrue[row] = truth(row, label) ? 1 : 0;
      score[row] = score(row, label);
    }
    Scores binary = Scores.binary(isTrue, score);
    return weights == null ? binary : binary.weighted(weights);
  }

  @Override
  public MultiLabelScores select(int... rows) {
    Rows.checkSize(rows.length);
    return new MultiLabelScores(
        Rows.pickRows(truth, labels, rows),
        Rows.pickRows(scores, labels, rows),
        labels,
        Rows.pickWeights(weights, rows));
  }
}
