package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A sum of doubles without rounding: the result is the true sum, rounded once, so it does not
 * depend on the order of additions and merges. Costs a few nanoseconds for each number. Not
 * thread-safe.
 *
 * <p>The sum is a fixed-point number of 2,112 bits over all exponents, in 66 overlapping chunks.
 * Source: Neal, "Fast exact summation using small and large superaccumulators", 2015.
 *
 * <p>The sum of nothing is 0. NaN and infinities add up as doubles do.
 */
public final class ExactSum {
  /** A chunk weighs 2^32 times the one before; the first bit of the first weighs 2^-1074. */
  private static final int CHUNK_BITS = 32;

  private static final int CHUNKS = 68;
  private static final long LOW = 0xffff_ffffL;

  /** An addition changes a chunk by less than 2^32, so this many fit before carries are due. */
  private static final int ADDITIONS = 1 << 30;

  private final long[] chunks = new long[CHUNKS];
  private int room = ADDITIONS;
  private double special;

  /** Makes a sum of nothing. */
  public ExactSum() {}

  /**
   * Adds a number.
   *
   * @param value any double
   */
  public void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    long mantissa = bits & 0xf_ffff_ffff_ffffL;
    if (exponent == 0x7ff) {
      special += value;
      return;
    }
    if (exponent == 0) {
      exponent = 1;
    } else {
      mantissa |= 1L << 52;
    }
    if (room-- == 0) {
      carry();
    }
    int shift = exponent - 1;
    int chunk = shift >>> 5;
    int within = shift & 31;
    long low = (mantissa << within) & LOW;
    long middle = (mantissa >>> (32 - within)) & LOW;
    long high = within == 0 ? 0 : mantissa >>> (64 - within);
    long sign = bits >> 63; // 0 or -1: (x ^ sign) - sign negates
    chunks[chunk] += (low ^ sign) - sign;
    chunks[chunk + 1] += (middle ^ sign) - sign;
    chunks[chunk + 2] += (high ^ sign) - sign;
  }

  /**
   * Adds a product without rounding it, unless it is so small or large that double cannot hold it.
   *
   * @param a any double
   * @param b any double
   */
  public void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    double error = Math.fma(a, b, -product);
    if (error != 0 && !Double.isNaN(error) && !Double.isInfinite(product)) {
      add(error);
    }
  }

  /**
   * Adds what another has summed.
   *
   * @param other stays as it is, in value
   */
  public void merge(ExactSum other) {
    other.carry();
    carry();
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] += other.chunks[i];
    }
    special += other.special;
    room = ADDITIONS - 1;
    carry();
  }

  /**
   * Returns the sum, rounded to the nearest double, ties to even.
   *
   * @return infinity beyond the range of double
   */
  public double value() {
    if (special != 0) {
      return special;
    }
    carry();
    BigInteger total = total();
    double magnitude = rounded(total.abs());
    return total.signum() < 0 ? -magnitude : magnitude;
  }

  /** Makes it a sum of nothing. */
  public void reset() {
    Arrays.fill(chunks, 0);
    room = ADDITIONS;
    special = 0;
  }

  /**
   * Writes the sum; equal sums write equal bytes.
   *
   * @param out where to
   * @throws IOException if that fails
   */
  public void write(DataOutputStream out) throws IOException {
    carry();
    int first = 0;
    int end = CHUNKS;
    while (first < end && chunks[first] == 0) {
      first++;
    }
    while (end > first && chunks[end - 1] == 0) {
      end--;
    }
    out.writeDouble(special);
    out.writeByte(first);
    out.writeByte(end);
    for (int i = first; i < end; i++) {
      out.writeLong(chunks[i]);
    }
  }

  /**
   * Replaces the sum by one that was written.
   *
   * @param in where from
   * @throws IOException if the data ends early
   * @throws IllegalArgumentException if the data is no sum
   */
  public void read(DataInputStream in) throws IOException {
    reset();
    special = in.readDouble();
    int first = in.readUnsignedByte();
    int end = in.readUnsignedByte();
    if (first > end || end > CHUNKS) {
      throw new IllegalArgumentException(
          "a stored sum has chunks %d to %d of %d".formatted(first, end, CHUNKS));
    }
    for (int i = first; i < end; i++) {
      chunks[i] = in.readLong();
      if (i < CHUNKS - 1 && (chunks[i] & LOW) != chunks[i]) {
        throw new IllegalArgumentException("a stored sum has a chunk without its carry");
      }
    }
  }

  /** Moves what exceeds 32 bits upwards, so that equal sums have equal chunks. */
  private void carry() {
    if (room == ADDITIONS) {
      return;
    }
    long carry = 0;
    for (int i = 0; i < CHUNKS - 1; i++) {
      long value = chunks[i] + carry;
      chunks[i] = value & LOW;
      carry = value >> CHUNK_BITS;
    }
    chunks[CHUNKS - 1] += carry;
    room = ADDITIONS;
  }

  /** The sum in units of 2^-1074, without rounding; infinities and NaN are not in it. */
  BigInteger units() {
    carry();
    return total();
  }

  private BigInteger total() {
    BigInteger total = BigInteger.valueOf(chunks[CHUNKS - 1]);
    for (int i = CHUNKS - 2; i >= 0; i--) {
      total = total.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(chunks[i]));
    }
    return total;
  }

  /** Rounds a number of units of 2^-1074. */
  private static double rounded(BigInteger units) {
    int surplus = units.bitLength() - 53;
    if (surplus <= 0) {
      return Math.scalb((double) units.longValue(), Double.MIN_EXPONENT - 52);
    }
    long kept = units.shiftRight(surplus).longValue();
    boolean half = units.testBit(surplus - 1);
    boolean more = units.getLowestSetBit() < surplus - 1;
    if (half && (more || (kept & 1) == 1)) {
      kept++;
    }
    return Math.scalb((double) kept, surplus + Double.MIN_EXPONENT - 52);
  }
}
