package io.vivace.core.serve;

import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import java.util.List;

/** Each predictor has a vote for one label. */
record HardVote(Weights weights) implements Combiner<Classification, Classification> {
  @Override
  public void check(int predictors) {
    weights.check(predictors);
  }

  @Override
  public Classification combine(List<Classification> answers) {
    LabelSums sums = new LabelSums();
    for (int m = 0; m < answers.size(); m++) {
      for (Prediction prediction : answers.get(m).ranked()) {
        boolean first = prediction == answers.get(m).top();
        sums.add(prediction, first ? weights.of(m) : 0);
      }
    }
    return sums.ranked(weights.sum(answers.size()));
  }
}
