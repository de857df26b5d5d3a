package io.vivace.examples.reinforce;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Teaches a network to balance a pole, shows how it learns, writes the policy as an ONNX model and
 * lets a predictor play with it.
 *
 * <p>The arguments are seeds; left out, there is one, 1. The models go to {@code target/policy}.
 */
public final class Reinforce {
  static final int ROUNDS = 100;
  private static final int SHOWN = 10;
  private static final int BAR = 50;
  private static final int JUDGED = 100;

  private final PrintStream out;
  private final Path folder;

  private Reinforce(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /**
   * Runs the example.
   *
   * @param args seeds, whole numbers
   * @throws IOException if a model cannot be written
   */
  public static void main(String[] args) throws IOException {
    // Read when the engine starts: with one thread the same seed gives the same policy.
    setDefault("ai.djl.pytorch.num_threads");
    setDefault("ai.djl.pytorch.num_interop_threads");
    List<Long> seeds = new ArrayList<>();
    for (String arg : args.length > 0 ? args : new String[] {"1"}) {
      try {
        seeds.add(Long.parseLong(arg));
      } catch (NumberFormatException e) {
        System.err.println("a seed must be a whole number, but was \"" + arg + "\"");
        System.exit(2);
      }
    }
    run(System.out, Path.of("target/policy"), seeds, ROUNDS);
  }

  private static void setDefault(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "1");
    }
  }

  /** Returns the mean return of the served policy of each seed. */
  static List<Double> run(PrintStream out, Path folder, List<Long> seeds, int rounds)
      throws IOException {
    Files.createDirectories(folder);
    Reinforce example = new Reinforce(out, folder);
    List<Double> returns = new ArrayList<>();
    for (long seed : seeds) {
      returns.add(example.judge(example.learn(seed, rounds)));
    }
    return returns;
  }

  private Path learn(long seed, int rounds) {
    out.printf("Seed %d: mean return of the episodes played while learning%n", seed);
    long begin = System.nanoTime();
    Path file = folder.resolve("cart-pole-" + seed + ".onnx");
    try (PolicyGradient learner = new PolicyGradient(seed, rounds)) {
      for (int round = 1; round <= rounds; round++) {
        double earned = learner.round();
        if (round == 1 || round % SHOWN == 0) {
          int length = (int) Math.round(BAR * earned / CartPole.LONGEST);
          out.printf(Locale.ROOT, "  round %3d %6.1f %s%n", round, earned, "#".repeat(length));
        }
      }
      learner.policy().export(file);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    out.printf(Locale.ROOT, "  learnt in %.1f s, written to %s%n", seconds, file);
    return file;
  }

  private double judge(Path file) {
    try (Predictor<float[], float[]> policy =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(4))
            .output(VectorOutput.floats())
            .build()) {
      SplittableRandom unseen = new SplittableRandom(-1);
      List<Episode> episodes = Game.play(policy, Game.best(), JUDGED, unseen);
      double earned = Game.meanReturn(episodes);
      out.printf(
          Locale.ROOT,
          "  served by ONNX Runtime: mean return %.1f of %d over %d episodes%n",
          earned,
          CartPole.LONGEST,
          episodes.size());
      return earned;
    }
  }
}
