package io.vivace.optimize.factorize;

import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.InputMoments;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.QuantizedOperators;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run of factorization. */
final class FactorizationRun {
  /** Of fewer different values than this share, a weight counts as shared. */
  private static final double FEW = 0.1;

  private static final double DAMPING = 0.1;

  private final FactorTarget target;
  private final @Nullable Iterable<Map<String, Tensor>> samples;
  private final ConvolutionFactors convolutions;
  private final ModelGraph model;
  private final PassContext context;
  private final List<LayerWeight> layers;
  private final String[] notes;
  private final Factors[] factors;

  FactorizationRun(
      FactorTarget target,
      @Nullable Iterable<Map<String, Tensor>> samples,
      ConvolutionFactors convolutions,
      Set<String> only,
      Set<String> excluded,
      ModelGraph model,
      PassContext context) {
    this.target = target;
    this.samples = samples;
    this.convolutions = convolutions;
    this.model = model;
    this.context = context;
    refuseQuantized();
    this.layers = layers(only, excluded);
    this.notes = new String[layers.size()];
    this.factors = new Factors[layers.size()];
    search();
  }

  private void refuseQuantized() {
    QuantizedOperators.first(model.graph())
        .ifPresent(
            node -> {
              throw new GraphException(
                  "model %s is quantized already, as node %s shows; factorize it first, then quantize"
                      .formatted(model.name(), node));
            });
  }

