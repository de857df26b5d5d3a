package io.vivace.optimize.quantize;

/**
 * The integers that one block of weights may take, and how its scale and zero point are found:
 * {@code weight = scale * (code - zero)} with codes from 0 to {@code 2^bits - 1}.
 */
final class BlockGrid {
  /** How far the search narrows a range, and in how many steps. */
  private static final int STEPS = 10;

  private static final float NARROWEST = 0.6f;

  /** Added and subtracted, it rounds a float of less than 2^22 to an integer. */
  private static final float ROUNDING = 12_582_912f;

  private final int highest;
  private final float middle;
  private final boolean symmetric;
  private final boolean fitted;
  private float scale;
  private float zero;

  /**
   * @param symmetric whether the zero point is {@code 2^(bits - 1)}; the largest weight is then
   *     code 0 exactly, so that scales may be negative
   * @param fitted whether the scale is searched that leaves the smallest squared error; else it is
   *     the one that spans the range, as ONNX Runtime's tool takes it
   */
  BlockGrid(int bits, boolean symmetric, boolean fitted) {
    this.highest = (1 << bits) - 1;
    this.middle = 1 << (bits - 1);
    this.symmetric = symmetric;
    this.fitted = fitted;
  }

  float scale() {
    return scale;
  }

  int zero() {
    return (int) zero;
  }

  /**
   * Finds scale and zero point.
   *
   * @param weights where the block lies
   * @param importance what the squared error of each weight counts, by position in the block; empty
   *     for all the same
   */
  void fit(float[] weights, int from, int count, float[] importance) {
    float low = 0;
    float high = 0;
    for (int i = from; i < from + count; i++) {
      low = Math.min(low, weights[i]);
      high = Math.max(high, weights[i]);
    }
    span(low, high);
    if (!fitted || scale == 0) {
      return;
    }
    search(weights, from, count, importance, low, high);
  }

  /** Takes the narrowed range whose codes, with the best scale for them, leave the least error. */
  private void search(
      float[] weights, int from, int count, float[] importance, float low, float high) {
    float bestScale = scale;
    float bestZero = zero;
    double most = 0;
    for (int step = 0; step <= STEPS; step++) {
      float part = 1 - (1 - NARROWEST) * step / STEPS;
      for (int side = 0; side < (symmetric ? 2 : 1); side++) {
        span(side == 0 ? low * part : -high * part, side == 0 ? high * part : -low * part);
        if (scale == 0) {
          continue;
        }
        double gain = refine(weights, from, count, importance);
        if (gain > most) {
          most = gain;
          bestScale = scale;
          bestZero = zero;
        }
      }
    }
    scale = bestScale;
    zero = bestZero;
  }

  /** The rule of ONNX Runtime's kernel. */
  private void span(float low, float high) {
    if (symmetric) {
      float extreme = Math.abs(high) > Math.abs(low) ? high : low;
      scale = extreme / -middle;
      zero = middle;
      return;
    }
    scale = (high - low) / highest;
    float exact = scale == 0 ? low : -low / scale;
    zero = Math.min(highest, Math.max(0, round(exact)));
  }

  /**
   * Takes the scale that is best for the codes which the present one gives. Returns by how much the
   * squared error is then less than that of zeros.
   */
  private double refine(float[] weights, int from, int count, float[] importance) {
    float reciprocal = 1 / scale;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      float weight = weights[from + i];
      // Ties do not matter here.
      float nearest = weight * reciprocal + zero + ROUNDING - ROUNDING;
      float steps = Math.min(highest, Math.max(0, nearest)) - zero;
      float counted = importance.length == 0 ? steps : importance[i] * steps;
      products += counted * weight;
      squares += counted * steps;
    }
    if (squares == 0 || products == 0) {
      return 0;
    }
    scale = (float) (products / squares);
    return products * products / squares;
  }

  /** The nearest code; of two equally near, the one away from 0 before the zero point is added. */
  int code(float weight) {
    float reciprocal = scale == 0 ? 0 : 1 / scale;
    return (int) Math.min(highest, Math.max(0, round(weight * reciprocal + zero)));
  }

  float value(int code) {
    return scale * (code - zero);
  }

  /** Half away from zero, as C's {@code roundf}; not {@code Math.round}, which goes up. */
  private static float round(float value) {
    float whole = (int) value;
    float rest = Math.abs(value - whole);
    return rest >= 0.5f ? whole + Math.signum(value) : whole;
  }
}
