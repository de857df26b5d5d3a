package io.vivace.optimize;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How large a model is.
 *
 * @param bytes the model's file and its external data
 * @param parameters elements of all weights, those in {@code Constant} nodes included
 * @param nodes operations, those in branches and loops included
 * @param operators number of operations by operator
 */
public record ModelSize(long bytes, long parameters, long nodes, Map<String, Integer> operators) {
  /**
   * Copies the map.
   *
   * @param bytes the model's file and its external data
   * @param parameters elements of all weights
   * @param nodes operations
   * @param operators number of operations by operator
   */
  public ModelSize {
    operators = Collections.unmodifiableMap(new TreeMap<>(operators));
  }

  static ModelSize of(ModelGraph model, long bytes) {
    Counter counter = new Counter();
    counter.add(model.graph());
    return new ModelSize(bytes, counter.parameters, counter.nodes, counter.operators);
  }

  private static final class Counter {
    private long parameters;
    private long nodes;
    private final Map<String, Integer> operators = new TreeMap<>();

    void add(Graph graph) {
      graph.weights().forEach(weight -> parameters += weight.shape().elements());
      for (Node node : graph.nodes()) {
        nodes++;
        operators.merge(node.operator(), 1, Integer::sum);
        if (node.is("Constant")) {
          graph.constant(node).ifPresent(weight -> parameters += weight.shape().elements());
        }
        node.graphs().forEach(this::add);
      }
    }
  }
}
