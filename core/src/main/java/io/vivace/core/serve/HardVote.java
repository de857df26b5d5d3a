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
      List<Prediction> ranked = answers.get(m).ranked();
      for (int rank = 0; rank < ranked.size(); rank++) {
        sums.add(ranked.get(rank), rank == 0 ? weights.of(m) : 0);
      }
    }
    return sums.ranked(weights.sum(answers.size()));
  }
}
