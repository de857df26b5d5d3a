package io.vivace.examples.benchmarks;

import java.util.function.Consumer;

/** Pruning, factorization and packing, each beside the model before. */
final class CompressSuite implements Suite {
  @Override
  public String name() {
    return "compress";
  }

  @Override
  public String description() {
    return "packed files: size, time to load, latency";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    PackedFigures.run(figures);
  }
}
