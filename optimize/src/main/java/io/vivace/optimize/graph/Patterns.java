package io.vivace.optimize.graph;

import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds operations that exporters spell out as several nodes: layer normalization and GELU. Passes
 * leave such nodes alone, or treat them as one.
 */
public final class Patterns {
  private final Graph graph;
  private final Uses uses;

  private Patterns(Graph graph) {
    this.graph = graph;
    this.uses = Uses.of(graph);
  }

  /**
   * A layer normalization over the last axis: {@code (x - mean) / sqrt(variance + epsilon) * scale
   * + shift}.
   *
   * @param input the name of x
   * @param output the name of the result
   * @param scale the name of the constant scale
   * @param shift the name of the constant shift
   * @param epsilon the constant that is added to the variance
   */
  public record LayerNorm(String input, String output, String scale, String shift, float epsilon) {}

  /**
   * A GELU in its exact form: {@code x * 0.5 * (1 + erf(x / sqrt(2)))}.
   *
   * @param input the name of x
   * @param output the name of the result
   */
  public record Gelu(String input, String output) {}

  /**
   * Finds the layer normalizations of a graph, spelled out or not.
   *
   * @param graph the graph; those inside it are not looked through
   * @return in the graph's order
   */
  public static List<LayerNorm> layerNorms(Graph graph) {
    Patterns patterns = new Patterns(graph);
    List<LayerNorm> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      patterns.layerNorm(node).ifPresent(found::add);
    }
    return found;
  }

  /**
   * Finds the GELUs of a graph, spelled out or not.
   *
   * @param graph the graph; those inside it are not looked through
   * @return in the graph's order
   */
  public static List<Gelu> gelus(Graph graph) {
    Patterns patterns = new Patterns(graph);
    List<Gelu> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      patterns.gelu(node).ifPresent(found::add);
    }
    return found;
  }

  /** Starts from the last node, which adds the shift. */
  private Optional<LayerNorm> layerNorm(Node node) {
    if (node.is("LayerNormalization")) {
      return Optional.of(
          new LayerNorm(
              node.input(0),
              node.output(),
              node.input(1),
              node.input(2),
              node.number("epsilon", 1e-5f)));
    }
    Split shift = split(node, "Add").orElse(null);
    Split scale = shift == null ? null : split(shift.other(), "Mul").orElse(null);
    if (shift == null || scale == null) {
      return Optional.empty();
    }
    Node quotient = scale.other();
    Node centered = producer(quotient, 0, "Sub");
    Node root = producer(quotient, 1, "Sqrt");
    if (!quotient.is("Div") || centered == null || root == null) {
      return Optional.empty();
    }
    Node variance = producer(root, 0, "Add");
    Split epsilon = variance == null ? null : split(variance, "Add").orElse(null);
    Node mean = producer(centered, 1, "ReduceMean");
    if (epsilon == null || mean == null || !isVariance(epsilon.other(), centered)) {
      return Optional.empty();
    }
    boolean same = mean.input(0).equals(centered.input(0));
    float[] value = number(epsilon.constant());
    return same && value.length == 1
        ? Optional.of(
            new LayerNorm(
                centered.input(0), node.output(), scale.constant(), shift.constant(), value[0]))
        : Optional.empty();
  }

  private boolean isVariance(Node mean, Node centered) {
    if (!mean.is("ReduceMean")) {
      return false;
    }
    Node square = uses.producer(mean.input(0)).orElse(null);
    if (square == null || !square.input(0).equals(centered.output())) {
      return false;
    }
    float[] power = number(square.input(1));
    return (square.is("Pow") && power.length == 1 && power[0] == 2)
        || (square.is("Mul") && square.input(1).equals(centered.output()));
  }

  /** Of the forms in use: x * (1 + erf(x / sqrt 2)) * 0.5, with the factors in any order. */
  private Optional<Gelu> gelu(Node node) {
    if (node.is("Gelu") && node.attribute("approximate").isEmpty()) {
      return Optional.of(new Gelu(node.input(0), node.output()));
    }
    if (!node.is("Mul")) {
      return Optional.empty();
    }
    List<String> factors = new ArrayList<>();
    collect(node, factors);
    float constant = 1;
    String argument = null;
    List<String> others = new ArrayList<>();
    for (String factor : factors) {
      float[] value = number(factor);
      Optional<String> erf = erfArgument(factor);
      if (value.length == 1) {
        constant *= value[0];
      } else if (erf.isPresent()) {
        argument = erf.get();
      } else {
        others.add(factor);
      }
    }
    boolean matches = argument != null && others.equals(List.of(argument));
    return matches && Math.abs(constant - 0.5f) < 1e-6f && argument != null
        ? Optional.of(new Gelu(argument, node.output()))
        : Optional.empty();
  }

  private void collect(Node node, List<String> factors) {
    for (String input : node.inputs()) {
      Node producer = uses.producer(input).orElse(null);
      boolean inner = producer != null && producer.is("Mul") && uses.consumers(input).size() == 1;
      if (inner && producer != null && factors.size() < 8) {
        collect(producer, factors);
      } else {
        factors.add(input);
      }
    }
  }

  /** The x of {@code 1 + erf(x / sqrt 2)}. */
  private Optional<String> erfArgument(String value) {
    Node sum = uses.producer(value).orElse(null);
    Split one = sum == null ? null : split(sum, "Add").orElse(null);
    if (one == null || !one.other().is("Erf")) {
      return Optional.empty();
    }
    float[] added = number(one.constant());
    Node scaled = uses.producer(one.other().input(0)).orElse(null);
    if (scaled == null || added.length != 1 || added[0] != 1) {
      return Optional.empty();
    }
    float[] factor = number(scaled.input(1));
    double wanted =
        scaled.is("Div") ? Math.sqrt(2) : scaled.is("Mul") ? Math.sqrt(0.5) : Double.NaN;
    return factor.length == 1 && Math.abs(factor[0] - wanted) < 1e-3
        ? Optional.of(scaled.input(0))
        : Optional.empty();
  }

  /** A node of two inputs, one a constant, the other made by a node. */
  private record Split(String constant, Node other) {}

  private Optional<Split> split(Node node, String operator) {
    if (!node.is(operator) || node.inputs().size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      Node producer = uses.producer(node.input(i)).filter(p -> !p.is("Constant")).orElse(null);
      if (producer != null && graph.constant(node.input(1 - i)).isPresent()) {
        return Optional.of(new Split(node.input(1 - i), producer));
      }
    }
    return Optional.empty();
  }

  private @Nullable Node producer(Node node, int input, String operator) {
    return uses.producer(node.input(input)).filter(p -> p.is(operator)).orElse(null);
  }

  /** A constant of at most one float; empty for anything else. */
  private float[] number(String name) {
    return graph
        .constant(name)
        .filter(weight -> weight.shape().elements() == 1)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT)
        .map(Weight::floats)
        .orElse(new float[0]);
  }
}
