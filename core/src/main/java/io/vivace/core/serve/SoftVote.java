package io.vivace.core.serve;

import io.vivace.core.EngineException;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import java.util.List;

/** The average of probabilities. */
record SoftVote(Weights weights) implements Combiner<Classification, Classification> {
  @Override
  public void check(int predictors) {
    weights.check(predictors);
  }

  @Override
  public Classification combine(List<Classification> answers) {
    LabelSums sums = new LabelSums();
    for (int m = 0; m < answers.size(); m++) {
      for (Prediction prediction : answers.get(m).ranked()) {
        sums.add(prediction, weights.of(m) * prediction.probability());
      }
    }
    for (Classification answer : answers) {
      if (answer.ranked().size() != sums.size()) {
        throw new EngineException(
            String.format(
                "a soft vote needs the probability of every label from every predictor, but one"
                    + " gave %d of %d; do not limit them by top(n)",
                answer.ranked().size(), sums.size()));
      }
    }
    return sums.ranked(weights.sum(answers.size()));
  }
}
