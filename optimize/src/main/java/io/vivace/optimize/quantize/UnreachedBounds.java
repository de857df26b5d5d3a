package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a {@code Clip} from 0 a {@code Relu} where no sample reaches the upper bound, as for ReLU6
 * in Nagel et al. (2019): only then does it keep proportions.
 */
final class UnreachedBounds {
  private UnreachedBounds() {}

  static void remove(ModelGraph model, Iterable<Map<String, Tensor>> samples, PassContext context) {
    Graph graph = model.graph();
    Set<String> inputs = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (isFromZero(graph, node)) {
        inputs.add(node.input(0));
      }
    }
    if (inputs.isEmpty()) {
      return;
    }
    Map<String, ActivationRange> ranges =
        Calibration.minMax().ranges(model, inputs, samples, context);
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                node -> {
                  ActivationRange range =
                      isFromZero(graph, node) ? ranges.get(node.input(0)) : null;
                  return range != null && range.highest() <= bound(graph, node, 2, "max")
                      ? Node.of("Relu", node.name(), List.of(node.input(0)), node.outputs())
                      : node;
                })
            .toList();
    graph.replaceNodes(nodes);
  }

  private static boolean isFromZero(Graph graph, Node node) {
    return node.is("Clip")
        && bound(graph, node, 1, "min") == 0
        && graph.constant(node.input(0)).isEmpty();
  }

  /** NaN for a bound that is not there, not constant, or not one single-precision float. */
  private static float bound(Graph graph, Node node, int input, String attribute) {
    if (node.inputs().size() == 1) {
      return node.number(attribute, Float.NaN);
    }
    return graph
        .constant(node.input(input))
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .filter(weight -> weight.shape().elements() == 1)
        .map(weight -> weight.floats()[0])
        .orElse(Float.NaN);
  }
}
