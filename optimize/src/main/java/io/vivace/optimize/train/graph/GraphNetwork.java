package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Signature;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Value;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.train.internal.NativeAllocator;
import io.vivace.optimize.train.internal.Network;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * An ONNX graph whose weights can be trained: its operators run on DJL's PyTorch engine, which
 * finds the gradients, and the weights are written back into the same graph. What the graph holds
 * beside its weights stays byte for byte as it was. Not thread-safe.
 */
public final class GraphNetwork implements Network {
  private final ModelGraph model;
  private final NDManager manager;
  private final RunContext context;
  private final DataType real;
  private final Map<String, GraphParameter> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();
  private final Map<String, Operand> constants = new HashMap<>();
  private final Map<List<String>, GraphProgram> programs = new HashMap<>();
  private final Map<String, NDArray> extra = new LinkedHashMap<>();
  private final Map<String, NDArray> extraTrained = new LinkedHashMap<>();
  private Optional<Consumer<Path>> writer = Optional.empty();
  private final List<LongConsumer> afterStep = new ArrayList<>();

  private GraphNetwork(ModelGraph model, DataType real, Optional<Boolean> padded) {
    this.model = model;
    this.real = real;
    NativeAllocator.tune();
    this.manager = TrainingEngine.newManager();
    boolean padding = padded.orElseGet(() -> ConvolutionCheck.needsPadding(manager));
    this.context = new RunContext(manager, real, model, padding);
    GraphProgram program = program(outputNames());
    Set<String> trained = TrainedUses.of(model.graph());
    Set<String> running = TrainedUses.statistics(model.graph());
    for (String name : program.constants()) {
      Values values = values(name);
      if (trained.contains(name)) {
        NDArray array = array(values);
        parameters.put(name, new GraphParameter(model.graph().constant(name).orElseThrow(), array));
        array.setRequiresGradient(true);
      } else if (running.contains(name)) {
        statistics.put(name, array(values));
      }
    }
  }

  /**
   * Opens a model for training in single precision.
   *
   * @param source the model, an ONNX file; never changed
   * @return the network; to be closed
   * @throws io.vivace.core.ModelLoadException if the model cannot be read
   * @throws GraphException if an operator cannot be trained; the message names all of them
   */
  public static GraphNetwork open(ModelSource source) {
    return of(ModelGraph.open(source));
  }

  /**
   * Trains a graph that is open.
   *
   * @param model the graph; the network closes it
   * @return the network; to be closed
   * @throws GraphException if an operator cannot be trained; the message names all of them
   */
  public static GraphNetwork of(ModelGraph model) {
    return of(model, DataType.FLOAT32, Optional.empty());
  }

  /** Double precision and forced padding of channels are for tests. */
  static GraphNetwork of(ModelGraph model, DataType real, Optional<Boolean> padded) {
    boolean done = false;
    try {
      GraphNetwork network = new GraphNetwork(model, real, padded);
      done = true;
      return network;
    } finally {
      if (!done) {
        model.close();
      }
    }
  }

  private Values values(String name) {
    Optional<Weight> constant = model.graph().constant(name);
    if (constant.isPresent()) {
      return Values.of(constant.get());
    }
    return model.graph().nodes().stream()
        .filter(node -> node.is("Constant") && node.outputs().contains(name))
        .map(Values::of)
        .findFirst()
        .orElseThrow(() -> new GraphException("value \"" + name + "\" is no constant"));
  }

