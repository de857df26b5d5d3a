package io.vivace.optimize.quantize;

import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.ActivationReader;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Moves the large channels of activations into the weights that they are multiplied with:
 *
 * <pre>{@code
 * x * W = (x / s) * (diag(s) * W),  s[k] = (largest |x[k]|)^alpha / (largest |W[k]|)^(1 - alpha)
 * }</pre>
 *
 * <p>Xiao et al., SmoothQuant (2022). Alpha is searched per activation: the one whose quantized
 * product is closest to the exact one on rows kept from the samples. Activations for which no alpha
 * is clearly better stay as they are.
 */
final class Smoothing {
  private static final double[] ALPHAS = {0.3, 0.4, 0.5, 0.6, 0.7};

  /** What a change must leave of the squared error, to be worth a multiplication. */
  private static final double WORTH = 0.9;

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
    for (Node node : graph.nodes()) {
      if (isProduct.test(node) && isUneven.test(node.input(0))) {
        products.computeIfAbsent(node.input(0), name -> new ArrayList<>()).add(node);
      }
    }
  }

  void apply(ModelGraph model, Iterable<Map<String, Tensor>> samples, PassContext context) {
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
    List<String> names = List.copyOf(products.keySet());
    float[][] scales = new float[names.size()][];
    context.forEach(
        names.size(),
        i -> scales[i] = scales(names.get(i), Objects.requireNonNull(rows.get(names.get(i)))));
    for (int i = 0; i < scales.length; i++) {
      if (scales[i].length > 0) {
        rewrite(names.get(i), scales[i]);
      }
    }
  }

  /** The best scales; empty if none are worth it. */
  private float[] scales(String name, ActivationRows rows) {
    List<Weight> weights = weights(name);
    ProductError error = new ProductError(rows, weights);
    float[] best = new float[0];
    float[] none = new float[rows.width()];
    Arrays.fill(none, 1);
    double least = error.of(none) * WORTH;
    for (double alpha : ALPHAS) {
      float[] candidate = error.scales(alpha);
      double found = error.of(candidate);
      if (found < least) {
        least = found;
        best = candidate;
      }
    }
    return best;
  }

  private List<Weight> weights(String name) {
    return users(name).stream().map(node -> graph.weight(node.input(1)).orElseThrow()).toList();
  }

  private List<Node> users(String name) {
    return Objects.requireNonNull(products.get(name));
  }

  private void rewrite(String name, float[] scales) {
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
  }
}
