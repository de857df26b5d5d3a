package io.vivace.evaluate.search;

import java.util.List;

/** Takes the points of a scrambled Sobol sequence. */
final class SobolSampler extends Sampler {
  @Override
  double[] propose(History history) {
    return draw(history);
  }

  /** The point of the trial's number; at random where the space is too large for the sequence. */
  static double[] draw(History history) {
    Space space = history.space();
    if (space.size() > SobolSequence.MAX_DIMENSIONS) {
      return RandomSampler.draw(space, history.random());
    }
    SobolSequence sequence = SobolSequence.scrambled(space.size(), history.seed());
    return space.decode(sequence.point(history.number()));
  }

  @Override
  void check(Space space, int directions, List<String> faults) {
    if (space.size() > SobolSequence.MAX_DIMENSIONS) {
      faults.add(
          "the Sobol sequence has at most "
              + SobolSequence.MAX_DIMENSIONS
              + " parameters, but the space has "
              + space.size());
    }
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return "sobol";
  }
}
