package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/** True and predicted numbers, one or several for each row. */
public final class Values implements Batch {
  final double[] truth;
  final double[] prediction;
  final int outputs;
  final double @Nullable [] weights;

  private Values(double[] truth, double[] prediction, int outputs, double @Nullable [] weights) {
    this.truth = truth;
    this.prediction = prediction;
    this.outputs = outputs;
    this.weights = weights;
  }

  /**
   * Makes a batch of one number for each row, in which every row weighs 1.
   *
   * @param truth the true numbers, finite; not copied
   * @param prediction the predicted numbers, finite; not copied
   * @return the batch
   * @throws IllegalArgumentException if the arrays are empty or differ in length, or a number is
   *     NaN or infinite
   */
  public static Values of(double[] truth, double[] prediction) {
    return of(truth, prediction, 1);
  }

  /**
   * Makes a batch of several numbers for each row, in which every row weighs 1.
   *
   * @param truth the true numbers, row by row, finite; not copied
   * @param prediction the predicted numbers, row by row, finite; not copied
   * @param outputs how many numbers a row has, at least 1
   * @return the batch
   * @throws IllegalArgumentException if the arrays are empty, differ in length or do not hold whole
   *     rows, or a number is NaN or infinite
   */
  public static Values of(double[] truth, double[] prediction, int outputs) {
    Rows.check(outputs >= 1, "outputs must be at least 1, but was %d", outputs);
    Rows.checkLength("prediction", prediction.length, truth.length, "truth");
    Rows.checkSize(truth.length);
    Rows.check(
        truth.length % outputs == 0,
        "truth must hold whole rows of %d outputs, but had %,d elements",
        outputs,
        truth.length);
    Rows.checkFinite("truth", truth);
    Rows.checkFinite("prediction", prediction);
    return new Values(truth, prediction, outputs, null);
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
  public Values weighted(double... weights) {
    return new Values(truth, prediction, outputs, Rows.checkWeights(weights, size()));
  }

  @Override
  public int size() {
    return truth.length / outputs;
  }

  /**
   * Returns how many numbers a row has.
   *
   * @return at least 1
   */
  public int outputs() {
    return outputs;
  }

  /**
   * Returns a true number.
   *
   * @param row from 0 to {@code size() - 1}
   * @param output from 0 to {@code outputs() - 1}
   * @return a finite number
   */
  public double truth(int row, int output) {
    return truth[row * outputs + output];
  }

  /**
   * Returns a predicted number.
   *
   * @param row from 0 to {@code size() - 1}
   * @param output from 0 to {@code outputs() - 1}
   * @return a finite number
   */
  public double prediction(int row, int output) {
    return prediction[row * outputs + output];
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public Values select(int... rows) {
    Rows.checkSize(rows.length);
    return new Values(
        Rows.pickRows(truth, outputs, rows),
        Rows.pickRows(prediction, outputs, rows),
        outputs,
        Rows.pickWeights(weights, rows));
  }
}
