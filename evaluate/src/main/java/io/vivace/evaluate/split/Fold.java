package io.vivace.evaluate.split;

import io.vivace.core.data.Dataset;
import java.util.Objects;

/** Which members are learnt from and which are judged with. Immutable; indices count from 0. */
public final class Fold {
  private final int[] training;
  private final int[] test;

  /**
   * Makes a fold; {@link Splitter#split(Members)} of a splitter of one's own returns such.
   *
   * @param training the indices to learn from
   * @param test the indices to judge with
   */
  public Fold(int[] training, int[] test) {
    this.training = training.clone();
    this.test = test.clone();
  }

  /**
   * Returns what to learn from.
   *
   * @return a copy of the indices
   */
  public int[] training() {
    return training.clone();
  }

  /**
   * Returns what to judge with.
   *
   * @return a copy of the indices
   */
  public int[] test() {
    return test.clone();
  }

  /**
   * Returns how many there are to learn from.
   *
   * @return at least 0
   */
  public int trainingSize() {
    return training.length;
  }

  /**
   * Returns how many there are to judge with.
   *
   * @return at least 0
   */
  public int testSize() {
    return test.length;
  }

  /**
   * Returns the two parts of a data set.
   *
   * @param data the data that was split
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return two views
   * @throws IndexOutOfBoundsException if the data set is smaller than the one that was split
   */
  public <X, Y> Dataset.Split<X, Y> of(Dataset<X, Y> data) {
    Objects.requireNonNull(data, "data");
    return new Dataset.Split<>(data.select(training), data.select(test));
  }

  @Override
  public String toString() {
    return String.format("Fold[%,d to learn from, %,d to judge]", training.length, test.length);
  }
}
