package io.vivace.optimize.train.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vivace.core.model.Shape;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;

/** The nodes and weights of the graph that is being written. */
final class Nodes {
  private final Graph graph;
  private final List<Node> nodes = new ArrayList<>();

  Nodes(Graph graph) {
    this.graph = graph;
  }

  /** Adds a node of one output, and gives the output's name. */
  String add(String operator, String path, List<String> inputs, Attribute... attributes) {
    String output = graph.freshName(path + '/' + operator);
    nodes.add(Node.of(operator, output, inputs, List.of(output), attributes));
    reserve(output);
    return output;
  }

  /** A name is taken once a node has it; the list gets into the graph at once for that. */
  private void reserve(String name) {
    if (name.isEmpty()) {
      throw new IllegalStateException("a value needs a name");
    }
    graph.replaceNodes(nodes);
  }

  String weight(String name, NDArray array) {
    return floats(
        name, array.toType(DataType.FLOAT32, false).toFloatArray(), array.getShape().getShape());
  }

  String floats(String name, float[] values, long... shape) {
    String free = graph.freshName(name);
    graph.put(Weight.ofFloats(free, Shape.of(shape), values));
    return free;
  }

  String longs(String name, long... values) {
    String free = graph.freshName(name);
    graph.put(Weight.ofLongs(free, Shape.of(values.length), values));
    return free;
  }

  /** Renames the value that is the result. */
  void finish(String result, String output) {
    nodes.add(Node.of("Identity", "result", List.of(result), List.of(output)));
    graph.replaceNodes(nodes);
  }
}
