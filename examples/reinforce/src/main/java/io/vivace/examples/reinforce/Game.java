package io.vivace.examples.reinforce;

import io.vivace.core.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Plays many episodes at a time, so that the network is asked about all of them in one batch. */
final class Game {
  /** Chooses between left and right by the network's scores of both. */
  @FunctionalInterface
  interface Choice {
    int of(float[] scores);
  }

  private Game() {}

  /** Always the action of the higher score. */
  static Choice best() {
    return scores -> scores[1] > scores[0] ? 1 : 0;
  }

  /** An action at random, by its probability: the softmax of the scores. */
  static Choice sampled(RandomGenerator random) {
    return scores -> random.nextDouble() < 1 / (1 + Math.exp(scores[0] - scores[1])) ? 1 : 0;
  }

  static List<Episode> play(
      Predictor<float[], float[]> policy, Choice choice, int count, RandomGenerator random) {
    List<Episode> episodes = new ArrayList<>();
    List<Episode> running = new ArrayList<>();
    List<CartPole> carts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      episodes.add(new Episode());
      carts.add(CartPole.start(random));
    }
    running.addAll(episodes);
    while (!carts.isEmpty()) {
      List<float[]> seen = carts.stream().map(CartPole::observation).toList();
      List<float[]> scores = policy.predictAll(seen);
      for (int i = carts.size() - 1; i >= 0; i--) {
        int action = choice.of(scores.get(i));
        running.get(i).add(seen.get(i), action);
        carts.set(i, carts.get(i).push(action));
        if (carts.get(i).isOver()) {
          carts.remove(i);
          running.remove(i);
        }
      }
    }
    return episodes;
  }

  /** The mean number of steps, which is what an episode earns. */
  static double meanReturn(List<Episode> episodes) {
    return episodes.stream().mapToInt(Episode::steps).average().orElse(Double.NaN);
  }
}
