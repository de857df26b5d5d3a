package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * The weighted sums of a number and of its square, without rounding, so that the centred sum of
 * squares does not cancel, however far from 0 the numbers are.
 */
final class Moments {
  private static final MathContext DIGITS = new MathContext(40);

  private final ExactSum sum = new ExactSum();
  private final ExactSum squares = new ExactSum();

  void add(double value, double weight) {
    double product = weight * value;
    sum.addProduct(weight, value);
    squares.addProduct(product, value);
    double rounding = Math.fma(weight, value, -product);
    if (rounding != 0) {
      squares.addProduct(rounding, value);
    }
  }

  void merge(Moments other) {
    sum.merge(other.sum);
    squares.merge(other.squares);
  }

  /** The sum of squares around 0, times the weight. */
  BigInteger raw(ExactSum weight) {
    return squares.units().multiply(weight.units());
  }

  /** The sum of squares around the mean, times the weight. */
  BigInteger centred(ExactSum weight) {
    BigInteger units = sum.units();
    return raw(weight).subtract(units.multiply(units));
  }

  /** A quotient with 40 digits, rounded to double. */
  static double quotient(BigInteger numerator, BigInteger denominator) {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), DIGITS).doubleValue();
  }

  void write(DataOutputStream out) throws IOException {
    sum.write(out);
    squares.write(out);
  }

  void read(DataInputStream in) throws IOException {
    sum.read(in);
    squares.read(in);
  }
}
