package io.vivace.evaluate.search;

import io.vivace.evaluate.search.Parameter.Kind;

/**
 * The geometry of one parameter. A value is kept as a code: the number itself, or the index of the
 * option. Units run over [0, 1); for a stepped parameter every value owns an equal part of it, for
 * whole numbers on a log scale the part between the logarithms of its halves.
 */
final class Axis {
  private static final double GRID_SLACK = 1e-9;

  private final Parameter parameter;
  private final double low;
  private final double step;
  private final long count;
  private final double warpedLow;
  private final double warpedHigh;

  Axis(Parameter parameter) {
    this.parameter = parameter;
    low = parameter.low();
    step = parameter.step();
    count = step == 0 ? 0 : (long) Math.floor((parameter.high() - low) / step + GRID_SLACK) + 1;
    warpedLow = warp(low - step / 2);
    double top = warp(high() + step / 2);
    boolean single = top <= warpedLow; // any width does for a single value
    warpedHigh = single ? warpedLow + Math.max(1, Math.ulp(warpedLow)) : top;
  }

  Parameter parameter() {
    return parameter;
  }

  /** The highest value that can be chosen. */
  double high() {
    return count == 0 ? parameter.high() : onGrid(count - 1);
  }

  double low() {
    return low;
  }

  /** The number of values, or 0 where they are without number. */
  long count() {
    return count;
  }

  double step() {
    return step;
  }

  boolean isCategorical() {
    return parameter.kind() == Kind.CHOICE || parameter.kind() == Kind.FLAG;
  }

  boolean isLog() {
    return parameter.isLog();
  }

  /** Where the scale begins on which densities are estimated: half a step below the lowest. */
  double warpedLow() {
    return warpedLow;
  }

  double warpedHigh() {
    return warpedHigh;
  }

  double warp(double value) {
    return parameter.isLog() ? Math.log(value) : value;
  }

  double unwarp(double warped) {
    return snap(parameter.isLog() ? Math.exp(warped) : warped);
  }

  /** The nearest value that is allowed. */
  double snap(double value) {
    if (count == 0) {
      return Math.min(high(), Math.max(low, value));
    }
    double index = Math.rint((value - low) / step);
    return onGrid((long) Math.min(count - 1.0, Math.max(0, index)));
  }

  double onGrid(long index) {
    return low + index * step;
  }

  double fromUnit(double unit) {
    if (count > 0 && !parameter.isLog()) {
      return onGrid((long) Math.min(count - 1.0, Math.max(0, Math.floor(unit * count))));
    }
    return unwarp(warpedLow + unit * (warpedHigh - warpedLow));
  }

  double toUnit(double value) {
    return (warp(value) - warpedLow) / (warpedHigh - warpedLow);
  }

  boolean accepts(double code) {
    return code >= low && code <= high() && snap(code) == code;
  }

  /** The code as the user reads it: a number, a name or a boolean. */
  Object value(double code) {
    return switch (parameter.kind()) {
      case REAL -> (Object) code;
      case INTEGER -> (Object) (int) code;
      case CHOICE -> parameter.options().get((int) code);
      case FLAG -> code != 0;
    };
  }

  /** The code of a value, or NaN where it cannot be one. */
  double code(Object value) {
    double code = Double.NaN;
    if (isCategorical()) {
      String text = value instanceof Enum<?> constant ? constant.name() : value.toString();
      int index = parameter.options().indexOf(text);
      code = index < 0 ? Double.NaN : index;
    } else if (value instanceof Number number) {
      code = number.doubleValue();
    }
    return accepts(code) ? code : Double.NaN;
  }
}
