package io.vivace.optimize.train.graph;

import io.vivace.optimize.graph.Node;
import java.util.Map;

/**
 * Long short-term memory and gated recurrent units, step by step: the engine's own layers want
 * other weights, and are wrong where its convolutions are.
 */
final class Recurrent {
  private Recurrent() {}

  static void register(Map<String, Operator> operators) {
    operators.put(
        "LSTM",
        Operator.general(
            call -> new RecurrentLayer(call, LongShortTermMemory::new, 4).run(),
            Recurrent::refusal));
    operators.put(
        "GRU",
        Operator.general(
            call -> new RecurrentLayer(call, GatedRecurrentUnit::new, 3).run(),
            Recurrent::refusal));
  }

  private static String refusal(Node node) {
    if (node.attributes().stream().anyMatch(each -> each.name().startsWith("activation"))) {
      return "it states activations of its own; only those of the standard run";
    }
    if (node.attribute("clip").isPresent()) {
      return "it clips its activations";
    }
    if (node.is("LSTM") && !node.input(7).isEmpty()) {
      return "it has peepholes (input 7)";
    }
    return node.integer("input_forget", 0) == 0 ? "" : "it couples input and forget gates";
  }
}
