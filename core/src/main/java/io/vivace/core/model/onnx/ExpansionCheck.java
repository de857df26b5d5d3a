package io.vivace.core.model.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a graph becomes when an engine writes out its functions: number of nodes, depth of
 * subgraphs, bytes of constants. Ten functions, each of which calls the one before ten times, would
 * be ten billion nodes.
 */
final class ExpansionCheck {
  /** Bounds the recursion here; calls in real models go a handful deep. */
  private static final int DEEPEST_CALL = 64;

  private record Size(long nodes, int depth, long constantBytes) {}

  private record Key(String domain, String name, String overload) {
    static Key of(String domain, String name, String overload) {
      // Two names of the same operator set.
      return new Key(domain.equals("ai.onnx") ? "" : domain, name, overload);
    }
  }

  private final Refusal refusal;
  private final OnnxLimits limits;
  private final ConstantCheck constants;
  private final Map<Key, OnnxFunction> functions = new HashMap<>();

  /** Null while the function itself is being measured. */
  private final Map<Key, @Nullable Size> sizes = new HashMap<>();

  private int callDepth;

  ExpansionCheck(Refusal refusal, OnnxLimits limits, ConstantCheck constants) {
    this.refusal = refusal;
    this.limits = limits;
    this.constants = constants;
  }

  void check(OnnxModel model) {
    for (OnnxFunction function : model.functions()) {
      Key key = Key.of(function.domain(), function.name(), function.overload());
      if (functions.put(key, function) != null) {
        throw refusal.because("defines the function " + label(key) + " twice");
      }
    }
    // Also functions that nobody calls: an engine may write them out all the same.
    functions.forEach(this::function);
    OnnxGraph graph = model.graph();
    nodes(graph.nodes(), constants.bytes(graph));
  }

  private Size function(Key key, OnnxFunction function) {
    if (sizes.containsKey(key)) {
      Size known = sizes.get(key);
      if (known == null) {
        throw refusal.because("has the function " + label(key) + ", which calls itself");
      }
      return known;
    }
    if (++callDepth > DEEPEST_CALL) {
      throw refusal.because(
          "has functions that call each other more than %d deep".formatted(DEEPEST_CALL));
    }
    sizes.put(key, null);
    List<OnnxNode> body = function.nodes();
    Size size = nodes(body, constants.bytes(body));
    sizes.put(key, size);
    callDepth--;
    return size;
  }

  /** Measures a list of nodes, with the subgraphs in it and the functions that they call. */
  private Size nodes(List<OnnxNode> nodes, long constantBytes) {
    long count = nodes.size();
    int depth = 0;
    long bytes = constantBytes;
    for (OnnxNode node : nodes) {
      Key key = Key.of(node.domain(), node.operator(), node.overload());
      OnnxFunction function = functions.get(key);
      if (function != null) {
        Size called = function(key, function);
        count += called.nodes;
        depth = Math.max(depth, called.depth);
        bytes += called.constantBytes;
      }
      for (OnnxAttribute attribute : node.attributes()) {
        for (OnnxGraph graph : attribute.graphs()) {
          // The constants of subgraphs are in constantBytes already.
          Size inner = nodes(graph.nodes(), 0);
          count += inner.nodes;
          depth = Math.max(depth, 1 + inner.depth);
          bytes += inner.constantBytes;
        }
      }
      // Checked at each step, so that no sum overflows.
      requireWithinLimits(new Size(count, depth, bytes));
    }
    return new Size(count, depth, bytes);
  }

  private void requireWithinLimits(Size size) {
    if (size.nodes > limits.parts()) {
      throw refusal.because(
          ("becomes more than %d nodes when its functions are written out; raise OnnxLimits.parts"
                  + " if the file is trusted")
              .formatted(limits.parts()));
    }
    if (size.depth > limits.subgraphDepth()) {
      throw refusal.because(
          ("has graphs nested %d deep when its functions are written out, allowed are %d; raise"
                  + " OnnxLimits.subgraphDepth if the file is trusted")
              .formatted(size.depth, limits.subgraphDepth()));
    }
    constants.requireWithinLimit(size.constantBytes, "the functions of the model");
  }

  private static String label(Key key) {
    return Refusal.quote(key.domain.isEmpty() ? key.name : key.domain + "::" + key.name);
  }
}
