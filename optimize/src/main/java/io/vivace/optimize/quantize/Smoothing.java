package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationReader;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Patterns;
import io.vivace.optimize.graph.Uses;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Moves the large channels of activations into the weights that they are multiplied with:
 *
 * <pre>{@code
 * x * W = (x / s) * (diag(s) * W),  s[k] = (largest |x[k]|)^alpha / (largest |W[k]|)^(1 - alpha)
 * }</pre>
 *
 * <p>Xiao et al., SmoothQuant (2022). Alpha is searched per activation: the one whose quantized
 * product is closest to the exact one on rows kept from the samples, or without samples, for what a
 * layer normalization gives, as its scale and shift let expect. Activations for which no alpha is
 * clearly better stay as they are.
 */
final class Smoothing {
  private static final double[] ALPHAS = {0.3, 0.4, 0.5, 0.6, 0.7};

  /** What a change must leave of the squared error, to be worth a multiplication. */
  private static final double WORTH = 0.9;

  private static final float SMALLEST = 1e-5f;

  private final Graph graph;
  private final Map<String, List<Node>> products = new LinkedHashMap<>();

  /**
   * Looks a graph through.
   *
   * @param isProduct which nodes multiply an activation with a constant that is quantized
   * @param isUneven which activations may have large channels
   */
  Smoothing(Graph graph, Predicate<Node> isProduct, Predicate<String> isUneven) {
    this.graph = graph;
    Uses uses = Uses.of(graph);
    for (Node node : graph.nodes()) {
      if (isProduct.test(node) && isUneven.test(node.input(0)) && isAlone(uses, node)) {
        products.computeIfAbsent(node.input(0), name -> new ArrayList<>()).add(node);
      }
    }
  }

  /** A weight that other activations are multiplied with, too, would be stored twice. */
  private static boolean isAlone(Uses uses, Node product) {
    return uses.consumers(product.input(1)).stream()
        .allMatch(user -> user.is("MatMul") && user.inputs().equals(product.inputs()));
  }

  /** Smooths all activations; returns the names of the smooth ones. */
  Set<String> apply(ModelGraph model, Iterable<Map<String, Tensor>> samples, PassContext context) {
    Map<String, ActivationRows> rows = new LinkedHashMap<>();
    products.keySet().forEach(name -> rows.put(name, new ActivationRows(name)));
    try (ActivationReader reader = ActivationReader.open(model, products.keySet(), context)) {
      reader.read(
          samples,
          activations ->
              activations.forEach(
                  (name, tensor) ->
                      rows.computeIfPresent(
                          name,
                          (key, kept) -> {
                            kept.add(tensor);
                            return kept;
                          })));
    }
    return rewrite(
        List.copyOf(products.keySet()),
        name -> {
          ProductError error =
              new ProductError(Objects.requireNonNull(rows.get(name)), weights(name));
          return best(error.width(), error::scales, error::of);
        },
        context);
  }

  /** Smooths what layer normalizations give; returns the names of the smooth activations. */
  Set<String> applyExpected(PassContext context) {
    Map<String, Patterns.LayerNorm> norms = new LinkedHashMap<>();
    for (Patterns.LayerNorm norm : Patterns.layerNorms(graph)) {
      if (products.containsKey(norm.output()) && isVector(norm.scale()) && isVector(norm.shift())) {
        norms.put(norm.output(), norm);
      }
    }
    return rewrite(
        List.copyOf(norms.keySet()),
        name -> expected(Objects.requireNonNull(norms.get(name)), weights(name)),
        context);
  }

  private boolean isVector(String name) {
    return graph
        .constant(name)
        .filter(weight -> weight.type() == OnnxElementType.FLOAT && weight.shape().rank() == 1)
        .isPresent();
  }

  private float[] expected(Patterns.LayerNorm norm, List<Weight> weights) {
    float[] scale = graph.constant(norm.scale()).orElseThrow().floats();
    float[] shift = graph.constant(norm.shift()).orElseThrow().floats();
    boolean fits = weights.stream().allMatch(w -> w.shape().dimension(0) == scale.length);
    if (!fits || shift.length != scale.length) {
      return new float[0];
    }
    ExpectedError error = new ExpectedError(scale, shift, weights);
    return best(scale.length, error::scales, error::of);
  }

  /** The best scales; empty if none are worth it. */
  private static float[] best(
      int width, DoubleFunction<float[]> scales, ToDoubleFunction<float[]> error) {
    float[] best = new float[0];
    float[] none = new float[width];
    Arrays.fill(none, 1);
    double least = error.applyAsDouble(none) * WORTH;
    for (double alpha : ALPHAS) {
      float[] candidate = scales.apply(alpha);
      double found = error.applyAsDouble(candidate);
      if (found < least) {
        least = found;
        best = candidate;
      }
    }
    return best;
  }

  /** The scales of an alpha, with a geometric mean of 1, by the largest values of channels. */
  static float[] scales(double alpha, float[] activations, float[] weights) {
    double[] logarithms = new double[activations.length];
    double mean = 0;
    for (int i = 0; i < logarithms.length; i++) {
      double x = Math.max(activations[i], SMALLEST);
      double w = Math.max(weights[i], SMALLEST);
      logarithms[i] = alpha * Math.log(x) - (1 - alpha) * Math.log(w);
      mean += logarithms[i] / logarithms.length;
    }
    float[] scales = new float[logarithms.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) Math.exp(logarithms[i] - mean);
    }
    return scales;
  }

  private List<Weight> weights(String name) {
    return users(name).stream().map(node -> graph.weight(node.input(1)).orElseThrow()).toList();
  }

  private List<Node> users(String name) {
    return Objects.requireNonNull(products.get(name));
  }

  private Set<String> rewrite(
      List<String> names, Function<String, float[]> finder, PassContext context) {
    float[][] scales = new float[names.size()][];
    context.forEach(names.size(), i -> scales[i] = finder.apply(names.get(i)));
    Set<String> smooth = new HashSet<>();
    for (int i = 0; i < scales.length; i++) {
      if (scales[i].length > 0) {
        smooth.add(rewrite(names.get(i), scales[i]));
      }
    }
    return smooth;
  }

  private String rewrite(String name, float[] scales) {
    String halves = graph.freshName(name + "_smoothing_halves");
    String factors = graph.freshName(name + "_smoothing");
    String smooth = graph.freshName(name + "_smooth");
    graph.put(HalfFactors.inverse(halves, scales));
    // Engines do the cast when they load the model.
    Node cast =
        Node.of(
            "Cast",
            "",
            List.of(halves),
            List.of(factors),
            Attribute.of("to", OnnxElementType.FLOAT.number()));
    Node scaled = Node.of("Mul", "", List.of(name, factors), List.of(smooth));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.addAll(nodes.indexOf(users(name).get(0)), List.of(cast, scaled));
    graph.replaceNodes(nodes);
    for (Node node : users(name)) {
      Weight weight = graph.weight(node.input(1)).orElseThrow();
      String changed = graph.freshName(weight.name() + "_smoothed");
      graph.put(weight.scaled(changed, 0, scales));
      node.replaceInputs(List.of(smooth, changed));
    }
    return smooth;
  }
}
