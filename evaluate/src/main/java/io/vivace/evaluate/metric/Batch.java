package io.vivace.evaluate.metric;

import org.jspecify.annotations.Nullable;

/**
 * Rows that a metric sees at once: arrays of truths and predictions, with a weight for each row or
 * none. Immutable, checked when it is made, never empty. The arrays are not copied, so they must
 * not be changed afterwards.
 */
public interface Batch {
  /**
   * Returns the number of rows.
   *
   * @return at least 1
   */
  int size();

  /**
   * Returns the weights of the rows.
   *
   * @return one finite weight of at least 0 for each row, or null where every row weighs 1
   */
  double @Nullable [] weights();

  /**
   * Returns the weight of a row.
   *
   * @param row from 0 to {@code size() - 1}
   * @return 1 where there are no weights
   */
  default double weight(int row) {
    double[] weights = weights();
    return weights == null ? 1 : weights[row];
  }

  /**
   * Returns the same rows with other weights.
   *
   * @param weights one for each row, finite and at least 0; not copied
   * @return a batch of the same type
   * @throws IllegalArgumentException if the length differs, a weight is negative, NaN or infinite,
   *     or rows of this type cannot be weighted
   */
  Batch weighted(double... weights);

  /**
   * Takes rows in a given order, some of them several times if asked to, as a fold or a bootstrap
   * sample does.
   *
   * @param rows at least one, each from 0 to {@code size() - 1}
   * @return a batch of the same type
   * @throws IllegalArgumentException if there are no rows
   * @throws IndexOutOfBoundsException if there is no such row
   */
  Batch select(int... rows);
}
