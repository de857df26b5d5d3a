package io.vivace.examples.benchmarks;

import io.vivace.core.observe.ServingStatistics;
import io.vivace.core.observe.ServingSummary;
import io.vivace.core.serve.SwappablePredictor;
import java.time.Duration;
import java.util.function.Consumer;

/** A long run with everything that can go wrong. */
final class SoakSuite implements Suite {
  private static final long NANOS = Scale.nanos(Duration.ofMinutes(10), Duration.ofSeconds(12));
  private static final long PART = NANOS / 10;
  private static final long SWAP_EVERY = Scale.nanos(Duration.ofSeconds(2), Duration.ofMillis(500));

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String description() {
    return "10 minutes of random deadlines, cancels, faults and swaps: counters, throughput";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    ServingStatistics statistics = new ServingStatistics();
    SoakLoad load;
    double last;
    double first;
    try (SwappablePredictor<float[], float[]> predictor =
        Lookup.builder()
            .executor(Runnable::run)
            .maxPending(1_000)
            .listener(statistics)
            .buildSwappable()) {
      load = new SoakLoad(predictor);
      load.start();
      settle(predictor, System.nanoTime() + SWAP_EVERY);
      long begin = System.nanoTime();
      first = during(predictor, load, begin + PART);
      settle(predictor, begin + NANOS - PART);
      last = during(predictor, load, begin + NANOS);
      load.stop();
    }
    load.describe();
    figures.accept(
        Figure.higher(
            name(), "requests-accounted-for", load.accounted(), load.sent(), "requests", "sent"));
    ServingSummary heard = statistics.summary();
    System.err.println("soak, as a listener heard it: " + heard);
    figures.accept(
        Figure.higher(
            name(), "requests-heard-of", (double) heard.ended(), load.sent(), "requests", "sent"));
    figures.accept(
        Figure.higher(
            name(),
            "answers-heard-of",
            (double) heard.completed(),
            load.answered(),
            "requests",
            "answered"));
    figures.accept(
        Figure.higher(
            name(),
            "cancellations-heard-of",
            (double) heard.cancelled(),
            load.cancelled(),
            "requests",
            "cancelled"));
    figures.accept(none("zombies-left", (double) heard.zombiesNow()));
    figures.accept(none("wrong-answers", load.wrong()));
    figures.accept(none("late-answers", load.late()));
    double seconds = PART / 1e9;
    figures.accept(
        Figure.higher(
            name(),
            "throughput-last-tenth",
            last / seconds,
            first / seconds,
            "1/s",
            "first-tenth"));
  }

  private Figure none(String figure, double count) {
    return new Figure(name(), figure, count, 0, "requests", count == 0 ? 1 : 0, "bar");
  }

  private static double during(
      SwappablePredictor<float[], float[]> predictor, SoakLoad load, long end)
      throws InterruptedException {
    double before = load.answered();
    settle(predictor, end);
    return load.answered() - before;
  }

  /** Swaps now and then until the time has come. */
  private static void settle(SwappablePredictor<float[], float[]> predictor, long end)
      throws InterruptedException {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      Thread.sleep(Duration.ofNanos(Math.min(left, SWAP_EVERY)).toMillis() + 1);
      predictor.swap(Lookup.version(predictor.version().number() % 2 == 0 ? 1 : 2));
    }
  }
}
