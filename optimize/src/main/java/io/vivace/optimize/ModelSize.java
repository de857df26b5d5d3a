package io.vivace.optimize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Macs;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How large a model is.
 *
 * @param bytes the model's file and its external data
 * @param parameters elements of all weights, those in {@code Constant} nodes included
 * @param nonZeros parameters that are not 0, where integers count as the numbers they are stored
 *     as; -1 if they were not counted
 * @param macs multiplications with addition of one run, with 1 for an open first size and 8 for
 *     others, see {@link Macs}; -1 if they were not counted
 * @param nodes operations, those in branches and loops included; -1 for a TorchScript archive, in
 *     which they are program code
 * @param operators number of operations by operator; empty for a TorchScript archive
 */
public record ModelSize(
    long bytes,
    long parameters,
    long nonZeros,
    long macs,
    long nodes,
    Map<String, Integer> operators) {
  /**
   * Copies the map.
   *
   * @param bytes the model's file and its external data
   * @param parameters elements of all weights
   * @param nonZeros parameters that are not 0
   * @param macs multiplications with addition
   * @param nodes operations
   * @param operators number of operations by operator
   */
  public ModelSize {
    operators = Collections.unmodifiableMap(new TreeMap<>(operators));
  }

  /**
   * Counts everything: reads all weights.
   *
   * @param model the model
   * @return its size
   */
  public static ModelSize of(ModelGraph model) {
    return of(model, model.bytes(), PassContext.defaults());
  }

  static ModelSize of(ModelGraph model, long bytes, PassContext context) {
    Counter counter = new Counter();
    counter.add(model.graph());
    AtomicLong nonZeros = new AtomicLong();
    context.forEach(
        counter.weights.size(), i -> nonZeros.addAndGet(NonZeros.count(counter.weights.get(i))));
    Macs macs = Macs.of(model);
    return new ModelSize(
        bytes,
        counter.parameters,
        nonZeros.get(),
        macs.uncounted().isEmpty() ? macs.total() : -1,
        counter.nodes,
        counter.operators);
  }

  /** Counts what can be counted without reading weights. */
  static ModelSize quick(ModelGraph model, long bytes) {
    Counter counter = new Counter();
    counter.add(model.graph());
    return new ModelSize(bytes, counter.parameters, -1, -1, counter.nodes, counter.operators);
  }

  private static final class Counter {
    private long parameters;
    private long nodes;
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, Integer> operators = new TreeMap<>();

    void add(Graph graph) {
      graph.weights().forEach(this::add);
      for (Node node : graph.nodes()) {
        nodes++;
        operators.merge(node.operator(), 1, Integer::sum);
        if (node.is("Constant")) {
          graph.constant(node).ifPresent(this::add);
        }
        node.graphs().forEach(this::add);
      }
    }

    private void add(Weight weight) {
      parameters += weight.shape().elements();
      if (weight.type() != OnnxElementType.STRING) {
        weights.add(weight);
      }
    }
  }
}
