package io.vivace.optimize.train.graph;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.prune.SparsitySchedule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says what of an ONNX model's structure stays while it is trained on. Immutable: each option
 * returns a changed copy.
 *
 * <pre>{@code
 * Trainer.graph(FineTuning.of(pruned).keepZeros()) ...
 * Trainer.graph(FineTuning.of(dense).ramp(SparsitySchedule.cubic(0.95, 0, 6_000))) ...
 * Trainer.graph(FineTuning.of(shared).keepSharing(16)) ...
 * Trainer.graph(FineTuning.of(model).quantize(QuantizationAware.w8a8())) ...
 * }</pre>
 *
 * <p>Whatever the options, shapes stay: low-rank factors stay the factors they are, and a tensor
 * that several layers use stays one. Options are about the weights of layers, not about biases and
 * scales. By default weights are free.
 */
public final class FineTuning {
  private final ModelSource source;
  private final boolean zeros;
  private final OptionalInt shared;
  private final Optional<SparsitySchedule> schedule;
  private final boolean global;
  private final Set<String> excluded;
  private final Optional<QuantizationAware> quantization;
  private final Map<String, double[]> factors;

  private FineTuning(
      ModelSource source,
      boolean zeros,
      OptionalInt shared,
      Optional<SparsitySchedule> schedule,
      boolean global,
      Set<String> excluded,
      Optional<QuantizationAware> quantization,
      Map<String, double[]> factors) {
    this.source = Objects.requireNonNull(source, "source");
    this.zeros = zeros;
    this.shared = shared;
    this.schedule = schedule;
    this.global = global;
    this.excluded = excluded;
    this.quantization = quantization;
    this.factors = factors;
  }

  /**
   * Trains a model with all weights free.
   *
   * @param source the model, an ONNX file; never changed
   * @return the description, with the default of each option
   */
  public static FineTuning of(ModelSource source) {
    return new FineTuning(
        source,
        false,
        OptionalInt.empty(),
        Optional.empty(),
        false,
        Set.of(),
        Optional.empty(),
        Map.of());
  }

  /**
   * Keeps weights that are 0 at 0, so that a pruned model stays as sparse as it is.
   *
   * @return a changed copy
   */
  public FineTuning keepZeros() {
    return new FineTuning(source, true, shared, schedule, global, excluded, quantization, factors);
  }

  /**
   * Keeps equal weights equal in the tensors that have few values: those are trained, each with the
   * sum of the gradients of its weights, and 0 stays 0. Tensors with more values are trained as
   * usual.
   *
   * @param most how many values a tensor, or a channel of it, may have, from 1
   * @return a changed copy
   * @throws IllegalArgumentException if {@code most} is below 1
   */
  public FineTuning keepSharing(int most) {
    if (most < 1) {
      throw new IllegalArgumentException(
          "the number of shared values must be at least 1, but was " + most);
    }
    return new FineTuning(
        source, zeros, OptionalInt.of(most), schedule, global, excluded, quantization, factors);
  }

  /**
   * Prunes the smallest weights of each tensor while training. A weight that was pruned may come
   * back when the mask is made anew. Early stopping looks at the epochs that end after the last
   * step of the schedule only.
   *
   * @param sparsity how sparse each tensor is at each step of the optimizer
   * @return a changed copy
   */
  public FineTuning ramp(SparsitySchedule sparsity) {
    return new FineTuning(
        source, zeros, shared, Optional.of(sparsity), false, excluded, quantization, factors);
  }

  /**
   * Prunes the smallest weights of all tensors together while training, so that layers that need
   * more keep more. A weight that was pruned may come back when the mask is made anew. Early
   * stopping looks at the epochs that end after the last step of the schedule only.
   *
   * @param sparsity how sparse all tensors together are at each step of the optimizer
   * @return a changed copy
   */
  public FineTuning globalRamp(SparsitySchedule sparsity) {
    return new FineTuning(
        source, zeros, shared, Optional.of(sparsity), true, excluded, quantization, factors);
  }

