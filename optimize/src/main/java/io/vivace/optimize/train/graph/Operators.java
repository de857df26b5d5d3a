package io.vivace.optimize.train.graph;

import io.vivace.optimize.graph.Node;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The operators that can be trained. */
final class Operators {
  private static final Map<String, Operator> ALL = all();

  private Operators() {}

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new HashMap<>();
    Activations.register(all);
    Arithmetic.register(all);
    Logic.register(all);
    Reductions.register(all);
    Layout.register(all);
    Indexing.register(all);
    Padding.register(all);
    Casting.register(all);
    Products.register(all);
    Convolutions.register(all);
    Pooling.register(all);
    Normalizations.register(all);
    Recurrent.register(all);
    Resizing.register(all);
    FakeQuantization.register(all);
    return Map.copyOf(all);
  }

  static SortedSet<String> names() {
    return new TreeSet<>(ALL.keySet());
  }

  static Optional<Operator> find(Node node) {
    return node.domain().isEmpty()
        ? Optional.ofNullable(ALL.get(node.operator()))
        : Optional.empty();
  }
}
