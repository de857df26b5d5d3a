package io.vivace.evaluate.search;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The Sobol sequence in Gray code order with the direction numbers of Joe and Kuo, "Constructing
 * Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008).
 * Scrambled by a random lower triangular matrix and a digital shift for each dimension: Matousek,
 * "On the L2-discrepancy for anchored boxes", J. Complexity 14 (1998).
 */
final class SobolSequence {
  static final int MAX_DIMENSIONS = 1024;
  static final int BITS = 31;
  private static final double SCALE = 1.0 / (1L << BITS);

  private final int[][] directions;
  private final int[] shifts;

  private SobolSequence(int[][] directions, int[] shifts) {
    this.directions = directions;
    this.shifts = shifts;
  }

  static SobolSequence plain(int dimensions) {
    return new SobolSequence(DirectionNumbers.first(dimensions), new int[dimensions]);
  }

  static SobolSequence scrambled(int dimensions, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    int[][] scrambled = DirectionNumbers.first(dimensions);
    int[] shifts = new int[dimensions];
    for (int d = 0; d < dimensions; d++) {
      scramble(scrambled[d], random);
      shifts[d] = random.nextInt() >>> 1;
    }
    return new SobolSequence(scrambled, shifts);
  }

  /** Row b of the matrix takes the digits above b at random and digit b itself. */
  private static void scramble(int[] numbers, UniformRandomProvider random) {
    int[] rows = new int[BITS];
    for (int b = 0; b < BITS; b++) {
      int bit = 1 << (BITS - 1 - b);
      int above = -(bit << 1) & Integer.MAX_VALUE;
      rows[b] = (random.nextInt() & above) | bit;
    }
    for (int i = 0; i < BITS; i++) {
      int mixed = 0;
      for (int b = 0; b < BITS; b++) {
        mixed = (mixed << 1) | (Integer.bitCount(rows[b] & numbers[i]) & 1);
      }
      numbers[i] = mixed;
    }
  }

  /** The point of this index, each coordinate in [0, 1). */
  double[] point(int index) {
    int gray = index ^ (index >>> 1);
    double[] point = new double[shifts.length];
    for (int d = 0; d < point.length; d++) {
      int digits = shifts[d];
      for (int rest = gray; rest != 0; rest &= rest - 1) {
        digits ^= directions[d][Integer.numberOfTrailingZeros(rest)];
      }
      point[d] = digits * SCALE;
    }
    return point;
  }

  /** The table, read once. */
  private static final class DirectionNumbers {
    private static final List<int[]> ALL = read();

    static int[][] first(int dimensions) {
      int[][] copy = new int[dimensions][];
      for (int d = 0; d < dimensions; d++) {
        copy[d] = ALL.get(d).clone();
      }
      return copy;
    }

    private static List<int[]> read() {
      List<int[]> all = new ArrayList<>();
      int[] first = new int[BITS];
      for (int i = 0; i < BITS; i++) {
        first[i] = 1 << (BITS - 1 - i);
      }
      all.add(first);
      InputStream stream = SobolSequence.class.getResourceAsStream("joe-kuo-6.txt");
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  Objects.requireNonNull(stream, "joe-kuo-6.txt"), StandardCharsets.US_ASCII))) {
        lines
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(String::trim)
            .forEach(line -> all.add(expand(line.split(" "))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return all;
    }

    /** The recurrence of the primitive polynomial, from the line "coefficients m1 m2 ...". */
    private static int[] expand(String[] line) {
      int degree = line.length - 1;
      int coefficients = Integer.parseInt(line[0]);
      int[] v = new int[BITS];
      for (int i = 0; i < BITS; i++) {
        if (i < degree) {
          v[i] = Integer.parseInt(line[i + 1]) << (BITS - 1 - i);
          continue;
        }
        v[i] = v[i - degree] ^ (v[i - degree] >>> degree);
        for (int k = 1; k < degree; k++) {
          if (((coefficients >>> (degree - 1 - k)) & 1) != 0) {
            v[i] ^= v[i - k];
          }
        }
      }
      return v;
    }
  }
}
