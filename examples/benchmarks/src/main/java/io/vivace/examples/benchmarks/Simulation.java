package io.vivace.examples.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Repeats an experiment with a seed for each repetition, on all processors, and reports rates. */
final class Simulation {
  static final int PAIRS = 10_000;
  static final double ALPHA = 0.05;
  private static final double Z99 = 2.5758293035489;
  private static final double BAR = 0.015;

  private final String suite;
  private final Consumer<Figure> figures;

  Simulation(String suite, Consumer<Figure> figures) {
    this.suite = suite;
    this.figures = figures;
  }

  /** What is said of one repetition: a yes or no for each name. */
  interface Experiment {
    boolean[] run(SplittableRandom random);
  }

  /** Reports how often tests reject where they should do so in 5 %. */
  void typeOneErrors(String setting, Experiment experiment, String... tests) {
    double[] rates = rates(PAIRS, experiment, tests.length);
    double band = Z99 * Math.sqrt(ALPHA * (1 - ALPHA) / PAIRS);
    for (int i = 0; i < tests.length; i++) {
      String verdict =
          rates[i] > ALPHA + band ? "liberal" : rates[i] < ALPHA - band ? "conservative" : "inside";
      figures.accept(
          new Figure(
              suite,
              "type-I error, " + tests[i] + ", " + setting,
              100 * rates[i],
              100 * ALPHA,
              "%",
              ALPHA / rates[i],
              "alpha, 99 %% band %.2f to %.2f: %s"
                  .formatted(100 * (ALPHA - band), 100 * (ALPHA + band), verdict)));
    }
  }

  /** Reports how often 95 % intervals hold the true value. */
  void coverage(String setting, int repetitions, Experiment experiment, String... intervals) {
    double[] rates = rates(repetitions, experiment, intervals.length);
    for (int i = 0; i < intervals.length; i++) {
      boolean missed = Math.abs(rates[i] - 0.95) > BAR;
      double error = Math.sqrt(rates[i] * (1 - rates[i]) / repetitions);
      figures.accept(
          new Figure(
              suite,
              "coverage, " + intervals[i] + ", " + setting,
              100 * rates[i],
              95,
              "%",
              rates[i] / 0.95,
              "level, standard error %.2f: %s"
                  .formatted(100 * error, missed ? "missed by more than 1.5" : "within 1.5")));
    }
  }

  private static double[] rates(int repetitions, Experiment experiment, int answers) {
    AtomicIntegerArray counts = new AtomicIntegerArray(answers);
    IntStream.range(0, repetitions)
        .parallel()
        .forEach(
            repetition -> {
              boolean[] results =
                  experiment.run(new SplittableRandom(0x5eedL + repetition * 7919L));
              for (int i = 0; i < answers; i++) {
                if (results[i]) {
                  counts.incrementAndGet(i);
                }
              }
            });
    double[] rates = new double[answers];
    for (int i = 0; i < answers; i++) {
      rates[i] = counts.get(i) / (double) repetitions;
    }
    return rates;
  }
}
