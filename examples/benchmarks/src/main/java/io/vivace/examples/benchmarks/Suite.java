package io.vivace.examples.benchmarks;

import java.util.function.Consumer;

/** A named group of figures. */
interface Suite {
  /** The name on the command line. */
  String name();

  /** What it measures, in a line. */
  String description();

  /** Measures, and hands over each figure as soon as it is there. */
  void run(Consumer<Figure> figures) throws Exception;
}
