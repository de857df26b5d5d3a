package io.vivace.evaluate.ensemble;

import io.vivace.core.serve.Combiner;
import java.util.Arrays;
import java.util.List;

/** The weighted average of arrays, element by element. */
final class DoublesAverage implements Combiner<double[], double[]> {
  private final double[] weights;
  private final double total;

  DoublesAverage(double[] weights) {
    this.weights = weights.clone();
    this.total = Arrays.stream(weights).sum();
  }

  @Override
  public double[] combine(List<double[]> answers) {
    double[] sum = new double[answers.get(0).length];
    for (int m = 0; m < answers.size(); m++) {
      double[] answer = answers.get(m);
      if (answer.length != sum.length) {
        throw new IllegalArgumentException(
            "one answer has " + sum.length + " numbers, another " + answer.length);
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weights[m] * answer[i];
      }
    }
    return Arrays.stream(sum).map(each -> each / total).toArray();
  }

  @Override
  public void check(int predictors) {
    if (predictors != weights.length) {
      throw new IllegalArgumentException(
          "there are " + weights.length + " weights for " + predictors + " predictors");
    }
  }

  @Override
  public String toString() {
    return "average" + Arrays.toString(weights);
  }
}
