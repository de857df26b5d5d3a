package io.vivace.optimize.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes initializers of {@code Constant} nodes, so that passes find all weights in one place and
 * files get smaller. Constants that are text, sparse or outputs of a graph stay nodes.
 */
public final class ConstantLifting implements GraphPass {
  /** Makes the pass. */
  public ConstantLifting() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    lift(model.graph());
  }

  /**
   * Lifts the constants of a graph and of those inside it.
   *
   * @param graph the graph
   */
  static void lift(Graph graph) {
    List<Node> kept = new ArrayList<>();
    for (Node node : graph.nodes()) {
      node.graphs().forEach(ConstantLifting::lift);
      Optional<Weight> value = Constants.value(node);
      if (value.isPresent() && !graph.isOutput(node.output())) {
        graph.put(value.get());
      } else {
        kept.add(node);
      }
    }
    graph.replaceNodes(kept);
  }
}
