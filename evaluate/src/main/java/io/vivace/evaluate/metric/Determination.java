package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Gathers the share of the truth's variance that predictions explain: R2, or explained variance.
 */
final class Determination extends OutputAccumulator<Determination> {
  private static final MathContext DIGITS = new MathContext(40);

  private final boolean centredErrors;
  private final boolean finite;
  private final ExactSum weight = new ExactSum();
  private Moments[] truth = {};
  private Moments[] errors = {};
  private long rows;

  /**
   * @param centredErrors explained variance, which forgives a constant error
   * @param finite gives 1 or 0 where the truth is constant, instead of NaN or minus infinity
   */
  Determination(boolean centredErrors, boolean finite) {
    this.centredErrors = centredErrors;
    this.finite = finite;
  }

  @Override
  void allocate(int outputs) {
    truth = new Moments[outputs];
    errors = new Moments[outputs];
    Arrays.setAll(truth, i -> new Moments());
    Arrays.setAll(errors, i -> new Moments());
    weight.reset();
    rows = 0;
  }

  @Override
  void gather(Values batch) {
    for (int row = 0; row < batch.size(); row++) {
      double rowWeight = batch.weight(row);
      weight.add(rowWeight);
      for (int output = 0; output < truth.length; output++) {
        double value = batch.truth(row, output);
        truth[output].add(value, rowWeight);
        errors[output].add(value - batch.prediction(row, output), rowWeight);
      }
    }
    rows += batch.size();
  }

  @Override
  void gather(Determination other) {
    for (int output = 0; output < truth.length; output++) {
      truth[output].merge(other.truth[output]);
      errors[output].merge(other.errors[output]);
    }
    weight.merge(other.weight);
    rows += other.rows;
  }

  @Override
  double[] figures() {
    double[] figures = new double[outputs()];
    Arrays.setAll(figures, this::figure);
    return figures;
  }

  private double figure(int output) {
    if (weight.value() == 0 || (rows < 2 && !centredErrors)) {
      return Double.NaN;
    }
    BigInteger unexplained =
        centredErrors ? errors[output].centred(weight) : errors[output].raw(weight);
    BigInteger total = truth[output].centred(weight);
    if (total.signum() == 0) {
      boolean perfect = unexplained.signum() == 0;
      return finite ? (perfect ? 1 : 0) : perfect ? Double.NaN : Double.NEGATIVE_INFINITY;
    }
    return Moments.quotient(total.subtract(unexplained), total);
  }

  /** The variances, to a common factor. */
  @Override
  double[] spreads() {
    BigInteger[] sums = new BigInteger[outputs()];
    BigInteger largest = BigInteger.ONE;
    for (int output = 0; output < sums.length; output++) {
      sums[output] = truth[output].centred(weight);
      largest = largest.max(sums[output]);
    }
    BigDecimal unit = new BigDecimal(largest);
    return Arrays.stream(sums)
        .mapToDouble(sum -> new BigDecimal(sum).divide(unit, DIGITS).doubleValue())
        .toArray();
  }

  @Override
  void store(DataOutputStream out) throws IOException {
    out.writeLong(rows);
    weight.write(out);
    for (int output = 0; output < truth.length; output++) {
      truth[output].write(out);
      errors[output].write(out);
    }
  }

  @Override
  void load(DataInputStream in) throws IOException {
    rows = in.readLong();
    weight.read(in);
    for (int output = 0; output < truth.length; output++) {
      truth[output].read(in);
      errors[output].read(in);
    }
  }
}
