package io.vivace.evaluate.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS within bounds: variables that a bound holds are left out of a step, and what
 * a step carries over a bound is set back onto it. Source of the two loops: Nocedal and Wright,
 * "Numerical Optimization", algorithm 7.4; of the projection: Bertsekas, "Projected Newton Methods
 * for Optimization Problems with Simple Constraints", SIAM J. Control Optim. 20 (1982).
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final int BACKTRACKS = 25;
  private static final double ARMIJO = 1e-4;
  private static final double CURVATURE = 1e-10;

  /** A function and its gradient. */
  interface Function {
    /** Fills the gradient and answers the value; infinite or NaN where there is none. */
    double at(double[] x, double[] gradient);
  }

  /** Where a search ended. */
  static final class Minimum {
    private final double[] x;
    private final double value;

    Minimum(double[] x, double value) {
      this.x = x;
      this.value = value;
    }

    double[] x() {
      return x;
    }

    double value() {
      return value;
    }
  }

  /** One remembered step. */
  private static final class Pair {
    private final double[] s;
    private final double[] y;
    private final double rho;

    Pair(double[] s, double[] y, double rho) {
      this.s = s;
      this.y = y;
      this.rho = rho;
    }

    double[] s() {
      return s;
    }

    double[] y() {
      return y;
    }

    double rho() {
      return rho;
    }
  }

  private final Function function;
  private final double[] low;
  private final double[] high;
  private final Deque<Pair> pairs = new ArrayDeque<>();

  private Lbfgs(Function function, double[] low, double[] high) {
    this.function = function;
    this.low = low;
    this.high = high;
  }

  /** Searches downhill until the projected gradient is that small, or so many steps are done. */
  static Minimum minimize(
      Function function,
      double[] start,
      double[] low,
      double[] high,
      double tolerance,
      int maxSteps) {
    return new Lbfgs(function, low, high).search(start, tolerance, maxSteps);
  }

  private Minimum search(double[] start, double tolerance, int maxSteps) {
    int n = start.length;
    double[] x = start.clone();
    clip(x);
    double[] gradient = new double[n];
    double value = function.at(x, gradient);
    for (int step = 0; step < maxSteps && projected(x, gradient) > tolerance; step++) {
      double[] direction = direction(x, gradient);
      double[] next = new double[n];
      double[] nextGradient = new double[n];
      double found = walk(x, value, gradient, direction, next, nextGradient);
      if (Double.isNaN(found)) {
        if (pairs.isEmpty()) {
          break;
        }
        pairs.clear(); // the memory misleads: go on with the gradient alone
        continue;
      }
      remember(x, next, gradient, nextGradient);
      boolean stalled = value - found <= 1e-13 * Math.max(1, Math.abs(value));
      x = next;
      gradient = nextGradient;
      value = found;
      if (stalled) {
        break;
      }
    }
    return new Minimum(x, value);
  }

  /** Goes back along the bent path until the value falls enough; NaN if it never does. */
  private double walk(
      double[] x,
      double value,
      double[] gradient,
      double[] direction,
      double[] next,
      double[] nextGradient) {
    double length = pairs.isEmpty() ? firstLength(direction) : 1;
    for (int tries = 0; tries < BACKTRACKS; tries++, length *= 0.4) {
      double slope = 0;
      for (int i = 0; i < x.length; i++) {
        next[i] = Math.min(high[i], Math.max(low[i], x[i] + length * direction[i]));
        slope += gradient[i] * (next[i] - x[i]);
      }
      double found = function.at(next, nextGradient);
      if (slope < 0 && found <= value + ARMIJO * slope) {
        return found;
      }
    }
    return Double.NaN;
  }

  private static double firstLength(double[] direction) {
    double norm = 0;
    for (double d : direction) {
      norm += Math.abs(d);
    }
    return Math.min(1, 1 / norm);
  }

  private double[] direction(double[] x, double[] gradient) {
    double[] q = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      q[i] = held(x, gradient, i) ? 0 : gradient[i];
    }
    double[] alphas = new double[pairs.size()];
    int a = 0;
    for (Pair pair : pairs) {
      alphas[a] = pair.rho() * dot(pair.s(), q);
      add(q, -alphas[a++], pair.y());
    }
    if (!pairs.isEmpty()) {
      Pair latest = pairs.getFirst();
      double scale = 1 / (latest.rho() * dot(latest.y(), latest.y()));
      for (int i = 0; i < q.length; i++) {
        q[i] *= scale;
      }
    }
    for (Iterator<Pair> oldest = pairs.descendingIterator(); oldest.hasNext(); ) {
      Pair pair = oldest.next();
      add(q, alphas[--a] - pair.rho() * dot(pair.y(), q), pair.s());
    }
    for (int i = 0; i < q.length; i++) {
      q[i] = held(x, gradient, i) ? 0 : -q[i];
    }
    return q;
  }

  private void remember(double[] x, double[] next, double[] gradient, double[] nextGradient) {
    double[] s = new double[x.length];
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      s[i] = next[i] - x[i];
      y[i] = nextGradient[i] - gradient[i];
    }
    double curvature = dot(s, y);
    if (curvature > CURVATURE * dot(y, y)) {
      pairs.addFirst(new Pair(s, y, 1 / curvature));
      if (pairs.size() > MEMORY) {
        pairs.removeLast();
      }
    }
  }

  private boolean held(double[] x, double[] gradient, int i) {
    return (x[i] <= low[i] && gradient[i] > 0) || (x[i] >= high[i] && gradient[i] < 0);
  }

  /** The largest part of the gradient that no bound holds. */
  private double projected(double[] x, double[] gradient) {
    double most = 0;
    for (int i = 0; i < x.length; i++) {
      most = Math.max(most, held(x, gradient, i) ? 0 : Math.abs(gradient[i]));
    }
    return most;
  }

  private void clip(double[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.min(high[i], Math.max(low[i], x[i]));
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }
}
