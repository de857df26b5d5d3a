package io.vivace.core.serve;

import io.vivace.core.codec.Classification;
import java.util.List;

/**
 * Makes one answer of the answers of several predictors to the same item.
 *
 * <p>Those made here are immutable and thread-safe. They throw {@link
 * io.vivace.core.EngineException} where answers do not go together: other lengths, other labels.
 * NaN in an answer makes NaN of what it goes into.
 *
 * @param <A> the type of the predictors' answers
 * @param <O> the type of the answer made of them
 */
@FunctionalInterface
public interface Combiner<A, O> {
  /**
   * Combines answers.
   *
   * @param answers one per predictor, at least one, in the order of the predictors
   * @return one answer, not null
   */
  O combine(List<A> answers);

  /**
   * Checks that as many predictors can be combined.
   *
   * @param predictors how many there are
   * @throws IllegalArgumentException if that number does not fit, for example the number of weights
   */
  default void check(int predictors) {}

  /**
   * Averages arrays element by element: {@code y[i] = sum over m of a[m][i] / M}, summed in double
   * precision.
   *
   * @return a combiner of arrays of one length
   */
  static Combiner<float[], float[]> average() {
    return new ArrayAverage(Weights.EQUAL);
  }

  /**
   * Averages arrays element by element, with weights: {@code y[i] = sum over m of w[m] a[m][i] /
   * sum over m of w[m]}, summed in double precision.
   *
   * @param weights one per predictor, finite and at least 0, one of them above 0
   * @return a combiner of arrays of one length
   * @throws IllegalArgumentException if weights are out of range
   */
  static Combiner<float[], float[]> weightedAverage(double... weights) {
    return new ArrayAverage(Weights.of(weights));
  }

  /**
   * Averages numbers, as regressors give them: {@code y = sum over m of a[m] / M}.
   *
   * @return a combiner
   */
  static Combiner<Double, Double> mean() {
    return new NumberAverage(Weights.EQUAL);
  }

  /**
   * Averages numbers with weights: {@code y = sum over m of w[m] a[m] / sum over m of w[m]}.
   *
   * @param weights one per predictor, finite and at least 0, one of them above 0
   * @return a combiner
   * @throws IllegalArgumentException if weights are out of range
   */
  static Combiner<Double, Double> weightedMean(double... weights) {
    return new NumberAverage(Weights.of(weights));
  }

  /**
   * Averages the probabilities of each label, and ranks the labels anew; of equal ones the lower
   * index first. Every answer must have all labels.
   *
   * @param weights one per predictor, finite and at least 0, one of them above 0; none for equal
   *     weights
   * @return a combiner
   * @throws IllegalArgumentException if weights are out of range
   */
  static Combiner<Classification, Classification> softVote(double... weights) {
    return new SoftVote(Weights.of(weights));
  }

  /**
   * Lets each predictor vote for its first label. The probability of a label is its part of the
   * votes; of equal ones the lower index comes first, so that it wins a tie. Labels without a vote
   * follow with 0, as far as the answers name them.
   *
   * @param weights the weight of each predictor's vote, finite and at least 0, one of them above 0;
   *     none for equal weights
   * @return a combiner
   * @throws IllegalArgumentException if weights are out of range
   */
  static Combiner<Classification, Classification> hardVote(double... weights) {
    return new HardVote(Weights.of(weights));
  }

  /**
   * Lets each predictor vote for a class: the one with most votes, and of equal ones the lowest.
   *
   * @param weights the weight of each predictor's vote, finite and at least 0, one of them above 0;
   *     none for equal weights
   * @return a combiner of class numbers
   * @throws IllegalArgumentException if weights are out of range
   */
  static Combiner<Integer, Integer> majority(double... weights) {
    return new Majority(Weights.of(weights));
  }
}
