package io.vivace.examples.benchmarks;

import java.util.function.Consumer;

/** What listening costs a lone caller. */
final class ListenerCost {
  private ListenerCost() {}

  static void measure(Consumer<Figure> figures) throws Exception {}
}