  /**
   * Lets a ramp compare the weights of a matrix by their magnitude times a factor of the input that
   * they meet, as the norm of the input or its root (Sun et al., 2023, "A Simple and Effective
   * Pruning Approach for Large Language Models"). Without it, weights of inputs that are nearly
   * always 0, which training leaves as large as they began, stay while weights that matter go.
   *
   * @param weight the name of a matrix; it must be there when training starts
   * @param each a factor for each of its inputs, finite and at least 0; a mean of 1 keeps it
   *     comparable with other matrices
   * @return a changed copy
   * @throws IllegalArgumentException if a factor is negative or not finite
   */
  public FineTuning inputFactors(String weight, double... each) {
    for (double factor : each) {
      if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "factors must be finite and at least 0, but one for %s was %s"
                .formatted(weight, factor));
      }
    }
    Map<String, double[]> more = new TreeMap<>(factors);
    more.put(weight, each.clone());
    return new FineTuning(source, zeros, shared, schedule, global, excluded, quantization, more);
  }

  /**
   * Leaves weights out of all options: they are trained as usual.
   *
   * @param weights names of tensors; each must be there when training starts
   * @return a changed copy
   */
  public FineTuning exclude(String... weights) {
    Set<String> all = new TreeSet<>(excluded);
    all.addAll(List.of(weights));
    return new FineTuning(source, zeros, shared, schedule, global, all, quantization, factors);
  }

  /**
   * Computes with quantized weights and activations while training, and writes a quantized model.
   *
   * @param aware how many bits, and where the ranges come from
   * @return a changed copy
   */
  public FineTuning quantize(QuantizationAware aware) {
    return new FineTuning(
        source, zeros, shared, schedule, global, excluded, Optional.of(aware), factors);
  }

  /**
   * Opens the model.
   *
   * @return the network, to be closed
   * @throws io.vivace.core.ModelLoadException if the model cannot be read
   * @throws GraphException if it cannot be trained, lacks a weight that is excluded, or has no
   *     matrix of as many inputs as there are factors
   */
  public GraphNetwork open() {
    ModelGraph model = ModelGraph.open(source);
    Optional<QuantizedGraph> quantized = Optional.empty();
    boolean done = false;
    try {
      if (quantization.isPresent()) {
        quantized = Optional.of(QuantizedGraph.prepare(model, quantization.get(), excluded));
      }
      done = true;
    } finally {
      if (!done) {
        model.close();
      }
    }
    GraphNetwork network = GraphNetwork.of(model);
    done = false;
    try {
      install(network, quantized);
      done = true;
      return network;
    } finally {
      if (!done) {
        network.close();
      }
    }
  }

  private void install(GraphNetwork network, Optional<QuantizedGraph> quantized) {
    List<LayerWeight> layers =
        LayerWeight.of(network.model().graph()).stream()
            .filter(layer -> network.weightNames().contains(layer.name()))
            .toList();
    Set<String> unknown = new TreeSet<>(excluded);
    layers.forEach(layer -> unknown.remove(layer.name()));
    if (!unknown.isEmpty()) {
      throw new GraphException(
          "model %s has no layer weight named %s, but they are excluded; it has %s"
              .formatted(
                  network.model().name(),
                  unknown,
                  layers.stream().map(LayerWeight::name).toList()));
    }
    Masks masks = new Masks(network);
    factors.forEach(
        (name, each) -> masks.factors(name, InputFactors.of(network, layers, name, each)));
    for (LayerWeight layer : layers) {
      if (!excluded.contains(layer.name())) {
        install(network, layer, masks);
      }
    }
    schedule.ifPresent(
        ramp -> {
          prune(masks, ramp, 0);
          network.afterStep(step -> prune(masks, ramp, step));
          network.settled(ramp.last());
        });
    quantized.ifPresent(
        graph -> {
          graph.install(network);
          network.writer(
              target -> QuantizedExport.save(network, source, graph.aware(), excluded, target));
        });
  }

  private void install(GraphNetwork network, LayerWeight layer, Masks masks) {
    GraphParameter parameter = network.parameter(layer.name());
    if (shared.isPresent()) {
      Optional<SharedValues> values = SharedValues.of(layer, shared.getAsInt());
      if (values.isPresent()) {
        values.get().install(network, parameter);
        return;
      }
    }
    if (zeros || schedule.isPresent()) {
      masks.add(parameter);
    }
  }

  private void prune(Masks masks, SparsitySchedule ramp, long step) {
    if (!ramp.isDue(step)) {
      return;
    }
    if (global) {
      masks.limitAll(ramp.at(step));
    } else {
      masks.limitEach(ramp.at(step));
    }
  }

  @Override
  public String toString() {
    return "FineTuning[%s, zeros=%s, shared=%s, ramp=%s%s, quantization=%s, exclude=%s, inputFactors=%s]"
        .formatted(
            source,
            zeros,
            shared,
            schedule,
            global ? " (global)" : "",
            quantization,
            excluded,
            factors.keySet());
  }
}
