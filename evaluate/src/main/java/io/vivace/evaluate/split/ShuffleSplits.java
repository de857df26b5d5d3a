package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Draws the judged part anew each time. */
final class ShuffleSplits implements SeededSplitter {
  /** What is drawn. */
  enum Kind {
    PLAIN,
    STRATIFIED,
    GROUP;

    Fold draw(Members members, IntUnaryOperator share, SeededRandom random) {
      return switch (this) {
        case PLAIN -> Draw.plain(members, share, random);
        case STRATIFIED -> Draw.stratified(members, share, random);
        case GROUP -> Draw.grouped(members, share, random);
      };
    }
  }

  private static final long DEFAULT_SEED = 42;

  private final Kind kind;
  private final int times;
  private final double testFraction;
  private final long seed;

  ShuffleSplits(Kind kind, int times, double testFraction) {
    this(kind, times, testFraction, DEFAULT_SEED);
    requireTimes(times);
    if (!(testFraction > 0 && testFraction < 1)) {
      throw new IllegalArgumentException(
          "the test fraction must be above 0 and below 1, but was " + testFraction);
    }
  }

  private ShuffleSplits(Kind kind, int times, double testFraction, long seed) {
    this.kind = kind;
    this.times = times;
    this.testFraction = testFraction;
    this.seed = seed;
  }

  static void requireTimes(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("times must be at least 1, but was " + times);
    }
  }

  @Override
  public SeededSplitter shuffled(long newSeed) {
    return new ShuffleSplits(kind, times, testFraction, newSeed);
  }

  @Override
  public SeededSplitter repeated(int newTimes) {
    requireTimes(newTimes);
    return new ShuffleSplits(kind, Math.multiplyExact(times, newTimes), testFraction, seed);
  }

  @Override
  public List<Fold> split(Members members) {
    List<Fold> folds = new ArrayList<>(times);
    for (int i = 0; i < times; i++) {
      SeededRandom random = new SeededRandom(SeededRandom.derived(seed, i));
      folds.add(kind.draw(members, size -> (int) Math.ceil(testFraction * size), random));
    }
    return List.copyOf(folds);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s shuffle[times=%d, testFraction=%s, seed=%d]",
        kind.name().toLowerCase(Locale.ROOT),
        times,
        testFraction,
        seed);
  }
}
