package io.vivace.optimize;

/**
 * How much an output of the compressed model differs from the original's, over all samples. With x
 * the original's values and y the others:
 *
 * @param output the output's name
 * @param elements number of values compared
 * @param signalToNoiseDecibels {@code 10 log10(sum x^2 / sum (x - y)^2)}; infinite if the outputs
 *     are equal, NaN if there are no values or only one of two values is NaN
 * @param cosine {@code sum xy / sqrt(sum x^2 sum y^2)}, in [-1, 1]; NaN if an output is all 0
 * @param largestError {@code max |x - y|}; 0 if there are no values
 */
public record OutputDifference(
    String output,
    long elements,
    double signalToNoiseDecibels,
    double cosine,
    double largestError) {

  /** Adds values up; two values that are both NaN count as equal. */
  static final class Sum {
    private final String output;
    private long elements;
    private double signal;
    private double noise;
    private double other;
    private double product;
    private double largest;

    Sum(String output) {
      this.output = output;
    }

    void add(double x, double y) {
      elements++;
      if (Double.isNaN(x) && Double.isNaN(y)) {
        return;
      }
      double error = x == y ? 0 : x - y;
      signal += x * x;
      other += y * y;
      product += x * y;
      noise += error * error;
      largest = Math.max(largest, Math.abs(error));
    }

    OutputDifference difference() {
      double ratio =
          elements == 0 ? Double.NaN : noise == 0 ? Double.POSITIVE_INFINITY : signal / noise;
      return new OutputDifference(
          output, elements, 10 * Math.log10(ratio), product / Math.sqrt(signal * other), largest);
    }
  }
}
