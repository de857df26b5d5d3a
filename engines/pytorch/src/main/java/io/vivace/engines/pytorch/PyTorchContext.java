package io.vivace.engines.pytorch;

import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one direct buffer per input, and the native arguments over it for the shapes used last.
 *
 * <p>Calls the module itself, not through {@code Block.forward}, which makes the arguments anew for
 * each call, reads a system property, and lets the first call of a model run alone.
 */
final class PyTorchContext implements ExecutionContext {
  private static final int MAX_BINDINGS = 64;

  private final PyTorchModel model;
  private final PtNDManager manager;
  private final InputMemory memory = new InputMemory();
  private final Outputs outputs;
  private final Map<List<TensorSpec>, Binding> bindings = new LinkedHashMap<>(16, 0.75f, true);
  private @Nullable Binding current;
  private boolean closed;

  PyTorchContext(PyTorchModel model, PtNDManager manager) {
    this.model = model;
    this.manager = manager;
    this.outputs = new Outputs(manager);
  }

  @Override
  public List<Tensor> prepare(List<TensorSpec> inputs) {
    Binding binding = current;
    if (binding == null || !inputs.equals(binding.specs())) {
      binding = find(inputs);
      current = binding;
    }
    return binding.inputs();
  }

  private Binding find(List<TensorSpec> inputs) {
    if (closed) {
      throw new IllegalStateException("the context is closed");
    }
    current = null;
    Binding known = bindings.get(inputs);
    if (known != null) {
      return known;
    }
    inputs.forEach(this::check);
    if (memory.reserve(inputs) || bindings.size() == MAX_BINDINGS) {
      closeBindings();
    }
    try {
      Binding made = new Binding(List.copyOf(inputs), memory, manager);
      bindings.put(made.specs(), made);
      return made;
    } catch (ai.djl.engine.EngineException e) {
      throw failed("cannot take inputs " + inputs, e);
    }
  }

  private void check(TensorSpec input) {
    if (input.type() == ElementType.STRING) {
      throw new EngineException(model + " takes no text, but was given " + input);
    }
    if (input.shape().isDynamic()) {
      throw new EngineException(model + " needs every size to run, but was given " + input);
    }
  }

  @Override
  public List<Tensor> run() {
    Binding binding = current;
    if (binding == null) {
      throw new IllegalStateException(
          closed ? "the context is closed" : "prepare() must be called before run()");
    }
    outputs.close();
    IValue[] arguments = model.isOnProcessor() ? binding.arguments() : binding.copiedArguments();
    try (IValue result = IValueUtils.runMethod(model.module(), "forward", arguments)) {
      return outputs.take(result);
    } catch (EngineException e) {
      throw new EngineException(model + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw failed("failed on inputs " + binding.specs(), e);
    }
  }

  private EngineException failed(String what, RuntimeException cause) {
    return new EngineException(model + " " + what + ": " + reason(cause), cause);
  }

  /** TorchScript writes the reason below a trace of its own. */
  private static String reason(RuntimeException failure) {
    String mark = "RuntimeError: ";
    return String.valueOf(failure.getMessage())
        .lines()
        .filter(line -> line.contains(mark))
        .map(line -> line.substring(line.indexOf(mark) + mark.length()).strip())
        .findFirst()
        .orElseGet(() -> ModelOpener.firstLine(failure));
  }

  @Override
  public void close() {
    closed = true;
    current = null;
    outputs.close();
    closeBindings();
    manager.close();
  }

  private void closeBindings() {
    bindings.values().forEach(Binding::close);
    bindings.clear();
  }
}