  private NDArray array(Values values) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray made = manager.create(values.reals(), new Shape(values.shape()));
      NDArray typed = made.toType(real, false).duplicate(); // toType does not always copy
      NDScope.unregister(typed);
      return typed;
    }
  }

  private GraphProgram program(List<String> wanted) {
    return programs.computeIfAbsent(List.copyOf(wanted), key -> GraphProgram.of(model, key));
  }

  /**
   * Returns the names of what {@link #forward} takes.
   *
   * @return in the file's order; without weights that old models list among the inputs
   */
  public List<String> inputNames() {
    return model.graph().inputs().stream()
        .map(Value::name)
        .filter(name -> model.graph().weight(name).isEmpty())
        .toList();
  }

  /**
   * Returns the names of the graph's outputs.
   *
   * @return in the file's order
   */
  public List<String> outputNames() {
    return model.graph().outputs().stream().map(Value::name).toList();
  }

  @Override
  public Signature signature() {
    return GraphSignature.of(model.graph());
  }

  @Override
  public Map<String, NDArray> parameters() {
    return arrays(true);
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = arrays(false);
    state.putAll(statistics);
    state.putAll(extra);
    return state;
  }

  private Map<String, NDArray> arrays(boolean trained) {
    Map<String, NDArray> result = new LinkedHashMap<>();
    for (GraphParameter parameter : parameters.values()) {
      if (parameter.trained().hasGradient() == trained) {
        result.put(parameter.name(), parameter.trained());
      }
    }
    extraTrained.forEach(
        (name, array) -> {
          if (array.hasGradient() == trained) {
            result.put(name, array);
          }
        });
    return result;
  }

  @Override
  public void freeze(Predicate<String> names) {
    arrays(true)
        .forEach(
            (name, array) -> {
              if (names.test(name)) {
                array.setRequiresGradient(false);
              }
            });
  }

  GraphParameter parameter(String name) {
    GraphParameter found = parameters.get(name);
    if (found == null) {
      throw new GraphException(
          "model %s has no trained weight \"%s\", it has %s"
              .formatted(model.name(), name, parameters.keySet()));
    }
    return found;
  }

  Collection<GraphParameter> all() {
    return parameters.values();
  }

  ModelGraph model() {
    return model;
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  DataType real() {
    return real;
  }

  void range(String scale, ActivationRange range) {
    context.ranges().put(scale, range);
  }

  ActivationRange range(String scale) {
    return Objects.requireNonNull(context.ranges().get(scale), scale);
  }

  NDArray scalar(double value) {
    return context.scalar(value);
  }

  @Override
  public NDList forward(NDList inputs, boolean training) {
    return run(inputs, training, outputNames());
  }

  @Override
  public NDList forward(NDList inputs, boolean training, List<String> inner) {
    List<String> wanted = new ArrayList<>(outputNames());
    wanted.addAll(inner);
    Set<String> known = new LinkedHashSet<>();
    model.graph().nodes().forEach(node -> known.addAll(node.outputs()));
    for (String name : inner) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "the network has no value \"%s\", it has %s".formatted(name, known));
      }
    }
    return run(inputs, training, wanted);
  }

  private NDList run(NDList inputs, boolean training, List<String> wanted) {
    List<String> names = inputNames();
    if (inputs.size() != names.size()) {
      throw new IllegalArgumentException(
          "the network takes %d inputs, %s, but was given %d"
              .formatted(names.size(), names, inputs.size()));
    }
    GraphProgram program = program(wanted);
    context.training(training);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      GraphRun run = new GraphRun(program, context);
      for (int i = 0; i < names.size(); i++) {
        run.put(names.get(i), Operand.kept(typed(inputs.get(i))));
      }
      for (String name : program.constants()) {
        run.put(name, constant(name, training));
      }
      run.run();
      NDList outputs = new NDList();
      wanted.forEach(name -> outputs.add(run.result(name)));
      NDManager target = inputs.isEmpty() ? manager : inputs.get(0).getManager();
      for (NDArray output : outputs) {
        NDScope.unregister(output);
        output.attach(target);
      }
      return outputs;
    }
  }

  private NDArray typed(NDArray input) {
    return input.getDataType().isFloating() ? input.toType(real, false) : whole(input);
  }

  private static NDArray whole(NDArray input) {
    DataType type = input.getDataType();
    return type == DataType.BOOLEAN ? input : input.toType(DataType.INT64, false);
  }

  private Operand constant(String name, boolean training) {
    GraphParameter parameter = parameters.get(name);
    if (parameter != null) {
      // Detached, the engine keeps no history, whatever the thread's mode is.
      NDArray from = training ? parameter.trained() : parameter.trained().stopGradient();
      return Operand.kept(parameter.weight(from));
    }
    NDArray running = statistics.get(name);
    return running != null
        ? Operand.kept(running)
        : constants.computeIfAbsent(name, this::constant);
  }

  private Operand constant(String name) {
    Values values = values(name);
    return values.isReal() ? Operand.kept(array(values)) : Operand.of(values.integers());
  }

  /** Puts the weights as they are now into the graph. Those that did not change stay untouched. */
  public void writeBack() {
    writeInto(model.graph());
  }

  /** Puts the weights into a graph that has weights of the same names. */
  void writeInto(Graph graph) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      for (GraphParameter parameter : parameters.values()) {
        NDArray weight = parameter.weight(parameter.trained().stopGradient());
        WrittenWeights.put(graph, parameter.original(), weight);
      }
      statistics.forEach(
          (name, array) -> WrittenWeights.put(graph, graph.constant(name).orElseThrow(), array));
    }
  }

  /** Keeps an array with the network: a mask, a range. A checkpoint holds it. */
  void keep(String name, NDArray array) {
    extra.put(name, array);
  }

  /** Lets the optimizer change an array that is no weight. */
  void train(String name, NDArray array) {
    extraTrained.put(name, array);
  }

  /** Lets something else write the model's file. */
  void writer(Consumer<Path> other) {
    writer = Optional.of(other);
  }

  /** Adds what is called after each step of the optimizer. */
  void afterStep(LongConsumer listener) {
    afterStep.add(listener);
  }

  @Override
  public void afterStep(long step) {
    afterStep.forEach(listener -> listener.accept(step));
  }

  /**
   * Writes the model with the weights as they are now.
   *
   * @param target the file; replaced if it exists
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   */
  @Override
  public void export(Path target) {
    save(target);
  }

  /**
   * Writes the model with the weights as they are now.
   *
   * @param target the file; replaced if it exists
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   */
  @Override
  public void save(Path target) {
    if (writer.isPresent()) {
      writer.get().accept(target);
      return;
    }
    writeBack();
    model.save(target);
  }

  /**
   * Returns the names of the weights.
   *
   * @return with those that are frozen
   */
  public List<String> weightNames() {
    return new ArrayList<>(parameters.keySet());
  }

  /** Gives the engine's memory back and closes the model. Works twice. */
  @Override
  public void close() {
    manager.close();
    model.close();
  }
}
