package io.vivace.evaluate.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How often the positive class is true where its probability was in a bin: the reliability diagram.
 *
 * @param points the bins that hold rows, by rising probability
 */
public record CalibrationCurve(List<Point> points) {
  /**
   * Copies the list.
   *
   * @param points the bins that hold rows, by rising probability
   */
  public CalibrationCurve {
    points = List.copyOf(points);
  }

  /**
   * One bin.
   *
   * @param meanProbability the mean probability of the positive class, in [0, 1]
   * @param positiveRate how often the positive class is true, in [0, 1]
   * @param weight the weight of the rows
   */
  public record Point(double meanProbability, double positiveRate, double weight) {}

  /**
   * Draws the curve.
   *
   * @param batch rows of two classes with probabilities
   * @param binning how the probabilities of class 1 are put into bins
   * @return the curve
   * @throws IllegalArgumentException if there are not two classes, or scores are no probabilities
   */
  public static CalibrationCurve of(Scores batch, Binning binning) {
    Bins bins = CalibrationError.binary(batch, binning);
    return new CalibrationCurve(
        IntStream.range(0, bins.size())
            .filter(bin -> bins.weight(bin) > 0)
            .mapToObj(
                bin -> new Point(bins.meanProbability(bin), bins.hitRate(bin), bins.weight(bin)))
            .toList());
  }
}
