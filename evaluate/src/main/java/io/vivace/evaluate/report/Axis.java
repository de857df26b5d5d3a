package io.vivace.evaluate.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to a stretch of the drawing, and knows where to mark it.
 *
 * @param label what is measured
 * @param low the value at {@code from}
 * @param high the value at {@code to}, above {@code low}
 * @param log whether equal distances are equal ratios; both ends are then above 0
 * @param from a coordinate
 * @param to a coordinate
 */
record Axis(String label, double low, double high, boolean log, double from, double to) {
  private static final int MARKS = 5;

  /** An axis that covers values, with a little air; values that are not finite are left out. */
  static Axis covering(
      String label, Iterable<double[]> values, boolean log, double from, double to) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] some : values) {
      for (double value : some) {
        if (Double.isFinite(value) && (!log || value > 0)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      return new Axis(label, log ? 0.1 : 0, 1, log, from, to);
    }
    return log ? decades(label, low, high, from, to) : padded(label, low, high, from, to);
  }

  private static Axis padded(String label, double low, double high, double from, double to) {
    double air = high > low ? (high - low) * 0.05 : Math.max(Math.abs(low) * 0.1, 1e-9);
    return new Axis(label, low - air, high + air, false, from, to);
  }

  private static Axis decades(String label, double low, double high, double from, double to) {
    double first = Math.pow(10, Math.floor(Math.log10(low)));
    double last = Math.pow(10, Math.ceil(Math.log10(high)));
    return new Axis(label, first, last > first ? last : first * 10, true, from, to);
  }

  double at(double value) {
    double share =
        log
            ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
            : (value - low) / (high - low);
    return from + share * (to - from);
  }

  double[] at(double[] values) {
    double[] places = new double[values.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = at(values[i]);
    }
    return places;
  }

  /** Whether a value has a place on this axis. */
  boolean shows(double value) {
    return Double.isFinite(value) && (!log || value > 0);
  }

  /** Round values between the ends: 1, 2 or 5 times a power of ten apart; powers of ten if log. */
  List<Double> marks() {
    List<Double> marks = new ArrayList<>();
    if (log) {
      for (double mark = low; mark <= high * 1.0001; mark *= 10) {
        marks.add(mark);
      }
      return marks;
    }
    double step = step((high - low) / MARKS);
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
      marks.add(i * step);
    }
    return marks;
  }

  private static double step(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    double nice = digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10;
    return nice * power;
  }

  /** A mark's value as short as it may be. */
  static String text(double value) {
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1e6 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.0e", value);
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
