package io.vivace.optimize.train.graph;

import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes of a graph in the order in which they run. Values are numbered, and so are the uses of
 * each, so that its memory is given back after the last one.
 */
final class GraphProgram {
  /**
   * One node.
   *
   * @param inputs the numbers of the values it takes; -1 is none
   * @param outputs the numbers of those it makes
   */
  @SuppressWarnings("ArrayRecordComponent") // Read by the program only, never compared.
  record Step(Node node, Operation operation, int[] inputs, int[] outputs) {}

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Integer> uses = new ArrayList<>();
  private final Set<String> constants = new HashSet<>();

  private GraphProgram() {}

  /**
   * Prepares a graph.
   *
   * @param wanted the values to compute
   * @throws GraphException if it needs what cannot be trained; the message names all of that
   */
  static GraphProgram of(ModelGraph model, List<String> wanted) {
    Graph graph = model.graph();
    List<Node> nodes = needed(graph, wanted);
    check(model, nodes);
    GraphProgram program = new GraphProgram();
    graph.inputs().stream().map(Value::name).forEach(program::number);
    for (Node node : nodes) {
      if (!node.is("Constant")) {
        program.add(graph, node);
      }
    }
    for (String name : wanted) {
      program.use(graph, name);
    }
    program.checkOutputs(model);
    return program;
  }

  /** The statistics that batch normalization gives out in training are the network's own. */
  private void checkOutputs(ModelGraph model) {
    for (Step step : steps) {
      for (int i = 1; i < step.outputs().length && step.node().is("BatchNormalization"); i++) {
        if (uses(step.outputs()[i]) > 0) {
          String reason = "node " + step.node() + ": its output " + i + " is used";
          throw new GraphException(message(model, Set.of(), Set.of(reason)));
        }
      }
    }
  }

  private static List<Node> needed(Graph graph, List<String> wanted) {
    Set<String> names = new HashSet<>(wanted);
    List<Node> needed = new ArrayList<>();
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (!Collections.disjoint(names, node.outputs())) {
        needed.add(node);
        names.addAll(node.inputs());
      }
    }
    Collections.reverse(needed);
    return needed;
  }

  private static void check(ModelGraph model, List<Node> nodes) {
    Set<String> missing = new TreeSet<>();
    Set<String> refused = new TreeSet<>();
    for (Node node : nodes) {
      if (node.is("Constant")) {
        continue;
      }
      Optional<Operator> operator = Operators.find(node);
      if (operator.isEmpty()) {
        missing.add(
            node.domain().isEmpty() ? node.operator() : node.domain() + "::" + node.operator());
      } else {
        String reason = operator.get().refusal().apply(node);
        if (!reason.isEmpty()) {
          refused.add("node " + node + ": " + reason);
        }
      }
    }
    if (!missing.isEmpty() || !refused.isEmpty()) {
      throw new GraphException(message(model, missing, refused));
    }
  }

  private static String message(ModelGraph model, Set<String> missing, Set<String> refused) {
    StringBuilder text = new StringBuilder("model " + model.name() + " cannot be trained");
    if (!missing.isEmpty()) {
      text.append("; operators that are not known: ").append(String.join(", ", missing));
    }
    refused.forEach(reason -> text.append("; ").append(reason));
    if (!missing.isEmpty()) {
      text.append("; known are ").append(String.join(", ", Operators.names()));
    }
    return text.toString();
  }

  private void add(Graph graph, Node node) {
    int[] inputs = node.inputs().stream().mapToInt(name -> use(graph, name)).toArray();
    int[] outputs = node.outputs().stream().mapToInt(this::number).toArray();
    Operation operation = Operators.find(node).orElseThrow().operation();
    steps.add(new Step(node, operation, inputs, outputs));
  }

  private int use(Graph graph, String name) {
    if (name.isEmpty()) {
      return -1;
    }
    if (!numbers.containsKey(name)) {
      if (graph.constant(name).isEmpty() && !isConstantNode(graph, name)) {
        throw new GraphException(
            "value \""
                + name
                + "\" is no input, no node makes it, and it is no dense constant of"
                + " numbers");
      }
      constants.add(name);
    }
    int number = number(name);
    uses.set(number, uses.get(number) + 1);
    return number;
  }

  private static boolean isConstantNode(Graph graph, String name) {
    return graph.nodes().stream()
        .anyMatch(node -> node.is("Constant") && node.outputs().contains(name));
  }

  private int number(String name) {
    return numbers.computeIfAbsent(
        name,
        key -> {
          uses.add(0);
          return uses.size() - 1;
        });
  }

  List<Step> steps() {
    return steps;
  }

  /** The constants that nodes use. */
  Set<String> constants() {
    return constants;
  }

  int numberOf(String name) {
    Integer number = numbers.get(name);
    if (number == null) {
      throw new GraphException("the graph has no value \"" + name + "\"");
    }
    return number;
  }

  int uses(int number) {
    return uses.get(number);
  }

  int size() {
    return uses.size();
  }
}
