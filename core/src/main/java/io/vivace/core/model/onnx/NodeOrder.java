package io.vivace.core.model.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each name is defined once, that each name that is used is defined, and that nodes do
 * not wait for each other; finds the order in which they can run.
 */
final class NodeOrder {
  private static final int GIVEN = -1;

  private final Refusal refusal;
  private final IdentityHashMap<List<OnnxNode>, List<OnnxNode>> sorted = new IdentityHashMap<>();

  NodeOrder(Refusal refusal) {
    this.refusal = refusal;
  }

  void check(OnnxModel model) {
    requireDefined(graph(model.graph()));
    for (OnnxFunction function : model.functions()) {
      requireDefined(new Names(function.inputs()).check(function.nodes(), function.outputs()));
    }
  }

  /** The nodes so that each comes after those whose outputs it uses. */
  List<OnnxNode> sorted(List<OnnxNode> nodes) {
    return sorted.getOrDefault(nodes, nodes);
  }

  private void requireDefined(Map<String, String> missing) {
    missing.forEach(
        (name, user) -> {
          throw refusal.because(
              "uses the name %s in %s, but no input, initializer or node defines it"
                  .formatted(Refusal.quote(name), user));
        });
  }

  /** Returns the names that the graph takes from outside, each with one user. */
  private Map<String, String> graph(OnnxGraph graph) {
    List<String> given = new ArrayList<>();
    graph.inputs().forEach(input -> given.add(input.name()));
    graph.initializers().forEach(tensor -> given.add(tensor.name()));
    graph.sparseInitializers().forEach(tensor -> given.add(tensor.name()));
    return new Names(given)
        .check(graph.nodes(), graph.outputs().stream().map(OnnxValue::name).toList());
  }

  /** The names of one graph or function body. */
  private final class Names {
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();

    Names(List<String> given) {
      given.forEach(name -> producers.put(name, GIVEN));
    }

    Map<String, String> check(List<OnnxNode> nodes, List<String> outputs) {
      for (int i = 0; i < nodes.size(); i++) {
        define(nodes.get(i), i);
      }
      int[][] dependencies = new int[nodes.size()][];
      for (int i = 0; i < dependencies.length; i++) {
        dependencies[i] = dependencies(nodes.get(i));
      }
      outputs.forEach(name -> producer(name, "the outputs"));
      sort(nodes, dependencies);
      return missing;
    }

    private void define(OnnxNode node, int position) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && producers.putIfAbsent(output, position) != null) {
          throw refusal.because(
              "defines the name %s twice, the second time in node %s"
                  .formatted(Refusal.quote(output), node.label()));
        }
      }
    }

    private int[] dependencies(OnnxNode node) {
      Map<String, String> used = new LinkedHashMap<>();
      String user = "node " + node.label();
      node.inputs().forEach(input -> used.put(input, user));
      for (OnnxAttribute attribute : node.attributes()) {
        attribute.graphs().forEach(body -> used.putAll(graph(body)));
      }
      return used.entrySet().stream()
          .mapToInt(use -> producer(use.getKey(), use.getValue()))
          .filter(position -> position != GIVEN)
          .toArray();
    }

    private int producer(String name, String user) {
      Integer position = producers.get(name);
      if (position == null && !name.isEmpty()) {
        missing.putIfAbsent(name, user);
      }
      return position == null ? GIVEN : position;
    }
  }

  private void sort(List<OnnxNode> nodes, int[][] dependencies) {
    int unsorted = 0;
    while (unsorted < nodes.size() && allBelow(dependencies[unsorted], unsorted)) {
      unsorted++;
    }
    if (unsorted < nodes.size()) {
      sorted.put(nodes, topological(nodes, dependencies));
    }
  }

  private static boolean allBelow(int[] positions, int limit) {
    for (int position : positions) {
      if (position >= limit) {
        return false;
      }
    }
    return true;
  }

  /** Kahn's algorithm: A. B. Kahn, "Topological sorting of large networks", 1962. */
  private List<OnnxNode> topological(List<OnnxNode> nodes, int[][] dependencies) {
    int[] open = new int[dependencies.length];
    @Nullable List<Integer>[] users = users(dependencies);
    List<Integer> ready = new ArrayList<>();
    for (int i = 0; i < dependencies.length; i++) {
      open[i] = dependencies[i].length;
      if (open[i] == 0) {
        ready.add(i);
      }
    }
    for (int done = 0; done < ready.size(); done++) {
      List<Integer> waiting = users[ready.get(done)];
      for (int user : waiting == null ? List.<Integer>of() : waiting) {
        if (--open[user] == 0) {
          ready.add(user);
        }
      }
    }
    for (int i = 0; i < open.length; i++) {
      if (open[i] > 0) {
        throw refusal.because(
            "has a cycle: node %s waits for its own output".formatted(nodes.get(i).label()));
      }
    }
    return ready.stream().map(nodes::get).toList();
  }

  private static @Nullable List<Integer>[] users(int[][] dependencies) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    @Nullable List<Integer>[] users = new List[dependencies.length];
    for (int i = 0; i < dependencies.length; i++) {
      for (int dependency : dependencies[i]) {
        if (users[dependency] == null) {
          users[dependency] = new ArrayList<>(2);
        }
        users[dependency].add(i);
      }
    }
    return users;
  }
}
