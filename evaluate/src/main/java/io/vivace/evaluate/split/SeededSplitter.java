package io.vivace.evaluate.split;

/** A splitter that can shuffle. Immutable: each option returns a changed copy. */
public interface SeededSplitter extends Splitter {
  /**
   * Shuffles the members (or the groups) before they are cut.
   *
   * @param seed any number; the same seed gives the same folds on every machine
   * @return a changed copy
   */
  SeededSplitter shuffled(long seed);

  /**
   * Splits several times, each time shuffled in another way.
   *
   * <p>Default: once. A splitter that is not {@linkplain #shuffled shuffled} yet is shuffled with
   * seed 42.
   *
   * @param times how often, at least 1
   * @return a splitter with {@code times} times as many folds, in the order of the repetitions
   * @throws IllegalArgumentException if {@code times} is below 1
   */
  SeededSplitter repeated(int times);
}
