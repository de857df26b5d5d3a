package io.vivace.optimize.quantize;

/**
 * How a real number and its integer belong together: {@code real = scale * (integer - zeroPoint)}.
 *
 * @param scale the step between two integers, above 0
 * @param zeroPoint the integer of 0
 */
record Affine(float scale, int zeroPoint) {
  /**
   * Fits a range of real numbers into a range of integers.
   *
   * <pre>{@code
   * low = min(lowest real, 0), high = max(highest real, 0); symmetric: -+ max(-low, high)
   * scale = (high - low) / (highest - lowest)
   * zeroPoint = rint(lowest - low / scale); symmetric: rint((lowest + highest) / 2)
   * }</pre>
   *
   * <p>Range in single precision (in double where no float is as large), quotient in double,
   * rounded to single at the end; ties to even. A scale below the smallest normal float becomes 1
   * with zero point 0. These are the rules of ONNX Runtime's {@code compute_scale_zp} (1.30).
   */
  static Affine of(float lowestReal, float highestReal, IntegerRange range, boolean symmetric) {
    float low = Math.min(lowestReal, 0);
    float high = Math.max(highestReal, 0);
    if (symmetric) {
      high = Math.max(-low, high);
      low = -high;
    }
    float span = high - low;
    double real = Float.isFinite(span) ? span : (double) high - low;
    double scale = real / (range.highest() - range.lowest());
    if (scale < Float.MIN_NORMAL) {
      return new Affine(1, 0);
    }
    double zero =
        symmetric
            ? Math.rint((range.lowest() + range.highest()) / 2.0)
            : Math.rint(range.lowest() - low / scale);
    return new Affine((float) scale, (int) zero);
  }
}
