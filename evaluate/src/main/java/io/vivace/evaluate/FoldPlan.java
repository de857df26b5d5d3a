package io.vivace.evaluate;

import io.vivace.core.Provenance;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.internal.SeededRandom;
import io.vivace.evaluate.split.Fold;
import io.vivace.evaluate.split.Members;
import io.vivace.evaluate.split.SeededSplitter;
import io.vivace.evaluate.split.Splitter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How data is cut, and where randomness comes from.
 *
 * @param splitter cuts the folds
 * @param seed shuffles the folds and seeds the estimators, if given
 * @param groups the group of each example, if given
 * @param strata the stratum of each example, if it is not the label
 * @param weights how much each example counts in metrics
 * @param validation cuts validation data off each training part, if wanted
 */
record FoldPlan(
    Splitter splitter,
    @Nullable Long seed,
    @Nullable List<?> groups,
    @Nullable List<?> strata,
    RowWeights weights,
    @Nullable Splitter validation) {
  private static final long DEFAULT_SEED = 42;

  Members members(Dataset<?, ?> data) {
    weights.check(data.size());
    Members members = Members.of(data);
    if (strata != null) {
      members = members.strata(strata);
    }
    return groups == null ? members : members.groups(groups);
  }

  List<Fold> folds(Members members) {
    return seeded().split(members);
  }

  private Splitter seeded() {
    return seed != null && splitter instanceof SeededSplitter shuffling
        ? shuffling.shuffled(seed)
        : splitter;
  }

  FoldPlan withSplitter(Splitter changed) {
    return new FoldPlan(changed, seed, groups, strata, weights, validation);
  }

  FoldPlan withSeed(long changed) {
    return new FoldPlan(splitter, changed, groups, strata, weights, validation);
  }

  FoldPlan withGroups(List<?> changed) {
    return new FoldPlan(splitter, seed, List.copyOf(changed), strata, weights, validation);
  }

  FoldPlan withStrata(List<?> changed) {
    return new FoldPlan(splitter, seed, groups, List.copyOf(changed), weights, validation);
  }

  FoldPlan withWeights(RowWeights changed) {
    return new FoldPlan(splitter, seed, groups, strata, changed, validation);
  }

  FoldPlan withValidation(Splitter changed) {
    return new FoldPlan(splitter, seed, groups, strata, weights, changed);
  }

  /** The seed of one part of the work. */
  long derived(long part) {
    return SeededRandom.derived(baseSeed(), part);
  }

  private long baseSeed() {
    return seed == null ? DEFAULT_SEED : seed;
  }

  Provenance addTo(Provenance provenance) {
    Provenance more = provenance.seed(baseSeed()).setting("split", seeded());
    if (!weights.isEqual()) {
      more = more.setting("weights", "given");
    }
    return validation == null ? more : more.setting("validation split", validation);
  }
}
