package io.vivace.core.serve;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Each predictor has a vote for one class number. */
record Majority(Weights weights) implements Combiner<Integer, Integer> {
  @Override
  public void check(int predictors) {
    weights.check(predictors);
  }

  @Override
  public Integer combine(List<Integer> answers) {
    Map<Integer, Double> votes = new TreeMap<>();
    for (int m = 0; m < answers.size(); m++) {
      votes.merge(answers.get(m), weights.of(m), Double::sum);
    }
    int winner = answers.get(0);
    double most = Double.NEGATIVE_INFINITY;
    for (Map.Entry<Integer, Double> vote : votes.entrySet()) {
      if (vote.getValue() > most) {
        most = vote.getValue();
        winner = vote.getKey();
      }
    }
    return winner;
  }
}