  private List<LayerWeight> layers(Set<String> only, Set<String> excluded) {
    List<LayerWeight> all = new ArrayList<>(LayerWeight.of(model.graph()));
    all.removeIf(layer -> layer.nodes().stream().allMatch(node -> node.is("Gather")));
    Set<String> known = new LinkedHashSet<>();
    all.forEach(layer -> known.add(layer.name()));
    Set<String> unknown = new TreeSet<>(only);
    unknown.addAll(excluded);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no layer weight named %s; it has %s"
              .formatted(model.name(), unknown, known));
    }
    all.removeIf(
        layer ->
            excluded.contains(layer.name()) || (!only.isEmpty() && !only.contains(layer.name())));
    return all;
  }

  private void search() {
    List<Node> wanted = new ArrayList<>();
    for (int i = 0; i < notes.length; i++) {
      notes[i] = unfit(layers.get(i));
      Node node = layers.get(i).nodes().get(0);
      if (notes[i].isEmpty() && !isWideConvolution(layers.get(i))) {
        wanted.add(node);
      }
    }
    InputMoments moments =
        samples == null || wanted.isEmpty()
            ? InputMoments.none()
            : InputMoments.of(model, wanted, samples, context);
    FactorSearch search = new FactorSearch(target, convolutions);
    context.forEach(
        notes.length,
        i -> {
          if (notes[i].isEmpty()) {
            find(search, moments, i);
          }
        });
    // One after the other: what is measured must have the machine for itself.
    for (int i = 0; i < notes.length && target.kind() == FactorTarget.Kind.MEASURED; i++) {
      if (notes[i].isEmpty()) {
        measure(i, moments);
      }
    }
  }

  private static boolean isWideConvolution(LayerWeight layer) {
    long pixels = 1;
    for (int i = 2; i < layer.weight().shape().rank(); i++) {
      pixels *= layer.weight().shape().dimension(i);
    }
    return layer.nodes().get(0).is("Conv") && pixels > 1;
  }

  /** Why a layer stays, whatever its factors are; empty if it may go. */
  private String unfit(LayerWeight layer) {
    Node first = layer.nodes().get(0);
    Weight weight = layer.weight();
    if (weight.shape().elements() == 0) {
      return "it has no element";
    }
    for (Node node : layer.nodes()) {
      if (!node.operator().equals(first.operator())
          || !node.input(1).equals(layer.name())
          || node.integer("transB", 0) != first.integer("transB", 0)) {
        return "nodes of different kinds use it";
      }
      if (!model.graph().nodes().contains(node)) {
        return "a graph inside a node uses it";
      }
    }
    String form = unfitForm(layer, first);
    return form.isEmpty() ? worked(weight) : form;
  }

  private String unfitForm(LayerWeight layer, Node node) {
    return switch (node.operator()) {
      case "MatMul", "Gemm" ->
          layer.weight().shape().rank() == 2 ? "" : "it is a stack of matrices";
      case "Conv" -> {
        if (node.integer("group", 1) != 1) {
          yield "its groups are thin already";
        }
        boolean wide = isWideConvolution(layer);
        yield wide && convolutions == ConvolutionFactors.NONE ? "convolutions stay" : "";
      }
      default -> "no factors are known of " + node.operator();
    };
  }

  /** What earlier passes made of a weight would be lost. */
  private static String worked(Weight weight) {
    float[] values = weight.floats();
    int zeros = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new GraphException("element %d of %s is %s".formatted(i, weight, values[i]));
      }
      zeros += values[i] == 0 ? 1 : 0;
    }
    if (zeros == values.length) {
      return "all of it is zero";
    }
    if (zeros > FEW * values.length) {
      return "it is pruned, and its factors would not be";
    }
    return values.length > 1_000 && distinct(values) < FEW * values.length
        ? "its elements share few values, and those of its factors would not"
        : "";
  }

  /** How many different numbers there are; both zeros count as two. */
  private static int distinct(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int count = 1;
    for (int i = 1; i < sorted.length; i++) {
      count += Float.compare(sorted[i], sorted[i - 1]) == 0 ? 0 : 1;
    }
    return count;
  }

  private void find(FactorSearch search, InputMoments moments, int i) {
    Node node = layers.get(i).nodes().get(0);
    Optional<double[]> second = moments.of(node);
    Factors found =
        search.of(node, layers.get(i).weight(), second.map(FactorizationRun::damped).orElse(null));
    factors[i] = found;
    if (found.rank() == 0) {
      notes[i] = "no rank is small enough";
    } else if (found.parameters() >= layers.get(i).weight().shape().elements()
        && target.kind() != FactorTarget.Kind.RANKS) {
      notes[i] = "its factors would have no fewer weights";
    }
  }

  /** Few samples say little of most directions, so all count a bit. */
  private static double[] damped(double[] moments) {
    int size = (int) Math.round(Math.sqrt(moments.length));
    double mean = 0;
    for (int i = 0; i < size; i++) {
      mean += moments[i * (size + 1)] / size;
    }
    double[] result = moments.clone();
    for (int i = 0; i < size; i++) {
      result[i * (size + 1)] += DAMPING * mean;
    }
    return result;
  }

  private void measure(int i, InputMoments moments) {
    Node node = layers.get(i).nodes().get(0);
    Weight weight = layers.get(i).weight();
    double ratio = LayerRace.ratio(model, node, weight, factors[i], moments.shape(node));
    if (!(ratio < 1)) {
      notes[i] = "its factors take %.2f times as long".formatted(ratio);
    }
  }

  FactorizationPlan plan() {
    List<FactorizationPlan.Layer> lines = new ArrayList<>();
    for (int i = 0; i < notes.length; i++) {
      Weight weight = layers.get(i).weight();
      long before = weight.shape().elements();
      Factors found = factors[i];
      lines.add(
          found == null
              ? new FactorizationPlan.Layer(weight.name(), 0, 0, before, before, 0, notes[i])
              : new FactorizationPlan.Layer(
                  weight.name(),
                  found.rank(),
                  found.outputRank(),
                  before,
                  found.parameters(),
                  found.error(),
                  notes[i]));
    }
    return new FactorizationPlan(lines);
  }

  void apply() {
    FactorRewrite rewrite = new FactorRewrite(model.graph());
    for (int i = 0; i < notes.length; i++) {
      if (notes[i].isEmpty()) {
        rewrite.replace(layers.get(i).weight(), factors[i], layers.get(i).nodes());
        String name = layers.get(i).name();
        model.graph().nodes().removeIf(n -> n.is("Constant") && n.outputs().contains(name));
        model.graph().removeWeight(name);
      }
    }
  }
}
