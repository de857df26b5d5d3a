package io.vivace.evaluate.report;

import java.util.Locale;

/** Values with their unit, as a reader wants them: three or four digits that matter. */
final class Quantity {
  private static final String[] TIMES = {"ns", "us", "ms", "s"};
  private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB"};

  private Quantity() {}

  /**
   * Writes a value.
   *
   * @param unit {@code ns} and {@code bytes} are scaled; another one follows the number as it is
   */
  static String text(double value, String unit) {
    if (Double.isNaN(value)) {
      return "n/a";
    }
    return switch (unit) {
      case "" -> plain(value);
      case "ns" -> scaled(value, TIMES);
      case "bytes", "B" -> scaled(value, SIZES);
      default -> digits(value) + " " + unit;
    };
  }

  private static String plain(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    return size < 10 && (size >= 1e-3 || size == 0)
        ? String.format(Locale.ROOT, "%.4f", value)
        : digits(value);
  }

  private static String scaled(double value, String[] units) {
    double number = value;
    int unit = 0;
    while (Math.abs(number) >= 999.5 && unit + 1 < units.length) {
      number /= 1000;
      unit++;
    }
    return digits(number) + " " + units[unit];
  }

  /** Four digits that matter, without an exponent where that is short. */
  private static String digits(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e6) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    if (size >= 1e6 || size < 1e-3) {
      return String.format(Locale.ROOT, "%.3e", value);
    }
    int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
