package io.vivace.evaluate.search;

import org.apache.commons.rng.UniformRandomProvider;

/** Draws every point anew. */
final class RandomSampler extends Sampler {
  @Override
  double[] propose(History history) {
    return draw(history.space(), history.random());
  }

  static double[] draw(Space space, UniformRandomProvider random) {
    double[] units = new double[space.size()];
    for (int i = 0; i < units.length; i++) {
      units[i] = random.nextDouble();
    }
    return space.decode(units);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return "random";
  }
}
