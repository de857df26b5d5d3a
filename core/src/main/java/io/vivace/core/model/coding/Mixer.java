package io.vivace.core.model.coding;

import java.util.Arrays;
import java.util.zip.DataFormatException;

/**
 * Predicts a bit from what followed in several contexts so far: each has a counter, and their log
 * odds are added with weights that follow the error (Mahoney, 2005, "Adaptive Weighing of Context
 * Models for Lossless Data Compression"). {@code StrictMath} gives the same numbers everywhere.
 */
final class Mixer {
  private static final double MOST = 12;
  private static final double SUM_OF_WEIGHTS = 1.6;

  /** Chances are parts of 2^22. */
  private static final int BITS = 22;

  private static final int TABLE_BITS = 12;
  private static final double[] ODDS = new double[1 << TABLE_BITS];
  private static final int MOST_SEEN = 1023;

  /** What was seen rarely says little. */
  private static final double[] TRUST = new double[MOST_SEEN + 1];

  static {
    for (int i = 0; i < ODDS.length; i++) {
      double chance = (i + 0.5) / ODDS.length;
      ODDS[i] = StrictMath.log(chance / (1 - chance));
    }
    for (int count = 0; count <= MOST_SEEN; count++) {
      TRUST[count] = count / (count + 1.5);
    }
  }

  private final int[][] chances;
  private final short[][] seen;
  private final int limit;
  private final double rate;
  private final int[] slots;
  private final double[] odds;
  private final double[] weights;
  private int set;

  /**
   * @param sizes how many contexts there are of each kind
   * @param limit after how many bits a counter forgets as fast as it learns, to 1,023
   * @param rate how fast weights follow errors
   * @param sets how many sets of weights there are
   */
  Mixer(int[] sizes, int limit, double rate, int sets) {
    this.chances = new int[sizes.length][];
    this.seen = new short[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      chances[i] = new int[sizes[i]];
      Arrays.fill(chances[i], 1 << (BITS - 1));
      seen[i] = new short[sizes[i]];
    }
    this.limit = limit;
    this.rate = rate;
    this.slots = new int[sizes.length];
    this.odds = new double[sizes.length];
    this.weights = new double[sets * sizes.length];
    Arrays.fill(weights, SUM_OF_WEIGHTS / sizes.length);
  }

  /** Says which context of a kind the next bit is in. */
  void context(int kind, int slot) {
    slots[kind] = slot;
  }

  /** Forgets what followed in the first context of a kind. */
  void forget(int kind) {
    chances[kind][0] = 1 << (BITS - 1);
    seen[kind][0] = 0;
  }

  /** Says which weights count for the next bit. */
  void weights(int number) {
    set = number * odds.length;
  }

  /** Codes a bit and learns from it. */
  int code(BitCoder coder, int bit) throws DataFormatException {
    double sum = 0;
    for (int i = 0; i < odds.length; i++) {
      int slot = slots[i];
      odds[i] = ODDS[chances[i][slot] >>> (BITS - TABLE_BITS)] * TRUST[seen[i][slot]];
      sum += weights[set + i] * odds[i];
    }
    double chance = 1 / (1 + StrictMath.exp(-Math.max(-MOST, Math.min(MOST, sum))));
    int parts = (int) (chance * BitCoder.ONE);
    int result = coder.code(bit, Math.max(1, Math.min(BitCoder.ONE - 1, parts)));
    learn(result, result - chance);
    return result;
  }

  private void learn(int bit, double error) {
    for (int i = 0; i < odds.length; i++) {
      weights[set + i] += rate * error * odds[i];
      int slot = slots[i];
      int count = seen[i][slot];
      int target = bit == 1 ? (1 << BITS) - 1 : 0;
      chances[i][slot] += (int) ((target - chances[i][slot]) / (count + 1.6));
      if (count < limit) {
        seen[i][slot]++;
      }
    }
  }
}
