package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtException;
import io.vivace.core.EngineException;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one direct buffer per input and output, and the native tensors over them for the shapes
 * used last, so that a run with shapes it knows makes nothing anew.
 */
final class OnnxContext implements ExecutionContext {
  private static final int MAX_BINDINGS = 64;

  private final OnnxModel model;
  private final Memory memory;
  private final Map<List<TensorSpec>, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Binding current;
  private final Termination termination;
  private boolean closed;

  OnnxContext(OnnxModel model) {
    this.model = model;
    try {
      this.termination = new Termination();
    } catch (OrtException e) {
      throw model.failed("cannot make the options of a run", e);
    }
    this.memory = Memory.of(model.signature());
  }

  /** The buffers of a context. */
  record Memory(List<Slab> inputs, List<Slab> outputs) {
    static Memory of(Signature signature) {
      return new Memory(slabs(signature.inputs()), slabs(signature.outputs()));
    }

    private static List<Slab> slabs(List<TensorSpec> specs) {
      return specs.stream().map(spec -> new Slab()).toList();
    }
  }

  @Override
  public List<Tensor> prepare(List<TensorSpec> inputs) {
    Binding binding = current;
    if (binding == null || !(inputs == binding.specs() || inputs.equals(binding.specs()))) {
      binding = find(inputs);
      current = binding;
    }
    return binding.inputs();
  }

  private Binding find(List<TensorSpec> inputs) {
    if (closed) {
      throw new IllegalStateException("the context is closed");
    }
    Binding known = bindings.get(inputs);
    if (known != null) {
      return known;
    }
    check(inputs);
    current = null;
    if (bindings.size() == MAX_BINDINGS) {
      Map.Entry<List<TensorSpec>, Binding> eldest = bindings.entrySet().iterator().next();
      eldest.getValue().close();
      bindings.remove(eldest.getKey());
    }
    try {
      Binding made = new Binding(model, memory, List.copyOf(inputs));
      boolean outputsMoved = made.takeNewOutputMemory();
      if (made.hasNewInputMemory() || outputsMoved) {
        // The others hold on to memory that would never be used again.
        closeBindings();
      }
      bindings.put(made.specs(), made);
      return made;
    } catch (OrtException e) {
      throw model.failed("cannot take inputs " + inputs, e);
    }
  }

  private void check(List<TensorSpec> found) {
    List<TensorSpec> wanted = model.signature().inputs();
    if (found.size() != wanted.size()) {
      throw misfit("takes " + wanted.size() + " inputs " + wanted, found);
    }
    for (int i = 0; i < found.size(); i++) {
      TensorSpec is = found.get(i);
      TensorSpec must = wanted.get(i);
      boolean named = is.name().isEmpty() || is.name().equals(must.name());
      if (!named || is.type() != must.type() || !must.shape().matches(is.shape())) {
        throw misfit("takes " + must + " as input " + i, is);
      }
      if (is.shape().isDynamic()) {
        throw misfit("needs every size of input " + must + " to run", is);
      }
    }
  }

  private EngineException misfit(String wanted, Object found) {
    return new EngineException(model + " " + wanted + ", but was given " + found);
  }

  @Override
  public List<Tensor> run() {
    Binding binding = current;
    if (binding == null) {
      throw new IllegalStateException(
          closed ? "the context is closed" : "prepare() must be called before run()");
    }
    try {
      List<Tensor> outputs = binding.run(termination);
      if (binding.takeNewOutputMemory()) {
        closeAllBut(binding);
      }
      return outputs;
    } catch (OrtException e) {
      throw termination.isAsked()
          ? model.failed("was ended while it ran", e)
          : model.failed("failed on inputs " + binding.specs(), e);
    }
  }

  @Override
  public void terminate(boolean terminate) {
    try {
      termination.ask(terminate);
    } catch (OrtException e) {
      throw model.failed("cannot be ended", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    current = null;
    closeBindings();
    termination.close();
    memory.inputs().forEach(Slab::close);
    memory.outputs().forEach(Slab::close);
  }

  private void closeAllBut(Binding kept) {
    bindings.remove(kept.specs());
    closeBindings();
    bindings.put(kept.specs(), kept);
  }

  private void closeBindings() {
    bindings.values().forEach(Binding::close);
    bindings.clear();
  }
}
