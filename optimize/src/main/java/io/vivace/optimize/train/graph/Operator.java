package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import io.vivace.optimize.graph.Node;
import java.util.List;
import java.util.function.Function;

/**
 * An operator that the network can run and differentiate.
 *
 * @param operation what it computes
 * @param refusal why a certain node cannot be run; empty if it can
 */
record Operator(Operation operation, Function<Node, String> refusal) {
  /** An operator of one result. */
  static Operator of(Function<Call, NDArray> operation) {
    return of(operation, node -> "");
  }

  static Operator of(Function<Call, NDArray> operation, Function<Node, String> refusal) {
    return new Operator(call -> List.of(Operand.of(operation.apply(call))), refusal);
  }

  static Operator general(Operation operation) {
    return new Operator(operation, node -> "");
  }

  static Operator general(Operation operation, Function<Node, String> refusal) {
    return new Operator(operation, refusal);
  }

  /** The refusal of nodes of which more than the first outputs are used. */
  static String onlyOutputs(Node node, int count) {
    for (int i = count; i < node.outputs().size(); i++) {
      if (!node.outputs().get(i).isEmpty()) {
        return "its output " + i + " is not computed";
      }
    }
    return "";
  }
}
