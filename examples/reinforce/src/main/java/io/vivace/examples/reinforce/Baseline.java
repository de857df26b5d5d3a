package io.vivace.examples.reinforce;

import java.util.List;

/**
 * What episodes earn on average from a step on. Episodes that are over earn 0 from there. Without
 * it all actions would look good, as all earn something.
 */
final class Baseline {
  private final double discount;
  private final double[] mean;
  private final double deviation;

  private Baseline(double discount, double[] mean, double deviation) {
    this.discount = discount;
    this.mean = mean;
    this.deviation = deviation;
  }

  static Baseline of(List<Episode> episodes, double discount) {
    double[] mean = new double[CartPole.LONGEST];
    for (Episode episode : episodes) {
      double[] returns = episode.returns(discount);
      for (int i = 0; i < returns.length; i++) {
        mean[i] += returns[i] / episodes.size();
      }
    }
    Baseline plain = new Baseline(discount, mean, 1);
    double squares = 0;
    int count = 0;
    for (Episode episode : episodes) {
      for (double advantage : plain.advantages(episode)) {
        squares += advantage * advantage;
        count++;
      }
    }
    double deviation = Math.sqrt(squares / count);
    return new Baseline(discount, mean, deviation > 0 ? deviation : 1);
  }

  /** How much more than usual each step and those after it earned, with a mean square of 1. */
  double[] advantages(Episode episode) {
    double[] advantages = episode.returns(discount);
    for (int i = 0; i < advantages.length; i++) {
      advantages[i] = (advantages[i] - mean[i]) / deviation;
    }
    return advantages;
  }
}
