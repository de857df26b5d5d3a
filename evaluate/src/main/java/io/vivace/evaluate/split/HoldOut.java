package io.vivace.evaluate.split;

import io.vivace.core.data.Dataset;
import io.vivace.evaluate.internal.SeededRandom;
import java.util.stream.IntStream;

/**
 * Cuts a data set into three parts: to learn from, to decide by (early stopping, search,
 * thresholds), and to judge with once. Immutable; the parts never overlap.
 *
 * <p>Validation and test part have their fraction of the members rounded to nearest (of the groups,
 * if whole groups are drawn); the training part has the rest.
 */
public final class HoldOut {
  private static final double ROUNDING = 1e-9;
  private static final long DEFAULT_SEED = 42;

  private final ShuffleSplits.Kind kind;
  private final double validation;
  private final double test;
  private final long seed;

  /**
   * The three parts of a data set.
   *
   * @param training to learn from
   * @param validation to decide by
   * @param test to judge with
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   */
  public record Parts<X, Y>(Dataset<X, Y> training, Dataset<X, Y> validation, Dataset<X, Y> test) {}

  private HoldOut(ShuffleSplits.Kind kind, double validation, double test, long seed) {
    this.kind = kind;
    this.validation = validation;
    this.test = test;
    this.seed = seed;
  }

  /**
   * Draws members at random.
   *
   * @param training the share to learn from, above 0
   * @param validation the share to decide by, above 0
   * @param test the share to judge with, above 0
   * @return the splitter, with seed 42
   * @throws IllegalArgumentException if a share is not above 0, or they do not sum to 1
   */
  public static HoldOut of(double training, double validation, double test) {
    return checked(ShuffleSplits.Kind.PLAIN, training, validation, test);
  }

  /**
   * Draws members at random, so that each part has its share of each class.
   *
   * @param training the share to learn from, above 0
   * @param validation the share to decide by, above 0
   * @param test the share to judge with, above 0
   * @return the splitter, with seed 42
   * @throws IllegalArgumentException if a share is not above 0, or they do not sum to 1
   */
  public static HoldOut stratified(double training, double validation, double test) {
    return checked(ShuffleSplits.Kind.STRATIFIED, training, validation, test);
  }

  /**
   * Draws whole groups at random, so that no group is in two parts.
   *
   * @param training the share to learn from, above 0
   * @param validation the share to decide by, above 0
   * @param test the share to judge with, above 0
   * @return the splitter, with seed 42
   * @throws IllegalArgumentException if a share is not above 0, or they do not sum to 1
   */
  public static HoldOut grouped(double training, double validation, double test) {
    return checked(ShuffleSplits.Kind.GROUP, training, validation, test);
  }

  private static HoldOut checked(
      ShuffleSplits.Kind kind, double training, double validation, double test) {
    if (!(training > 0 && validation > 0 && test > 0)
        || Math.abs(training + validation + test - 1) > ROUNDING) {
      throw new IllegalArgumentException(
          String.format(
              "shares must be above 0 and sum to 1, but were %s, %s and %s",
              training, validation, test));
    }
    return new HoldOut(kind, validation, test, DEFAULT_SEED);
  }

  /**
   * Sets where the randomness comes from.
   *
   * @param newSeed any number; the same seed gives the same parts on every machine
   * @return a changed copy
   */
  public HoldOut seed(long newSeed) {
    return new HoldOut(kind, validation, test, newSeed);
  }

  /**
   * Cuts a data set; its labels are the strata.
   *
   * @param data the examples
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return three views
   * @throws IllegalArgumentException if a part would be empty, or lack a class
   */
  public <X, Y> Parts<X, Y> split(Dataset<X, Y> data) {
    return split(data, Members.of(data));
  }

  /**
   * Cuts a data set by strata or groups of one's own.
   *
   * @param data the examples
   * @param members their strata and groups
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return three views
   * @throws IllegalArgumentException if a part would be empty or lack a class, or if there are not
   *     as many members as examples
   */
  public <X, Y> Parts<X, Y> split(Dataset<X, Y> data, Members members) {
    if (members.size() != data.size()) {
      throw new IllegalArgumentException(
          String.format("%,d members do not describe %,d examples", members.size(), data.size()));
    }
    SeededRandom random = new SeededRandom(SeededRandom.derived(seed, 0));
    int drawn = kind == ShuffleSplits.Kind.GROUP ? members.groups().distinct() : members.size();
    Fold outer = kind.draw(members, size -> share(test, drawn), random);
    int[] rest = outer.training();
    Fold inner = kind.draw(members.select(rest), size -> share(validation, drawn), random);
    return new Parts<>(
        data.select(picked(rest, inner.training())),
        data.select(picked(rest, inner.test())),
        data.select(outer.test()));
  }

  private static int share(double fraction, int size) {
    return (int) Math.round(fraction * size);
  }

  private static int[] picked(int[] from, int[] positions) {
    return IntStream.of(positions).map(i -> from[i]).toArray();
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "HoldOut[%s, validation=%s, test=%s, seed=%d]", kind, validation, test, seed);
  }
}
