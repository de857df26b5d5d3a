package io.vivace.examples.reinforce;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.OnlineTraining;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Learns a policy by its gradient: REINFORCE (Williams, "Simple Statistical Gradient-Following
 * Algorithms for Connectionist Reinforcement Learning", 1992). The policy plays episodes; actions
 * that earned more than usual become likelier, the others less likely; and again.
 */
final class PolicyGradient implements AutoCloseable {
  private static final int EPISODES = 32;
  private static final double DISCOUNT = 0.99;
  private static final double RATE = 0.01;
  private static final int HIDDEN = 64;

  private final SplittableRandom random;
  private final OnlineTraining<float[], Move, float[]> training;

  /** Learns for about so many rounds, in which the learning rate falls. */
  PolicyGradient(long seed, int rounds) {
    random = new SplittableRandom(seed);
    training =
        Trainer.block(PolicyGradient::network)
            .input(VectorInput.floats(4))
            .output(VectorOutput.floats())
            .loss(PolicyGradient::loss)
            .optimizer(Optimizer.adam(RATE).schedule(Schedule.cosine()))
            .epochs(rounds)
            .batchSize(1_000_000) // all steps of a round in one step of the optimizer
            .clipNorm(1)
            .build()
            .online(new float[4], seed);
  }

  private static Block network() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(HIDDEN).build())
        .add(Activation.tanhBlock())
        .add(Linear.builder().setUnits(2).build());
  }

  /** The mean of {@code -advantage * log(probability of the action)}. */
  private static NDArray loss(NDList outputs, List<Move> moves) {
    float[][] weights = new float[moves.size()][2];
    for (int i = 0; i < weights.length; i++) {
      weights[i][moves.get(i).action()] = (float) -moves.get(i).advantage();
    }
    NDArray scores = outputs.head();
    NDArray wanted = scores.getManager().create(weights);
    return scores.logSoftmax(1).mul(wanted).sum().div(Loss.number(scores, moves.size()));
  }

  /** Plays, learns from it, and returns the mean return of what was played. */
  double round() {
    List<Episode> episodes = Game.play(training.model(), Game.sampled(random), EPISODES, random);
    training.learn(moves(episodes));
    return Game.meanReturn(episodes);
  }

  /** The moves with what they earned, less what the episodes earned on average at that time. */
  private static Dataset<float[], Move> moves(List<Episode> episodes) {
    Baseline baseline = Baseline.of(episodes, DISCOUNT);
    List<float[]> observations = new ArrayList<>();
    List<Move> moves = new ArrayList<>();
    for (Episode episode : episodes) {
      double[] advantages = baseline.advantages(episode);
      for (int i = 0; i < advantages.length; i++) {
        observations.add(episode.observation(i));
        moves.add(new Move(episode.action(i), advantages[i]));
      }
    }
    return Dataset.of(observations, moves);
  }

  TrainedModel<float[], float[]> policy() {
    return training.model();
  }

  @Override
  public void close() {
    training.close();
  }
}
