package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cells that count rows, weighted or not, without rounding. Whole weights cost no more than none;
 * the others open an {@link ExactSum} in their cell.
 */
final class Tally {
  private static final double LARGEST_WHOLE = 1L << 31;

  final long[] whole;
  private ExactSum @Nullable [] fractions;

  Tally(int cells) {
    whole = new long[cells];
  }

  int size() {
    return whole.length;
  }

  void add(int cell, double weight) {
    long rounded = (long) weight;
    if (rounded == weight && weight < LARGEST_WHOLE) {
      whole[cell] += rounded;
    } else {
      fraction(cell).add(weight);
    }
  }

  private ExactSum fraction(int cell) {
    ExactSum[] sums = fractions;
    if (sums == null) {
      sums = new ExactSum[whole.length];
      fractions = sums;
    }
    ExactSum sum = sums[cell];
    if (sum == null) {
      sum = new ExactSum();
      sums[cell] = sum;
    }
    return sum;
  }

  /** The cell's weight, rounded once. */
  double value(int cell) {
    ExactSum[] sums = fractions;
    if (sums == null || sums[cell] == null) {
      return whole[cell];
    }
    ExactSum total = new ExactSum();
    total.add((double) whole[cell]);
    total.merge(sums[cell]);
    return total.value();
  }

  double[] values() {
    double[] values = new double[whole.length];
    Arrays.setAll(values, this::value);
    return values;
  }

  void merge(Tally other) {
    for (int cell = 0; cell < whole.length; cell++) {
      whole[cell] += other.whole[cell];
    }
    ExactSum[] sums = other.fractions;
    if (sums != null) {
      for (int cell = 0; cell < sums.length; cell++) {
        if (sums[cell] != null) {
          fraction(cell).merge(sums[cell]);
        }
      }
    }
  }

  void write(DataOutputStream out) throws IOException {
    Stored.writeLongs(out, whole);
    ExactSum[] sums = fractions;
    for (int cell = 0; cell < whole.length; cell++) {
      ExactSum sum = sums == null ? null : sums[cell];
      out.writeBoolean(sum != null);
      if (sum != null) {
        sum.write(out);
      }
    }
  }

  static Tally read(DataInputStream in) throws IOException {
    long[] whole = Stored.readLongs(in);
    Tally tally = new Tally(whole.length);
    System.arraycopy(whole, 0, tally.whole, 0, whole.length);
    for (int cell = 0; cell < whole.length; cell++) {
      if (in.readBoolean()) {
        tally.fraction(cell).read(in);
      }
    }
    return tally;
  }
}
