package io.vivace.evaluate.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Charts of curves, several models in one. The curves themselves come from the metrics; nothing is
 * computed here. Every chart takes any number of lines, also none.
 */
public final class CurveChart {
  private static final double DOT = 3;

  private CurveChart() {}

  /**
   * Draws receiver operating characteristics.
   *
   * @param curves false positive rate and true positive rate, both from 0 to 1
   * @return the chart, with the diagonal of chance
   */
  public static Chart roc(Series... curves) {
    Plot plot =
        new Plot(Plot.unit("False positive rate", true), Plot.unit("True positive rate", false));
    plot.guide(0, 0, 1, 1);
    return curves("ROC curve", plot, curves, false, false);
  }

  /**
   * Draws precision over recall.
   *
   * @param curves recall and precision, both from 0 to 1
   * @return the chart
   */
  public static Chart precisionRecall(Series... curves) {
    Plot plot = new Plot(Plot.unit("Recall", true), Plot.unit("Precision", false));
    return curves("Precision-recall curve", plot, curves, false, false);
  }

  /**
   * Draws how often what is said with a certain confidence is true.
   *
   * @param curves mean predicted probability and share of positives of each bin, both from 0 to 1
   * @return the chart, with the diagonal of perfect calibration
   */
  public static Chart calibration(Series... curves) {
    Plot plot =
        new Plot(
            Plot.unit("Mean predicted probability", true), Plot.unit("Share of positives", false));
    plot.guide(0, 0, 1, 1);
    return curves("Calibration curve", plot, curves, true, true);
  }

  /**
   * Draws scores over the number of examples, the epoch or the value of a parameter.
   *
   * @param title what is drawn
   * @param x the label of the horizontal axis
   * @param y the label of the vertical axis
   * @param curves the lines, for example of training and of validation
   * @return the chart, its axes as wide as the data
   */
  public static Chart learning(String title, String x, String y, Series... curves) {
    Axis across = covering(x, xs(curves), Plot.LEFT, Plot.RIGHT);
    Axis up = covering(y, ys(curves), Plot.BOTTOM, Plot.TOP);
    return curves(title, new Plot(across, up), curves, true, false);
  }

  private static Axis covering(String label, List<double[]> values, double from, double to) {
    return Axis.covering(label, values, false, from, to);
  }

  private static List<double[]> xs(Series... curves) {
    return Arrays.stream(curves).map(Series::x).toList();
  }

  private static List<double[]> ys(Series... curves) {
    List<double[]> values = new ArrayList<>();
    for (Series curve : curves) {
      values.add(curve.y());
      double[] lower = curve.lower();
      double[] upper = curve.upper();
      if (lower != null && upper != null) {
        values.add(lower);
        values.add(upper);
      }
    }
    return values;
  }

  private static Chart curves(
      String title, Plot plot, Series[] curves, boolean dots, boolean legendOnTop) {
    for (int i = 0; i < curves.length; i++) {
      plot.line(curves[i], i);
      if (dots) {
        plot.points(curves[i], i, DOT);
      }
    }
    boolean left = legendOnTop;
    plot.legend(Arrays.stream(curves).map(Series::name).toList(), left);
    return new Chart(title, Plot.WIDTH, Plot.HEIGHT, plot.body());
  }
}
