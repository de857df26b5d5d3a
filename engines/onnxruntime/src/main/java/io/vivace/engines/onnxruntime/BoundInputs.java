package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The native tensors for inputs of certain shapes. */
final class BoundInputs implements AutoCloseable {
  private final OrtEnvironment environment;
  private final List<TensorSpec> wanted;
  private final List<Tensor> tensors = new ArrayList<>();
  private Map<String, OnnxTensor> feeds = new HashMap<>();
  private boolean hasText;
  private boolean newMemory;

  /**
   * Binds inputs.
   *
   * @param wanted the model's inputs, which have the names
   * @param specs types and shapes to bind, in the same order
   * @param slabs the memory of each input
   */
  BoundInputs(
      OrtEnvironment environment, List<TensorSpec> wanted, List<TensorSpec> specs, List<Slab> slabs)
      throws OrtException {
    this.environment = environment;
    this.wanted = wanted;
    try {
      for (int i = 0; i < slabs.size(); i++) {
        bind(wanted.get(i), specs.get(i), slabs.get(i));
      }
      if (!hasText) {
        feeds = Map.copyOf(feeds); // the engine goes through it without making garbage
      }
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void bind(TensorSpec input, TensorSpec spec, Slab slab) throws OrtException {
    if (spec.type() == ElementType.STRING) {
      hasText = true;
      tensors.add(Tensor.allocate(spec.type(), spec.shape()));
      return;
    }
    long bytes = Slab.bytes(spec);
    newMemory |= slab.reserve(bytes, input.toString());
    ByteBuffer memory = slab.first(bytes);
    tensors.add(Tensor.wrap(spec.type(), spec.shape(), memory));
    feeds.put(
        input.name(),
        OnnxTensor.createTensor(
            environment, memory, spec.shape().toArray(), NativeTypes.toNative(spec.type())));
  }

  List<Tensor> tensors() {
    return tensors;
  }

  boolean hasNewMemory() {
    return newMemory;
  }

  /** What to hand to the engine: numbers lie in shared memory, text is copied for each run. */
  Map<String, OnnxTensor> feeds() throws OrtException {
    if (hasText) {
      for (int i = 0; i < tensors.size(); i++) {
        if (tensors.get(i).type() == ElementType.STRING) {
          copyText(wanted.get(i), tensors.get(i));
        }
      }
    }
    return feeds;
  }

  private void copyText(TensorSpec input, Tensor text) throws OrtException {
    String[] values = text.strings();
    int missing = Arrays.asList(values).indexOf(null);
    if (missing >= 0) {
      throw new EngineException("input " + input + " holds null at position " + missing);
    }
    OnnxTensor copy = OnnxTensor.createTensor(environment, values, text.shape().toArray());
    OnnxTensor old = feeds.put(input.name(), copy);
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    feeds.values().forEach(OnnxTensor::close);
    feeds = Map.of();
  }
}
