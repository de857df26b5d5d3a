package io.vivace.evaluate.compare;

import java.util.function.DoubleUnaryOperator;

/** Gauss-Legendre quadrature, composite. The nodes are the roots of the Legendre polynomial. */
final class GaussLegendre {
  private static final int NODES = 20;
  private static final double[] NODE = new double[NODES];
  private static final double[] WEIGHT = new double[NODES];

  static {
    for (int i = 0; i < NODES; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (NODES + 0.5));
      double slope = 0;
      for (int newton = 0; newton < 10; newton++) {
        double before = 1;
        double value = x;
        for (int degree = 2; degree <= NODES; degree++) {
          double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
          before = value;
          value = next;
        }
        slope = NODES * (x * value - before) / (x * x - 1);
        x -= value / slope;
      }
      NODE[i] = x;
      WEIGHT[i] = 2 / ((1 - x * x) * slope * slope);
    }
  }

  private GaussLegendre() {}

  static double integral(DoubleUnaryOperator function, double lower, double upper, int panels) {
    double half = (upper - lower) / panels / 2;
    double sum = 0;
    for (int panel = 0; panel < panels; panel++) {
      double middle = lower + (2 * panel + 1) * half;
      for (int i = 0; i < NODES; i++) {
        sum += WEIGHT[i] * function.applyAsDouble(middle + half * NODE[i]);
      }
    }
    return sum * half;
  }
}
