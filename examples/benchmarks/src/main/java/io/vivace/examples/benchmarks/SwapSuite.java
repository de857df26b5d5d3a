package io.vivace.examples.benchmarks;

import io.vivace.core.EngineException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.serve.SwappablePredictor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Models that are replaced under full load, and a row that the engine chokes on. */
final class SwapSuite implements Suite {
  private static final int SWAPS = Scale.count(1_000, 50);
  private static final int ROWS = 64;
  private static final int KEYS = 16;

  @Override
  public String name() {
    return "swap";
  }

  @Override
  public String description() {
    return "1,000 swaps under full load: failures, mixed versions, memory; a poison row in 64";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    new Sections()
        .add("load", () -> underLoad(figures))
        .add("memory", () -> memory(figures))
        .add("poison", () -> poison(figures))
        .run();
  }

  private void underLoad(Consumer<Figure> figures) throws Exception {
    LongAdder answers = new LongAdder();
    LongAdder failures = new LongAdder();
    LongAdder mixed = new LongAdder();
    LongAdder[] byVersion = {new LongAdder(), new LongAdder(), new LongAdder()};
    try (SwappablePredictor<float[], float[]> predictor = Lookup.builder().buildSwappable()) {
      SwapLoad load = new SwapLoad(predictor, answers, failures, mixed, byVersion);
      load.start();
      for (int swap = 0; swap < SWAPS; swap++) {
        predictor.swap(Lookup.version(swap % 2 == 0 ? 2 : 1));
      }
      load.stop();
    }
    System.err.printf(
        "swap: %,d answers during %d swaps, %,d of version 1, %,d of version 2%n",
        answers.sum(), SWAPS, byVersion[1].sum(), byVersion[2].sum());
    if (byVersion[1].sum() == 0 || byVersion[2].sum() == 0) {
      throw new IllegalStateException("one of the versions never answered");
    }
    figures.accept(
        none("swaps-" + SWAPS + "-failures", (double) failures.sum() + byVersion[0].sum()));
    figures.accept(none("swaps-" + SWAPS + "-mixed-versions", (double) mixed.sum()));
  }

  private Figure none(String figure, double count) {
    return new Figure(name(), figure, count, 0, "requests", count == 0 ? 1 : 0, "bar");
  }

  private void memory(Consumer<Figure> figures) throws Exception {
    if (!NativeMemory.isMeasurable()) {
      System.err.println("swap memory: skipped, this system does not tell the resident size");
      return;
    }
    double slope = SwapMemory.slope();
    figures.accept(
        new Figure(
            name(),
            "resident-growth-under-load",
            slope,
            1,
            "KB/swap",
            1 / Math.max(slope, 0.001),
            "bar"));
  }

  /** All rows at once, so that they meet in batches, and as one call. */
  private void poison(Consumer<Figure> figures) throws Exception {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(Lookup.row(i == 40 ? Lookup.POISON : i % KEYS));
    }
    try (Predictor<float[], float[]> predictor = Lookup.builder().build()) {
      List<CompletableFuture<float[]>> futures =
          rows.stream().map(predictor::predictAsync).toList();
      int right = 0;
      int typed = 0;
      for (int i = 0; i < ROWS; i++) {
        try {
          right += Lookup.versionOf(futures.get(i).get(), i % KEYS) == 1 ? 1 : 0;
        } catch (ExecutionException e) {
          typed += i == 40 && e.getCause() instanceof EngineException ? 1 : 0;
        }
      }
      report("poison-row-asynchronous", right, typed, figures);
      List<Outcome<float[]>> outcomes = predictor.predictEach(rows);
      right =
          (int)
              IntStream.range(0, ROWS)
                  .filter(i -> outcomes.get(i).isAnswered())
                  .filter(i -> Lookup.versionOf(outcomes.get(i).get(), i % KEYS) == 1)
                  .count();
      typed =
          !outcomes.get(40).isAnswered() && outcomes.get(40).error() instanceof EngineException
              ? 1
              : 0;
      report("poison-row-one-call", right, typed, figures);
    }
  }

  private void report(String figure, int right, int typed, Consumer<Figure> figures) {
    figures.accept(
        Figure.higher(name(), figure + "-right-answers", right, ROWS - 1, "rows", "bar"));
    figures.accept(Figure.higher(name(), figure + "-typed-errors", typed, 1, "rows", "bar"));
  }
}
