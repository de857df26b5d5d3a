package io.vivace.examples.benchmarks;

import java.util.function.Consumer;

/**
 * What the tests and intervals of evaluate promise, simulated: how often a test rejects where there
 * is no difference, and how often a 95 % interval holds the true value. Takes minutes; seeds are
 * fixed, so a run gives the same figures.
 */
final class StatisticsSuite implements Suite {
  @Override
  public String name() {
    return "statistics";
  }

  @Override
  public String description() {
    return "type-I errors of the tests and coverage of the intervals, simulated";
  }

  @Override
  public void run(Consumer<Figure> figures) {
    Simulation simulation = new Simulation(name(), figures);
    new PairErrors(simulation).run();
    new FoldErrors(simulation).run();
    new RankErrors(simulation).run();
    new AnalyticCoverage(simulation).run();
    new BootstrapCoverage(simulation).run();
  }
}
