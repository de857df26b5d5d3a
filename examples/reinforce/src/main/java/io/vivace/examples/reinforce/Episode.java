package io.vivace.examples.reinforce;

import java.util.ArrayList;
import java.util.List;

/** What was seen and done from a start to its end. Each step earns 1. */
final class Episode {
  private final List<float[]> observations = new ArrayList<>();
  private final List<Integer> actions = new ArrayList<>();

  void add(float[] observation, int action) {
    observations.add(observation);
    actions.add(action);
  }

  int steps() {
    return actions.size();
  }

  float[] observation(int step) {
    return observations.get(step);
  }

  int action(int step) {
    return actions.get(step);
  }

  /** What each step and those after it earn, where a later step counts less and less. */
  double[] returns(double discount) {
    double[] returns = new double[steps()];
    double later = 0;
    for (int i = returns.length - 1; i >= 0; i--) {
      later = 1 + discount * later;
      returns[i] = later;
    }
    return returns;
  }
}
