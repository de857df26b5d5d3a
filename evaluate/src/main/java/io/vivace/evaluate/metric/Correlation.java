package io.vivace.evaluate.metric;

import io.vivace.evaluate.internal.Ranks;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;

/** Correlations of two columns. */
final class Correlation {
  private static final MathContext DIGITS = new MathContext(40);

  private Correlation() {}

  /** Without cancellation: the sums are exact. NaN where a column is constant. */
  static double pearson(double[] x, double[] y, double[] weights) {
    ExactSum weight = new ExactSum();
    ExactSum sumX = new ExactSum();
    ExactSum sumY = new ExactSum();
    ExactSum products = new ExactSum();
    Moments momentsX = new Moments();
    Moments momentsY = new Moments();
    for (int i = 0; i < x.length; i++) {
      weight.add(weights[i]);
      sumX.addProduct(weights[i], x[i]);
      sumY.addProduct(weights[i], y[i]);
      double product = weights[i] * x[i];
      products.addProduct(product, y[i]);
      products.addProduct(Math.fma(weights[i], x[i], -product), y[i]);
      momentsX.add(x[i], weights[i]);
      momentsY.add(y[i], weights[i]);
    }
    BigInteger varianceX = momentsX.centred(weight);
    BigInteger varianceY = momentsY.centred(weight);
    if (varianceX.signum() <= 0 || varianceY.signum() <= 0) {
      return Double.NaN;
    }
    BigInteger covariance =
        products.units().multiply(weight.units()).subtract(sumX.units().multiply(sumY.units()));
    BigDecimal scale =
        new BigDecimal(varianceX).multiply(new BigDecimal(varianceY), DIGITS).sqrt(DIGITS);
    double value = new BigDecimal(covariance).divide(scale, DIGITS).doubleValue();
    return Math.max(-1, Math.min(1, value));
  }

  static double spearman(double[] x, double[] y, double[] weights) {
    int total = 0;
    for (double weight : weights) {
      Rows.check(
          weight == Math.rint(weight) && weight < 1 << 30,
          "spearman takes whole weights only, as that many equal rows, but found %s",
          weight);
      total = Math.addExact(total, (int) weight);
    }
    double[] a = repeated(x, weights, total);
    double[] b = repeated(y, weights, total);
    if (total == 0) {
      return Double.NaN;
    }
    double[] ones = new double[total];
    Arrays.fill(ones, 1);
    return pearson(Ranks.of(a).values(), Ranks.of(b).values(), ones);
  }

  private static double[] repeated(double[] values, double[] weights, int total) {
    double[] rows = new double[total];
    int size = 0;
    for (int i = 0; i < values.length; i++) {
      int end = size + (int) weights[i];
      Arrays.fill(rows, size, end, values[i]);
      size = end;
    }
    return rows;
  }
}
