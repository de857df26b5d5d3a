package io.vivace.core.model.onnx;

import io.vivace.core.model.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the constants that a model tells the engine to build: dense forms of sparse tensors, and
 * outputs of nodes whose inputs are constants and smaller than what comes out.
 */
final class ConstantCheck {
  private final Refusal refusal;
  private final WireFile file;
  private final NodeOrder order;
  private final long limit;

  ConstantCheck(Refusal refusal, WireFile file, NodeOrder order, long limit) {
    this.refusal = refusal;
    this.file = file;
    this.order = order;
    this.limit = limit;
  }

  void requireWithinLimit(long bytes, String where) {
    if (bytes > limit) {
      throw refusal.because(
          ("asks for constants of %d bytes by %s, which the file does not hold; allowed are %d for"
                  + " the model; raise OnnxLimits.constantBytes if the file is trusted")
              .formatted(bytes, where, limit));
    }
  }

  /** The bytes that a graph has built, its subgraphs included. */
  long bytes(OnnxGraph graph) {
    return new Scope(null).graph(graph);
  }

  /** The bytes that a function's body has built, its subgraphs included. */
  long bytes(List<OnnxNode> body) {
    return new Scope(null).nodes(body);
  }

  /** The constants that one graph knows by name. */
  private final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Constant> constants = new HashMap<>();
    private long bytes;

    Scope(@Nullable Scope outer) {
      this.outer = outer;
    }

    long graph(OnnxGraph graph) {
      graph.initializers().forEach(tensor -> constants.put(tensor.name(), constant(tensor)));
      for (OnnxSparseTensor tensor : graph.sparseInitializers()) {
        constants.put(tensor.name(), dense(tensor));
      }
      // An initializer that is an input, too, may be replaced by the caller.
      graph.inputs().forEach(input -> constants.remove(input.name()));
      return nodes(graph.nodes());
    }

    long nodes(List<OnnxNode> nodes) {
      for (OnnxNode node : order.sorted(nodes)) {
        Constant result = result(node);
        // A chain of nodes that each add an axis must not make ever longer arrays.
        if (result != null
            && result.sizes().length <= TensorReader.MAX_RANK
            && !node.outputs().isEmpty()) {
          constants.put(node.outputs().get(0), result);
        }
        for (OnnxAttribute attribute : node.attributes()) {
          for (OnnxGraph body : attribute.graphs()) {
            bytes += new Scope(this).graph(body);
            requireWithinLimit(bytes, "node " + node.label());
          }
        }
      }
      return bytes;
    }

    private @Nullable Constant result(OnnxNode node) {
      if (!node.domain().isEmpty() && !node.domain().equals("ai.onnx")) {
        return null;
      }
      if (node.operator().equals("Constant")) {
        return stated(node);
      }
      Constant result = new ConstantNode(file, node, this::find).result();
      if (result != null && result.elements() > largestInput(node)) {
        build(result, node.label());
      }
      return result;
    }

    private @Nullable Constant stated(OnnxNode node) {
      for (OnnxAttribute attribute : node.attributes()) {
        if (!attribute.tensors().isEmpty()) {
          return constant(attribute.tensors().get(0));
        }
        if (!attribute.sparseTensors().isEmpty()) {
          return dense(attribute.sparseTensors().get(0));
        }
        if (attribute.name().equals("value_int")) {
          return Constant.integers(attribute.integer()).scalar();
        }
        if (attribute.name().equals("value_ints")) {
          return Constant.read(file, attribute.integers());
        }
      }
      return null;
    }

    private Constant dense(OnnxSparseTensor tensor) {
      Constant dense = new Constant(tensor.shape().toArray(), tensor.values().type(), null);
      build(dense, "the sparse tensor " + Refusal.quote(tensor.name()));
      return dense;
    }

    private void build(Constant constant, String by) {
      long added = constant.bytes();
      requireWithinLimit(added, by);
      bytes += added;
      requireWithinLimit(bytes, by);
    }

    /** Distinct inputs together: joining parts builds nothing new, repeating one does. */
    private long largestInput(OnnxNode node) {
      long sum = 0;
      for (String input : node.inputs().stream().distinct().toList()) {
        Constant constant = find(input);
        sum = constant == null ? sum : Constant.saturatedSum(sum, constant.elements());
      }
      return sum;
    }

    private @Nullable Constant find(String name) {
      Constant found = constants.get(name);
      return found != null || outer == null ? found : outer.find(name);
    }
  }

  private Constant constant(OnnxTensor tensor) {
    Shape shape = tensor.shape();
    return new Constant(shape.toArray(), tensor.type(), Constant.values(file, tensor));
  }
}
