package io.vivace.examples.benchmarks;

import io.vivace.evaluate.search.Parameter;
import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.search.Score;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.StudyOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * A function that optimisers are tried on, with its minimum. Source: Surjanovic and Bingham,
 * "Virtual Library of Simulation Experiments".
 *
 * @param label the name in figures
 * @param space where it is searched
 * @param score its value
 * @param minimum its lowest value
 */
record TestFunction(String label, Space space, Score score, double minimum) {
  static final TestFunction BRANIN =
      new TestFunction(
          "branin",
          Space.of(Parameter.real("x", -5, 10), Parameter.real("y", 0, 15)),
          TestFunction::branin,
          0.39788735772973816);

  static final TestFunction HARTMANN6 =
      new TestFunction("hartmann6", cube(6), TestFunction::hartmann6, -3.32236801141551);

  private static final double[] WEIGHTS = {1, 1.2, 3, 3.2};
  private static final double[][] SLOPES = {
    {10, 3, 17, 3.5, 1.7, 8},
    {0.05, 10, 17, 0.1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, 0.05, 10, 0.1, 14}
  };
  private static final double[][] CENTRES = {
    {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
  };

  /** Numbers x0, x1 and so on from 0 to 1. */
  static Space cube(int dimensions) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      parameters.add(Parameter.real("x" + i, 0, 1));
    }
    return Space.of(parameters);
  }

  /** How far the best trial is from the minimum. */
  double regret(StudyOptions options) {
    return options.minimize(space, score).bestScore() - minimum;
  }

  private static double branin(Params params) {
    double x = params.real("x");
    double y = params.real("y");
    double inner = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return inner * inner + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  private static double hartmann6(Params params) {
    double sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      double exponent = 0;
      for (int j = 0; j < 6; j++) {
        double difference = params.real("x" + j) - CENTRES[i][j];
        exponent += SLOPES[i][j] * difference * difference;
      }
      sum -= WEIGHTS[i] * Math.exp(-exponent);
    }
    return sum;
  }
}
