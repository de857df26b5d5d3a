package io.vivace.core.serve;

import java.util.List;

/** The average of numbers. */
record NumberAverage(Weights weights) implements Combiner<Double, Double> {
  @Override
  public void check(int predictors) {
    weights.check(predictors);
  }

  @Override
  public Double combine(List<Double> answers) {
    double sum = 0;
    for (int m = 0; m < answers.size(); m++) {
      sum += weights.of(m) * answers.get(m);
    }
    return sum / weights.sum(answers.size());
  }
}
