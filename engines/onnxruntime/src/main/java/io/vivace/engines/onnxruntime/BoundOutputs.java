package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtUtil;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of runs with inputs of certain shapes.
 *
 * <p>An output whose shape is known is <em>pinned</em>: the engine writes into our memory. Others
 * are <em>requested</em>: the engine makes them, and they are copied into our memory, since the
 * Java binding has no view of its own. What was copied once is pinned from then on.
 */
final class BoundOutputs implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OutputShapes shapes;
  private final List<TensorSpec> specs;
  private final List<Slab> slabs;

  private Map<String, OnnxTensor> pinned = new HashMap<>();
  private Set<String> requested = new HashSet<>();
  private final Map<String, Tensor> pinnedTensors = new HashMap<>();
  private List<Tensor> tensors = List.of();
  private boolean newMemory;

  BoundOutputs(OnnxModel model, List<TensorSpec> inputs, List<Slab> slabs) throws OrtException {
    this.environment = model.environment();
    this.shapes = model.outputShapes();
    this.specs = model.signature().outputs();
    this.slabs = slabs;
    try {
      pinPredicted(inputs);
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void pinPredicted(List<TensorSpec> inputs) throws OrtException {
    for (int i = 0; i < slabs.size(); i++) {
      TensorSpec spec = specs.get(i);
      Shape shape = shapes.predict(spec.name(), inputs);
      requested.add(spec.name());
      if (shape != null && isPinnable(spec, shape)) {
        pin(spec, place(i, shape));
      }
    }
    if (requested.isEmpty()) {
      tensors = specs.stream().map(spec -> tensor(spec.name())).toList();
      settle();
    }
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(pinnedTensors.get(name));
  }

  /** From now on the engine goes through these without making garbage. */
  private void settle() {
    pinned = Map.copyOf(pinned);
    requested = Collections.emptySet(); // whose iterator is a constant; that of Set.of() is not
  }

  private boolean isPinnable(TensorSpec spec, Shape shape) {
    return spec.type() != ElementType.STRING
        && shape.elements() > 0
        && shapes.isPredictable(spec.name());
  }

  /** Our memory for an output. */
  private Tensor place(int output, Shape shape) {
    TensorSpec spec = new TensorSpec(specs.get(output).name(), specs.get(output).type(), shape);
    long bytes = Slab.bytes(spec);
    newMemory |= slabs.get(output).reserve(bytes, spec.toString());
    return Tensor.wrap(spec.type(), shape, slabs.get(output).first(bytes));
  }

  private void pin(TensorSpec spec, Tensor tensor) throws OrtException {
    OnnxTensor pin =
        OnnxTensor.createTensor(
            environment,
            tensor.data(),
            tensor.shape().toArray(),
            NativeTypes.toNative(spec.type()));
    pinned.put(spec.name(), pin);
    pinnedTensors.put(spec.name(), tensor);
    requested.remove(spec.name());
  }

  Map<String, OnnxTensor> pinned() {
    return pinned;
  }

  Set<String> requested() {
    return requested;
  }

  /** Whether memory was replaced since the last call. */
  boolean takeNewMemory() {
    boolean taken = newMemory;
    newMemory = false;
    return taken;
  }

  /** The outputs of a run: the very same list while all of them are pinned. */
  List<Tensor> collect(Result result) throws OrtException {
    return requested.isEmpty() ? tensors : collect(result, Map.of());
  }

  /**
   * Takes the outputs of a run without pins.
   *
   * @param before what was pinned in the run that failed
   */
  List<Tensor> collect(Result result, Map<String, Tensor> before) throws OrtException {
    List<Tensor> taken = new ArrayList<>(slabs.size());
    for (int i = 0; i < slabs.size(); i++) {
      String name = specs.get(i).name();
      Tensor tensor = pinnedTensors.get(name);
      if (tensor == null) {
        OnnxTensor made = (OnnxTensor) result.get(name).orElseThrow();
        tensor = take(i, made, before.get(name));
      }
      taken.add(tensor);
    }
    tensors = List.copyOf(taken);
    if (requested.isEmpty()) {
      settle();
    }
    return tensors;
  }

  private Tensor take(int output, OnnxTensor made, @Nullable Tensor before) throws OrtException {
    TensorSpec spec = specs.get(output);
    Shape shape = Shape.of(made.getInfo().getShape());
    if (before != null && !before.shape().equals(shape)) {
      shapes.giveUp(spec.name());
    }
    if (spec.type() == ElementType.STRING) {
      return Tensor.of(text(made), shape.toArray());
    }
    if (shape.elements() == 0) {
      return Tensor.allocate(spec.type(), shape);
    }
    Tensor tensor = place(output, shape);
    ByteBuffer copy = made.getByteBuffer();
    tensor.data().put(copy);
    if (isPinnable(spec, shape)) {
      pin(spec, tensor);
    }
    return tensor;
  }

  private static String[] text(OnnxTensor made) throws OrtException {
    Object value = made.getValue();
    return value instanceof String scalar ? new String[] {scalar} : OrtUtil.flattenString(value);
  }

  /** Requests all outputs from now on, and returns what was pinned. */
  Map<String, Tensor> unpin() {
    Map<String, Tensor> before = Map.copyOf(pinnedTensors);
    close();
    requested = specs.stream().map(TensorSpec::name).collect(Collectors.toCollection(HashSet::new));
    return before;
  }

  @Override
  public void close() {
    pinned.values().forEach(OnnxTensor::close);
    pinned = new HashMap<>();
    pinnedTensors.clear();
  }
}
