package io.vivace.examples.benchmarks;

import java.util.List;

/** Prints figures of the named suites, ours beside the peers', one a line. */
public final class Benchmarks {
  private static final List<Suite> SUITES =
      List.of(
          new PredictSuite(),
          new BatchSuite(),
          new ServeSuite(),
          new OverloadSuite(),
          new SwapSuite(),
          new SoakSuite(),
          new SearchSuite(),
          new MetricsSuite(),
          new StatisticsSuite(),
          new QuantizeSuite(),
          new CompressSuite(),
          new FuzzSuite(),
          new TrainSuite(),
          new UnsupervisedSuite(),
          new DistillSuite(),
          new DeepCompressionSuite());

  private Benchmarks() {}

  /**
   * Runs suites.
   *
   * @param args the names of suites
   * @throws Exception if a suite fails
   */
  public static void main(String[] args) throws Exception {
    List<String> known = SUITES.stream().map(Suite::name).toList();
    if (args.length == 0 || !known.containsAll(List.of(args))) {
      System.err.println("usage: java -jar benchmarks.jar SUITE...");
      SUITES.forEach(suite -> System.err.println("  " + suite.name() + "  " + suite.description()));
      System.exit(2);
    }
    System.out.println("suite\tfigure\tours\tpeer\tunit\tratio\tpeer-name");
    for (String name : args) {
      suite(name).run(figure -> System.out.println(figure.toLine()));
    }
  }

  static Suite suite(String name) {
    return SUITES.stream()
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no suite \""
                        + name
                        + "\"; there are "
                        + SUITES.stream().map(Suite::name).toList()));
  }
}
