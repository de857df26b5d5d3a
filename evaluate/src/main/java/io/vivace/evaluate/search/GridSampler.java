package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tries all combinations. */
final class GridSampler extends Sampler {
  private static final int MAX_POINTS = 1_000_000;

  private final int levels;

  GridSampler(int levels) {
    if (levels < 2) {
      throw new IllegalArgumentException("a grid needs at least 2 levels, but was " + levels);
    }
    this.levels = levels;
  }

  @Override
  double[] propose(History history) {
    Space space = history.space();
    double[] codes = new double[space.size()];
    walk(space, 0, codes, new int[] {history.number()});
    return codes;
  }

  @Override
  int limit(Space space) {
    return count(space, 0, new double[space.size()]);
  }

  @Override
  void check(Space space, int directions, List<String> faults) {
    if (limit(space) > MAX_POINTS) {
      faults.add(
          String.format(
              "the grid has more than %,d points; take fewer levels than %d or another sampler",
              MAX_POINTS, levels));
    }
  }

  /** Goes to the point that comes so many points later; the rest is what is still to go. */
  private boolean walk(Space space, int place, double[] codes, int[] rest) {
    if (place == codes.length) {
      return rest[0]-- == 0;
    }
    for (double code : values(space, place, codes)) {
      codes[place] = code;
      int points = space.isConditional() ? 0 : count(space, place + 1, codes);
      if (points > 0 && points <= rest[0]) {
        rest[0] -= points;
      } else if (walk(space, place + 1, codes, rest)) {
        return true;
      }
    }
    return false;
  }

  private int count(Space space, int place, double[] codes) {
    if (place == codes.length) {
      return 1;
    }
    if (!space.isConditional()) {
      long product = 1;
      for (int i = place; i < codes.length && product <= MAX_POINTS; i++) {
        product *= values(space, i, codes).size();
      }
      return (int) Math.min(product, MAX_POINTS + 1L);
    }
    int sum = 0;
    for (double code : values(space, place, codes)) {
      codes[place] = code;
      sum += count(space, place + 1, codes);
      if (sum > MAX_POINTS) {
        return sum;
      }
    }
    return sum;
  }

  private List<Double> values(Space space, int place, double[] codes) {
    if (!space.isActive(place, codes)) {
      return List.of(Double.NaN);
    }
    return values(space.axis(place));
  }

  private List<Double> values(Axis axis) {
    if (axis.isCategorical() || (axis.count() > 0 && axis.count() <= levels)) {
      List<Double> all = new ArrayList<>();
      for (long i = 0; i < axis.count(); i++) {
        all.add(axis.onGrid(i));
      }
      return all;
    }
    double low = axis.warp(axis.low());
    double high = axis.warp(axis.high());
    double[] chosen = new double[levels];
    for (int i = 0; i < levels; i++) {
      chosen[i] = axis.unwarp(low + (high - low) * i / (levels - 1));
    }
    return Arrays.stream(chosen).distinct().boxed().toList();
  }

  /** Returns the name and the levels. */
  @Override
  public String toString() {
    return "grid(levels=" + levels + ")";
  }
}
