package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/**
 * True classes, and the scores that a model gave to the classes. A score is any finite number that
 * grows with the model's belief; the metrics that need probabilities check for them.
 */
public final class Scores implements Batch {
  final int[] truth;

  /** Row by row: one score for each class, or the score of class 1 alone. */
  final double[] scores;

  final int classes;
  final int columns;

  /** The scores were made in single precision. */
  final boolean single;

  final double @Nullable [] weights;

  Scores(
      int[] truth,
      double[] scores,
      int classes,
      int columns,
      boolean single,
      double @Nullable [] weights) {
    this.truth = truth;
    this.scores = scores;
    this.classes = classes;
    this.columns = columns;
    this.single = single;
    this.weights = weights;
  }

  static Scores checked(int[] truth, double[] scores, int classes, int columns, boolean single) {
    Rows.checkMatrix("scores", scores.length, truth.length, columns);
    Rows.checkSize(truth.length);
    Rows.checkLabels("truth", truth, classes);
    Rows.checkFinite("scores", scores);
    return new Scores(truth, scores, classes, columns, single, null);
  }

  /**
   * Makes a batch of two classes with the score of the positive class, which is class 1.
   *
   * @param truth 0 or 1 for each row; not copied
   * @param scores one finite score for each row; not copied
   * @return the batch, in which every row weighs 1
   * @throws IllegalArgumentException if the arrays are empty or differ in length, a truth is
   *     neither 0 nor 1, or a score is NaN or infinite
   */
  public static Scores binary(int[] truth, double[] scores) {
    return checked(truth, scores, 2, 1, false);
  }

  /**
   * Makes a batch of two classes from scores in single precision, which log-loss clips earlier.
   *
   * @param truth 0 or 1 for each row; not copied
   * @param scores one finite score for each row; copied
   * @return the batch, in which every row weighs 1
   * @throws IllegalArgumentException as with double precision
   */
  public static Scores binary(int[] truth, float[] scores) {
    return checked(truth, widened(scores), 2, 1, true);
  }

  /**
   * Makes a batch with a score for each class.
   *
   * @param truth the true class of each row, from 0 to {@code classes - 1}; not copied
   * @param scores finite, row by row, {@code classes} for each row; not copied
   * @param classes the number of classes, at least 1
   * @return the batch, in which every row weighs 1
   * @throws IllegalArgumentException if there are no rows, {@code scores} does not hold {@code
   *     truth.length * classes} elements, a truth is no class, or a score is NaN or infinite
   */
  public static Scores of(int[] truth, double[] scores, int classes) {
    Rows.checkClasses(classes);
    return checked(truth, scores, classes, classes, false);
  }

  /**
   * Makes a batch with a score for each class, in single precision.
   *
   * @param truth the true class of each row, from 0 to {@code classes - 1}; not copied
   * @param scores finite, row by row, {@code classes} for each row; copied
   * @param classes the number of classes, at least 1
   * @return the batch, in which every row weighs 1
   * @throws IllegalArgumentException as with double precision
   */
  public static Scores of(int[] truth, float[] scores, int classes) {
    Rows.checkClasses(classes);
    return checked(truth, widened(scores), classes, classes, true);
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
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
  public Scores weighted(double... weights) {
    return new Scores(truth, scores, classes, columns, single, Rows.checkWeights(weights, size()));
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
   * Tells whether each row has the score of class 1 alone.
   *
   * @return true if it was made by {@code binary}
   */
  public boolean isBinary() {
    return columns == 1 && classes == 2;
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
   * Returns a score.
   *
   * @param row from 0 to {@code size() - 1}
   * @param classIndex from 0 to {@code classes() - 1}; in the binary form 1 only
   * @return a finite number
   * @throws IllegalArgumentException if the binary form is asked for class 0
   */
  public double score(int row, int classIndex) {
    if (isBinary()) {
      Rows.check(classIndex == 1, "the binary form holds scores of class 1, not %d", classIndex);
      return scores[row];
    }
    return scores[row * columns + classIndex];
  }

  /**
   * Returns the score of the positive class.
   *
   * @param row from 0 to {@code size() - 1}
   * @return the score of class 1
   * @throws IllegalArgumentException if there are not two classes
   */
  public double positive(int row) {
    Rows.check(classes == 2, "a positive class needs 2 classes, but there are %d", classes);
    return scores[row * columns + columns - 1];
  }

  /**
   * Takes the class with the highest score, of equal ones the lowest.
   *
   * @return true and predicted classes, with the same weights
   * @throws IllegalArgumentException for the binary form, which needs a threshold
   */
  public Labels toLabels() {
    Rows.check(
        !isBinary(), "the binary form holds one score for each row; use toLabels(threshold)");
    int[] prediction = new int[size()];
    for (int row = 0; row < prediction.length; row++) {
      prediction[row] = highest(row * columns);
    }
    return labels(prediction);
  }

  /**
   * Takes class 1 where its score reaches a threshold.
   *
   * @param threshold the least score of class 1
   * @return true and predicted classes, with the same weights
   * @throws IllegalArgumentException if there are not two classes
   */
  public Labels toLabels(double threshold) {
    int[] prediction = new int[size()];
    for (int row = 0; row < prediction.length; row++) {
      prediction[row] = positive(row) >= threshold ? 1 : 0;
    }
    return labels(prediction);
  }

  private Labels labels(int[] prediction) {
    Labels labels = Labels.of(truth, prediction, classes);
    return weights == null ? labels : labels.weighted(weights);
  }

  private int highest(int offset) {
    int best = 0;
    for (int k = 1; k < columns; k++) {
      if (scores[offset + k] > scores[offset + best]) {
        best = k;
      }
    }
    return best;
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public Scores select(int... rows) {
    Rows.checkSize(rows.length);
    return new Scores(
        Rows.pickLabels(truth, rows),
        Rows.pickRows(scores, columns, rows),
        classes,
        columns,
        single,
        Rows.pickWeights(weights, rows));
  }
}
