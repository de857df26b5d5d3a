package io.vivace.optimize.graph;

import io.vivace.core.ModelLoadException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Sorts nodes by Kahn's algorithm (A. B. Kahn, "Topological sorting of large networks", 1962). Of
 * those that can run, the one that came first in the old order comes first.
 */
final class TopologicalOrder {
  private TopologicalOrder() {}

  static List<Node> of(List<Node> nodes) {
    Map<String, Integer> producers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        producers.put(output, i);
      }
    }
    List<List<Integer>> users = new ArrayList<>();
    nodes.forEach(node -> users.add(new ArrayList<>(1)));
    int[] open = new int[nodes.size()];
    for (int i = 0; i < open.length; i++) {
      for (String input : Uses.inputsOf(nodes.get(i))) {
        Integer producer = producers.get(input);
        if (producer != null) {
          users.get(producer).add(i);
          open[i]++;
        }
      }
    }
    return sorted(nodes, users, open);
  }

  private static List<Node> sorted(List<Node> nodes, List<List<Integer>> users, int[] open) {
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < open.length; i++) {
      if (open[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> result = new ArrayList<>(open.length);
    for (Integer next = ready.poll(); next != null; next = ready.poll()) {
      result.add(nodes.get(next));
      for (int user : users.get(next)) {
        if (--open[user] == 0) {
          ready.add(user);
        }
      }
    }
    if (result.size() < open.length) {
      Node stuck = nodes.stream().filter(node -> !result.contains(node)).findFirst().orElseThrow();
      throw new ModelLoadException(
          "the graph has a cycle: node %s waits for its own output".formatted(stuck));
    }
    return result;
  }
}
