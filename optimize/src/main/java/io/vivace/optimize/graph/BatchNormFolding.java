package io.vivace.optimize.graph;

import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a {@code BatchNormalization} that follows a convolution into its weights and bias:
 *
 * <pre>{@code
 * s = scale / sqrt(variance + epsilon), W' = W * s, b' = (b - mean) * s + shift
 * }</pre>
 *
 * <p>Left alone is a normalization that trains, or whose convolution has other users, a weight that
 * is not constant, or groups of a transposed convolution.
 */
public final class BatchNormFolding implements GraphPass {
  /** Makes the pass. */
  public BatchNormFolding() {}

  @Override
  public void apply(ModelGraph model, PassContext context) {
    fold(model.graph());
  }

  private static void fold(Graph graph) {
    Uses uses = Uses.of(graph);
    Set<Node> gone = new HashSet<>();
    List<Node> result = new ArrayList<>();
    for (Node node : graph.nodes()) {
      node.graphs().forEach(BatchNormFolding::fold);
    }
    for (Node node : List.copyOf(graph.nodes())) {
      Optional<Node> convolution = convolution(graph, uses, node);
      if (convolution.isPresent() && fold(graph, convolution.get(), node)) {
        gone.add(node);
      }
    }
    graph.nodes().stream().filter(node -> !gone.contains(node)).forEach(result::add);
    graph.replaceNodes(result);
  }

  private static Optional<Node> convolution(Graph graph, Uses uses, Node node) {
    if (!node.is("BatchNormalization")
        || node.integer("training_mode", 0) != 0
        || node.outputs().stream().filter(output -> !output.isEmpty()).count() != 1) {
      return Optional.empty();
    }
    String value = node.input(0);
    return uses.producer(value)
        .filter(
            producer ->
                producer.is("Conv")
                    || (producer.is("ConvTranspose") && producer.integer("group", 1) == 1))
        .filter(producer -> uses.consumers(value).size() == 1 && !graph.isOutput(value));
  }

  private static boolean fold(Graph graph, Node convolution, Node norm) {
    int axis = convolution.is("Conv") ? 0 : 1;
    Weight weight = floats(graph, convolution.input(1)).orElse(null);
    Optional<Weight> bias = floats(graph, convolution.input(2));
    List<Weight> settings = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      floats(graph, norm.input(i)).ifPresent(settings::add);
    }
    boolean biasKnown = convolution.input(2).isEmpty() || bias.isPresent();
    if (weight == null || settings.size() != 4 || !biasKnown || weight.shape().rank() < 2) {
      return false;
    }
    int channels = (int) weight.shape().dimension(axis);
    if (settings.stream().anyMatch(setting -> setting.shape().elements() != channels)) {
      return false;
    }
    float[] scales = new float[channels];
    float[] shifts = new float[channels];
    combine(settings, bias, norm.number("epsilon", 1e-5f), scales, shifts);
    String newWeight = graph.freshName(weight.name() + "_folded");
    String newBias = graph.freshName(norm.output() + "_bias");
    graph.put(
        Weight.of(
            newWeight,
            OnnxElementType.FLOAT,
            weight.shape(),
            ScaledContent.along(weight, axis, scales)));
    graph.put(Weight.ofFloats(newBias, Shape.of(channels), shifts));
    convolution.replaceInputs(List.of(convolution.input(0), newWeight, newBias));
    convolution.replaceOutput(0, norm.output());
    return true;
  }

  private static Optional<Weight> floats(Graph graph, String name) {
    return name.isEmpty()
        ? Optional.empty()
        : graph.constant(name).filter(weight -> weight.type() == OnnxElementType.FLOAT);
  }

  private static void combine(
      List<Weight> settings,
      Optional<Weight> bias,
      double epsilon,
      float[] scales,
      float[] shifts) {
    float[] scale = settings.get(0).floats();
    float[] shift = settings.get(1).floats();
    float[] mean = settings.get(2).floats();
    float[] variance = settings.get(3).floats();
    float[] before = bias.map(Weight::floats).orElse(new float[scales.length]);
    for (int i = 0; i < scales.length; i++) {
      double factor = scale[i] / Math.sqrt(variance[i] + epsilon);
      scales[i] = (float) factor;
      shifts[i] = (float) ((before[i] - mean[i]) * factor + shift[i]);
    }
  }
}
