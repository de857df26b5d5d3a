package io.vivace.optimize.quantize;

import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Uses;
import java.util.Map;

/**
 * Ranges that are known better than measured: what a {@code Relu} or {@code Clip} alone uses need
 * only have the range of its output, and a {@code Softmax} gives 0 to 1.
 */
final class AbsorbedRanges {
  private AbsorbedRanges() {}

  static void adjust(Graph graph, StaticOperators operators, Map<String, ActivationRange> ranges) {
    Uses uses = Uses.of(graph);
    for (Node node : graph.nodes()) {
      if (!operators.mayInclude(node)) {
        continue;
      }
      if (node.is("Softmax")) {
        ranges.put(node.output(), new ActivationRange(0, 1));
      } else if (node.is("Relu") || node.is("Clip")) {
        ActivationRange output = ranges.get(node.output());
        if (output != null
            && ranges.containsKey(node.input(0))
            && uses.consumers(node.input(0)).size() == 1) {
          ranges.put(node.input(0), output);
        }
      }
    }
  }
}
