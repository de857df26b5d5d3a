package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** True and predicted classes of rows that have one class each. */
public final class Labels implements Batch {
  final int[] truth;
  final int[] prediction;
  final int classes;
  final double @Nullable [] weights;

  private Labels(int[] truth, int[] prediction, int classes, double @Nullable [] weights) {
    this.truth = truth;
    this.prediction = prediction;
    this.classes = classes;
    this.weights = weights;
  }

  /**
   * Makes a batch in which every row weighs 1.
   *
   * @param truth the true class of each row, from 0 to {@code classes - 1}; not copied
   * @param prediction the predicted class of each row, likewise
   * @param classes how many classes the model knows, at least 1; in the binary case 2, and class 1
   *     is the positive one
   * @return the batch
   * @throws IllegalArgumentException if the arrays are empty or differ in length, or hold a class
   *     that there is not
   */
  public static Labels of(int[] truth, int[] prediction, int classes) {
    Rows.checkClasses(classes);
    Rows.checkLength("prediction", prediction.length, truth.length, "truth");
    Rows.checkSize(truth.length);
    Rows.checkLabels("truth", truth, classes);
    Rows.checkLabels("prediction", prediction, classes);
    return new Labels(truth, prediction, classes, null);
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
  public Labels weighted(double... weights) {
    return new Labels(truth, prediction, classes, Rows.checkWeights(weights, size()));
  }

  @Override
  public int size() {
    return truth.length;
  }

  /**
   * Returns the number of classes.
   *
   * @return at least 1
   */
  public int classes() {
    return classes;
  }

  /**
   * Returns the true class of a row.
   *
   * @param row from 0 to {@code size() - 1}
   * @return from 0 to {@code classes() - 1}
   */
  public int truth(int row) {
    return truth[row];
  }

  /**
   * Returns the predicted class of a row.
   *
   * @param row from 0 to {@code size() - 1}
   * @return from 0 to {@code classes() - 1}
   */
  public int prediction(int row) {
    return prediction[row];
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public Labels select(int... rows) {
    Rows.checkSize(rows.length);
    return new Labels(
        Rows.pickLabels(truth, rows),
        Rows.pickLabels(prediction, rows),
        classes,
        Rows.pickWeights(weights, rows));
  }
}
