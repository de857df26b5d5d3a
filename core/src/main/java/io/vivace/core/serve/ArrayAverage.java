package io.vivace.core.serve;

import io.vivace.core.EngineException;
import java.util.List;

/** The average of arrays, element by element. */
record ArrayAverage(Weights weights) implements Combiner<float[], float[]> {
  @Override
  public void check(int predictors) {
    weights.check(predictors);
  }

  @Override
  public float[] combine(List<float[]> answers) {
    int length = answers.get(0).length;
    double[] sums = new double[length];
    for (int m = 0; m < answers.size(); m++) {
      float[] answer = answers.get(m);
      if (answer.length != length) {
        throw new EngineException(
            String.format(
                "answers of %d and %d numbers cannot be averaged; all predictors must give as many",
                length, answer.length));
      }
      double weight = weights.of(m);
      for (int i = 0; i < length; i++) {
        sums[i] += weight * answer[i];
      }
    }
    double sum = weights.sum(answers.size());
    float[] average = new float[length];
    for (int i = 0; i < length; i++) {
      average[i] = (float) (sums[i] / sum);
    }
    return average;
  }
}
