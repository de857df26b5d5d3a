package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the hard sigmoid, {@code min(max(x + 3, 0), 6) / 6}, as one node where exporters spell it
 * out as three, and so the hard swish, {@code x} times it, as two instead of four:
 *
 * <pre>{@code
 * x * Clip(x + 3, 0, 6) / 6  =  x * HardSigmoid(x), alpha = 1/6, beta = 1/2
 * }</pre>
 *
 * <p>Outputs change by what floats round. Values in between that something else uses stay. Source:
 * Howard et al., "Searching for MobileNetV3", ICCV 2019, section 5.2.
 */
public final class HardSwishFusion implements GraphPass {
  private static final float SIXTH = 1f / 6;

  /** Makes the pass. */
  public HardSwishFusion() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    fuse(model.graph());
    new DeadCode().apply(model, context);
  }

  private static void fuse(Graph graph) {
    Uses uses = Uses.of(graph);
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      node.graphs().forEach(HardSwishFusion::fuse);
      Node scaled = divided(graph, uses, node);
      String argument = scaled == null ? null : clipped(graph, uses, scaled);
      if (argument != null) {
        nodes.add(hardSigmoid(node, argument, node.output()));
      } else if (scaled == null || !swish(graph, uses, node, scaled, nodes)) {
        nodes.add(node);
      }
    }
    graph.replaceNodes(nodes);
  }

  private static Node hardSigmoid(Node place, String argument, String output) {
    return Node.of(
        "HardSigmoid",
        place.name(),
        List.of(argument),
        List.of(output),
        Attribute.of("alpha", SIXTH),
        Attribute.of("beta", 0.5f));
  }

  /** The division comes after the product. */
  private static boolean swish(
      Graph graph, Uses uses, Node division, Node product, List<Node> nodes) {
    if (!product.is("Mul") || product.inputs().size() != 2) {
      return false;
    }
    for (int i = 0; i < 2; i++) {
      Node clip = uses.producer(product.input(i)).orElse(null);
      String argument = clip == null ? null : clipped(graph, uses, clip);
      if (argument != null && argument.equals(product.input(1 - i))) {
        String gate = graph.freshName(division.output() + "_gate");
        nodes.add(hardSigmoid(division, argument, gate));
        nodes.add(Node.of("Mul", "", List.of(argument, gate), List.of(division.output())));
        return true;
      }
    }
    return false;
  }

  /** What makes the value that a node divides by 6. */
  private static @Nullable Node divided(Graph graph, Uses uses, Node node) {
    if (node.is("Div") && number(graph, node.input(1)) == 6) {
      return uses.producer(node.input(0)).orElse(null);
    }
    for (int i = 0; node.is("Mul") && i < 2; i++) {
      if (Math.abs(number(graph, node.input(i)) - SIXTH) < 1e-6f) {
        return uses.producer(node.input(1 - i)).orElse(null);
      }
    }
    return null;
  }

  /** The x of {@code min(max(x + 3, 0), 6)}. */
  private static @Nullable String clipped(Graph graph, Uses uses, Node clip) {
    Node sum = uses.producer(clip.input(0)).orElse(null);
    if (!clip.is("Clip") || sum == null || !sum.is("Add") || !isToSix(graph, clip)) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      if (number(graph, sum.input(i)) == 3) {
        return sum.input(1 - i);
      }
    }
    return null;
  }

  private static boolean isToSix(Graph graph, Node clip) {
    return clip.inputs().size() == 1
        ? clip.number("min", Float.NaN) == 0 && clip.number("max", Float.NaN) == 6
        : number(graph, clip.input(1)) == 0 && number(graph, clip.input(2)) == 6;
  }

  /** A constant of one float that does not add an axis; NaN for anything else. */
  private static float number(Graph graph, String name) {
    return graph
        .constant(name)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .filter(weight -> weight.shape().elements() == 1 && weight.shape().rank() <= 1)
        .map(weight -> weight.floats()[0])
        .orElse(Float.NaN);
  }
}
