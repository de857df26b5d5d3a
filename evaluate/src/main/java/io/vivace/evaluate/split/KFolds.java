package io.vivace.evaluate.split;

import io.vivace.evaluate.internal.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Splitters that judge each member exactly once. */
final class KFolds implements SeededSplitter {
  /** How members get the number of their fold. */
  enum Kind {
    PLAIN,
    STRATIFIED,
    GROUP,
    STRATIFIED_GROUP;

    /** Gives each member the number of the fold that judges it. */
    int[] assign(Members members, int folds, @Nullable SeededRandom random) {
      return switch (this) {
        case PLAIN -> PlainFolds.assign(members, folds, random);
        case STRATIFIED -> StratifiedFolds.assign(members, folds, random);
        case GROUP -> GroupFolds.assign(members, folds, random);
        case STRATIFIED_GROUP -> StratifiedGroupFolds.assign(members, folds, random);
      };
    }
  }

  private static final long DEFAULT_SEED = 42;

  private final Kind kind;
  private final int folds;
  private final int times;
  private final @Nullable Long seed;

  KFolds(Kind kind, int folds) {
    this(kind, folds, 1, null);
    if (folds < 2) {
      throw new IllegalArgumentException("folds must be at least 2, but was " + folds);
    }
  }

  private KFolds(Kind kind, int folds, int times, @Nullable Long seed) {
    this.kind = kind;
    this.folds = folds;
    this.times = times;
    this.seed = seed;
  }

  @Override
  public SeededSplitter shuffled(long newSeed) {
    return new KFolds(kind, folds, times, newSeed);
  }

  @Override
  public SeededSplitter repeated(int newTimes) {
    ShuffleSplits.requireTimes(newTimes);
    return new KFolds(kind, folds, newTimes, seed == null ? Long.valueOf(DEFAULT_SEED) : seed);
  }

  @Override
  public List<Fold> split(Members members) {
    if (members.size() < folds) {
      throw new IllegalArgumentException(
          String.format(
              "%,d members cannot fill %,d folds: take fewer folds", members.size(), folds));
    }
    List<Fold> all = new ArrayList<>(folds * times);
    for (int i = 0; i < times; i++) {
      all.addAll(cut(kind.assign(members, folds, random(i)), folds));
    }
    return List.copyOf(all);
  }

  private @Nullable SeededRandom random(int repetition) {
    return seed == null ? null : new SeededRandom(SeededRandom.derived(seed, repetition));
  }

  /** Makes the folds of the numbers; members keep their order. A number of -1 is never judged. */
  static List<Fold> cut(int[] foldOf, int folds) {
    int[] sizes = new int[folds];
    for (int fold : foldOf) {
      if (fold >= 0) {
        sizes[fold]++;
      }
    }
    List<Fold> result = new ArrayList<>(folds);
    for (int fold = 0; fold < folds; fold++) {
      result.add(cut(foldOf, fold, sizes[fold]));
    }
    return result;
  }

  private static Fold cut(int[] foldOf, int fold, int size) {
    if (size == 0 || size == foldOf.length) {
      throw new IllegalArgumentException(
          String.format(
              "fold %d would have %,d of %,d members, which leaves a part empty: take fewer folds",
              fold, size, foldOf.length));
    }
    int[] training = new int[foldOf.length - size];
    int[] test = new int[size];
    for (int i = 0, learnt = 0, judged = 0; i < foldOf.length; i++) {
      if (foldOf[i] == fold) {
        test[judged++] = i;
      } else {
        training[learnt++] = i;
      }
    }
    return new Fold(training, test);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-')
        + " k-fold[folds="
        + folds
        + (times > 1 ? ", times=" + times : "")
        + (seed == null ? "" : ", seed=" + seed)
        + ']';
  }
}
