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
    return "structural pruning, factorization, packed files: multiplications, size, latency";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    StructureFigures.run(figures);
    PackedFigures.run(figures);
  }
}
