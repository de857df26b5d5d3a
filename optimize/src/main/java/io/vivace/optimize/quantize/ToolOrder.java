package io.vivace.optimize.quantize;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The order in which ONNX Runtime's tool writes nodes: those without inputs first, then those for
 * which weights and inputs suffice, by the names of these, then each node as its last input is
 * there.
 */
final class ToolOrder {
  private final Map<String, List<Integer>> users = new HashMap<>();
  private final List<Node> nodes;
  private final int[] open;
  private final List<Node> sorted = new ArrayList<>();

  private ToolOrder(List<Node> nodes) {
    this.nodes = nodes;
    this.open = new int[nodes.size()];
  }

  static List<Node> of(Graph graph) {
    ToolOrder order = new ToolOrder(graph.nodes());
    order.count();
    TreeSet<String> given = new TreeSet<>(ToolOrder::byCodePoints);
    graph.weights().forEach(weight -> given.add(weight.name()));
    graph.inputs().forEach(input -> given.add(input.name()));
    given.forEach(order::provide);
    for (int i = 0; i < order.sorted.size(); i++) {
      order.sorted.get(i).outputs().forEach(order::provide);
    }
    return order.sorted;
  }

  private void count() {
    for (int i = 0; i < open.length; i++) {
      for (String input : nodes.get(i).inputs()) {
        if (!input.isEmpty()) {
          users.computeIfAbsent(input, key -> new ArrayList<>(1)).add(i);
          open[i]++;
        }
      }
      if (open[i] == 0) {
        sorted.add(nodes.get(i));
      }
    }
  }

  private void provide(String value) {
    for (int user : users.getOrDefault(value, List.of())) {
      if (--open[user] == 0) {
        sorted.add(nodes.get(user));
      }
    }
  }

  private static int byCodePoints(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }
}
