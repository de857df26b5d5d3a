package io.vivace.examples.benchmarks;

import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.search.Sampler;
import io.vivace.evaluate.search.Space;
import io.vivace.evaluate.search.Study;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/** What a search costs and what it finds, beside Optuna. */
final class SearchSuite implements Suite {
  private static final int ROUNDS = 5;
  private static final int SPEED_TRIALS = 1000;
  private static final int SPEED_DIMENSIONS = 10;

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String description() {
    return "hyper-parameter search: overhead, and regret after 100 trials with 50 seeds";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    overhead(figures);
    for (TestFunction function : List.of(TestFunction.BRANIN, TestFunction.HARTMANN6)) {
      regret(figures, function, "tpe", Sampler.tpe());
      regret(figures, function, "gp", Sampler.gaussianProcess());
    }
  }

  /** Ours and Optuna in turn on the same bowl; the score itself takes next to nothing. */
  private void overhead(Consumer<Figure> figures) throws Exception {
    if (!OptunaPeer.isPresent()) {
      return;
    }
    Space space = TestFunction.cube(SPEED_DIMENSIONS);
    for (int warmUp = 0; warmUp < 3; warmUp++) {
      Race.sink = Study.tpe().trials(SPEED_TRIALS).minimize(space, SearchSuite::bowl);
    }
    double[] ours = new double[ROUNDS];
    double[] peer = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      Race.sink = Study.tpe().trials(SPEED_TRIALS).seed(round).minimize(space, SearchSuite::bowl);
      ours[round] = (System.nanoTime() - begin) / 1e6;
      peer[round] = OptunaPeer.tpeMillis(SPEED_TRIALS, SPEED_DIMENSIONS, round);
    }
    figures.accept(
        Figure.lower(
            name(),
            "tpe-1000-trials-10-dimensions",
            Race.median(ours),
            Race.median(peer),
            "ms",
            "optuna " + OptunaPeer.version()));
  }

  private static double bowl(Params params) {
    double sum = 0;
    for (int i = 0; i < SPEED_DIMENSIONS; i++) {
      double x = params.real("x" + i);
      sum += x * x;
    }
    return sum;
  }

  /** The peer's regrets were measured once, with the same 50 seeds, and are kept as data. */
  private void regret(Consumer<Figure> figures, TestFunction function, String kind, Sampler sampler)
      throws Exception {
    double[] peer = OptunaPeer.regrets(kind, function.label());
    double[] ours = new double[peer.length];
    for (int seed = 0; seed < ours.length; seed++) {
      ours[seed] = function.regret(Study.with(sampler).trials(100).seed(seed));
    }
    String figure = kind + "-regret-" + function.label();
    double middle = Race.median(ours);
    double peerMiddle = Race.median(peer);
    figures.accept(
        Figure.lower(
            name(), figure + "-times-1e6", middle * 1e6, peerMiddle * 1e6, "1", "optuna 5.0.0"));
    double worse =
        MannWhitneyUTest.withDefaults()
            .with(AlternativeHypothesis.GREATER_THAN)
            .test(ours, peer)
            .getPValue();
    figures.accept(
        new Figure(
            name(), figure + "-p-of-worse", worse, 0.05, "p", worse / 0.05, "bar (at least)"));
    System.err.printf(
        "%s quartiles: ours %s, optuna %s%n",
        figure, Arrays.toString(quartiles(ours)), Arrays.toString(quartiles(peer)));
  }

  private static double[] quartiles(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new double[] {sorted[n / 4], sorted[n / 2], sorted[3 * n / 4]};
  }
}
