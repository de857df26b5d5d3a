package io.vivace.optimize.factorize;

import java.util.List;
import java.util.Map;

/** How a rank is chosen. */
record FactorTarget(Kind kind, double value, Map<String, List<Integer>> ranks) {
  enum Kind {
    /** The smallest rank that keeps this share of the energy. */
    ENERGY,
    /** The largest rank with this share of the weights. */
    SIZE,
    /** The smallest rank within this error, where that is measured to be faster. */
    MEASURED,
    RANKS
  }

  /** The rank of a matrix; 0 if there is none. */
  int rank(String weight, LowRank low, int rows, int columns) {
    long all = (long) rows * columns;
    return switch (kind) {
      case ENERGY -> low.rankForEnergy(value);
      case SIZE -> Math.min(low.fullRank(), (int) (value * all / (rows + columns)));
      case MEASURED -> low.rankForEnergy(1 - value * value);
      case RANKS -> Math.min(low.fullRank(), ranks.getOrDefault(weight, List.of(0)).get(0));
    };
  }

  /** Both ranks of Tucker factors; those of a size shrink alike. */
  int[] ranks(String weight, LowRank in, LowRank out, int inputs, int outputs, int pixels) {
    if (kind == Kind.RANKS) {
      List<Integer> given = ranks.getOrDefault(weight, List.of(0, 0));
      return given.size() < 2
          ? new int[2]
          : new int[] {
            Math.min(given.get(0), in.fullRank()), Math.min(given.get(1), out.fullRank())
          };
    }
    if (kind != Kind.SIZE) {
      double energy = kind == Kind.ENERGY ? value : 1 - value * value;
      // Each side leaves out a part: half of what may go for each.
      double each = 1 - (1 - energy) / 2;
      return new int[] {in.rankForEnergy(each), out.rankForEnergy(each)};
    }
    double wanted = value * inputs * outputs * pixels;
    for (int part = 100; part > 0; part--) {
      int rankIn = Math.min(in.fullRank(), inputs * part / 100);
      int rankOut = Math.min(out.fullRank(), outputs * part / 100);
      if (rankIn > 0 && rankOut > 0 && tucker(inputs, outputs, pixels, rankIn, rankOut) <= wanted) {
        return new int[] {rankIn, rankOut};
      }
    }
    return new int[2];
  }

  static long tucker(long inputs, long outputs, long pixels, long rankIn, long rankOut) {
    return inputs * rankIn + rankIn * rankOut * pixels + rankOut * outputs;
  }
}
