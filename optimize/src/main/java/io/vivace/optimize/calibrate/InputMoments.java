package io.vivace.optimize.calibrate;

import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The second moments {@code X'X} of what layers take, over samples: of MatMul and Gemm by the last
 * axis, of Conv by the patch that a filter sees, in the order of its weights. Layers that take the
 * same share one matrix, and memory does not grow with the number of samples. Immutable.
 */
public final class InputMoments {
  private final Map<Node, double[]> byNode;
  private final Map<Node, Shape> shapes;

  private InputMoments(Map<Node, double[]> byNode, Map<Node, Shape> shapes) {
    this.byNode = byNode;
    this.shapes = shapes;
  }

  /**
   * Returns moments of no layer.
   *
   * @return empty
   */
  public static InputMoments none() {
    return new InputMoments(Map.of(), Map.of());
  }

  /**
   * Runs a model over samples.
   *
   * @param model the model; stays as it is
   * @param layers nodes of the model's own graph whose second input is a constant weight: MatMul,
   *     Gemm without transA, Conv of one group over images or series; others are left out
   * @param samples each a map from the names of all inputs to tensors of full shape
   * @param context how much of the machine to use
   * @return the moments
   * @throws IllegalArgumentException if there is no sample, or one does not fit the model
   */
  public static InputMoments of(
      ModelGraph model,
      List<Node> layers,
      Iterable<Map<String, Tensor>> samples,
      PassContext context) {
    Map<String, List<Patches>> byValue = new HashMap<>();
    Map<Node, Patches> byNode = new HashMap<>();
    Map<String, Patches> known = new HashMap<>();
    Set<String> values = new LinkedHashSet<>();
    for (Node node : layers) {
      Optional<Patches> patches = patches(model.graph(), node);
      if (patches.isPresent()) {
        Patches one = known.computeIfAbsent(patches.get().key(), key -> patches.get());
        byNode.put(node, one);
        values.add(node.input(0));
        List<Patches> all = byValue.computeIfAbsent(node.input(0), name -> new ArrayList<>());
        if (!all.contains(one)) {
          all.add(one);
        }
      }
    }
    if (values.isEmpty()) {
      return none();
    }
    Map<String, Shape> seen = new HashMap<>();
    try (ActivationReader reader = ActivationReader.open(model, values, context)) {
      reader.read(
          samples,
          activations ->
              activations.forEach(
                  (name, tensor) -> {
                    seen.put(name, tensor.shape());
                    byValue.getOrDefault(name, List.of()).forEach(p -> p.add(tensor, context));
                  }));
    }
    Map<Node, double[]> moments = new HashMap<>();
    Map<Node, Shape> shapes = new HashMap<>();
    byNode.forEach((node, patches) -> moments.put(node, patches.moments()));
    byNode.keySet().forEach(node -> shapes.put(node, seen.get(node.input(0))));
    return new InputMoments(moments, shapes);
  }

  private static Optional<Patches> patches(Graph graph, Node node) {
    Optional<Weight> weight = graph.constant(node.input(1));
    if (weight.isEmpty() || graph.constant(node.input(0)).isPresent()) {
      return Optional.empty();
    }
    Shape shape = weight.get().shape();
    boolean matrix = node.is("MatMul") || (node.is("Gemm") && node.integer("transA", 0) == 0);
    if (matrix && shape.rank() == 2) {
      boolean transposed = node.is("Gemm") && node.integer("transB", 0) != 0;
      return Optional.of(Patches.rows(node, (int) shape.dimension(transposed ? 1 : 0)));
    }
    boolean images = node.is("Conv") && node.integer("group", 1) == 1 && shape.rank() == 4;
    boolean padded =
        node.attribute("auto_pad").map(a -> a.text()).orElse("NOTSET").equals("NOTSET");
    return images && padded ? Optional.of(Patches.images(node, shape)) : Optional.empty();
  }

  /**
   * Returns the moments of a layer.
   *
   * @param node the layer
   * @return {@code k x k} numbers, row by row, not to be changed; empty if there are none
   */
  public Optional<double[]> of(Node node) {
    return Optional.ofNullable(byNode.get(node));
  }

  /**
   * Returns what the layer took last.
   *
   * @param node the layer
   * @return the shape of its input in the last sample; empty if there was none
   */
  public Optional<Shape> shape(Node node) {
    return Optional.ofNullable(shapes.get(node));
  }
}
