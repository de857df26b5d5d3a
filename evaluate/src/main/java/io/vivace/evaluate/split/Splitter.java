package io.vivace.evaluate.split;

import io.vivace.core.data.Dataset;
import java.util.List;

/**
 * Cuts members into folds. Immutable and thread-safe; the same members give the same folds.
 *
 * <table>
 * <caption>The splitters</caption>
 * <tr><th>splitter</th><th>folds</th></tr>
 * <tr><td>{@link #kFold}</td><td>blocks of equal size</td></tr>
 * <tr><td>{@link #stratified}</td><td>each with the classes in proportion</td></tr>
 * <tr><td>{@link #group}</td><td>no group in two of them</td></tr>
 * <tr><td>{@link #stratifiedGroup}</td><td>both, as far as groups allow</td></tr>
 * <tr><td>{@link #leaveOneOut}, {@link #leaveOneGroupOut}</td><td>one per member, per group</td></tr>
 * <tr><td>{@link #shuffle}, {@link #stratifiedShuffle}, {@link #groupShuffle}</td>
 *     <td>independent random halves of any size</td></tr>
 * <tr><td>{@link TimeSeriesSplit}</td><td>the past to learn from, the future to judge</td></tr>
 * <tr><td>{@link #predefined}</td><td>as somebody else laid down</td></tr>
 * </table>
 */
@FunctionalInterface
public interface Splitter {
  /**
   * Cuts members into folds.
   *
   * @param members what is known of them
   * @return at least one fold, none of its two parts empty
   * @throws IllegalArgumentException if they cannot be split so: too few members, classes or
   *     groups, or strata or groups that are not given; the message says which
   */
  List<Fold> split(Members members);

  /**
   * Cuts a data set into folds; its labels are the strata.
   *
   * @param data the examples
   * @return at least one fold
   * @throws IllegalArgumentException if they cannot be split so
   */
  default List<Fold> split(Dataset<?, ?> data) {
    return split(Members.of(data));
  }

  /**
   * Cuts into consecutive blocks; the first {@code n % folds} are one longer.
   *
   * @param folds how many, at least 2
   * @return a splitter that does not shuffle
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  static SeededSplitter kFold(int folds) {
    return new KFolds(KFolds.Kind.PLAIN, folds);
  }

  /**
   * Cuts so that each fold has its share of each class, to one member. Splitting fails if every
   * class has fewer members than there are folds; a class with fewer is missing in some folds.
   *
   * @param folds how many, at least 2
   * @return a splitter that does not shuffle
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  static SeededSplitter stratified(int folds) {
    return new KFolds(KFolds.Kind.STRATIFIED, folds);
  }

  /**
   * Cuts so that no group is in two folds: the largest group first, each into the fold that has the
   * fewest members. Folds differ in size as groups do; a group larger than {@code n / folds} makes
   * a fold of its own. Splitting fails if there are fewer groups than folds.
   *
   * <p>Shuffled, it ignores the sizes and gives each fold equally many groups.
   *
   * @param folds how many, at least 2
   * @return a splitter that does not shuffle
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  static SeededSplitter group(int folds) {
    return new KFolds(KFolds.Kind.GROUP, folds);
  }

  /**
   * Cuts so that no group is in two folds and classes are as much in proportion as groups allow:
   * each group goes where the standard deviation over folds of the classes' shares becomes least.
   *
   * @param folds how many, at least 2
   * @return a splitter that does not shuffle
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  static SeededSplitter stratifiedGroup(int folds) {
    return new KFolds(KFolds.Kind.STRATIFIED_GROUP, folds);
  }

  /**
   * Judges each member by all the others. Needs at least 2 members.
   *
   * @return a splitter
   */
  static Splitter leaveOneOut() {
    return LeaveOut.MEMBER;
  }

  /**
   * Judges each group by all the others, in the natural order of the groups. Needs at least 2.
   *
   * @return a splitter
   */
  static Splitter leaveOneGroupOut() {
    return LeaveOut.GROUP;
  }

  /**
   * Draws the judged part at random, each time anew: {@code ceil(testFraction * n)} members.
   *
   * @param times how many folds, at least 1
   * @param testFraction the share to judge with, above 0 and below 1
   * @return a splitter with seed 42
   * @throws IllegalArgumentException if an argument is out of range
   */
  static SeededSplitter shuffle(int times, double testFraction) {
    return new ShuffleSplits(ShuffleSplits.Kind.PLAIN, times, testFraction);
  }

  /**
   * As {@link #shuffle}, with the classes in proportion in both parts. Each class needs 2 members,
   * and each part as many members as there are classes.
   *
   * @param times how many folds, at least 1
   * @param testFraction the share to judge with, above 0 and below 1
   * @return a splitter with seed 42
   * @throws IllegalArgumentException if an argument is out of range
   */
  static SeededSplitter stratifiedShuffle(int times, double testFraction) {
    return new ShuffleSplits(ShuffleSplits.Kind.STRATIFIED, times, testFraction);
  }

  /**
   * As {@link #shuffle}, but draws whole groups; the fraction is that of the groups.
   *
   * @param times how many folds, at least 1
   * @param testFraction the share of the groups to judge with, above 0 and below 1
   * @return a splitter with seed 42
   * @throws IllegalArgumentException if an argument is out of range
   */
  static SeededSplitter groupShuffle(int times, double testFraction) {
    return new ShuffleSplits(ShuffleSplits.Kind.GROUP, times, testFraction);
  }

  /**
   * Uses folds that were laid down before.
   *
   * @param testFolds the fold in which each member is judged, by a number from 0, or -1 for a
   *     member that is learnt from in every fold
   * @return a splitter for as many members, whose folds are in the order of their numbers
   * @throws IllegalArgumentException if a number is below -1, or all are -1
   */
  static Splitter predefined(int... testFolds) {
    return PredefinedFolds.of(testFolds);
  }
}
