package io.vivace.engines.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The arguments of a call, of certain shapes. */
final class Binding implements AutoCloseable {
  private final List<TensorSpec> specs;
  private final List<Tensor> inputs;
  private final PtNDManager manager;
  private final List<PtNDArray> arrays = new ArrayList<>();
  private final IValue[] arguments;

  Binding(List<TensorSpec> specs, InputMemory memory, PtNDManager manager) {
    this.specs = specs;
    this.manager = manager;
    this.arguments = new IValue[specs.size()];
    List<Tensor> tensors = new ArrayList<>(specs.size());
    for (int i = 0; i < specs.size(); i++) {
      tensors.add(memory.tensor(i, specs.get(i)));
    }
    this.inputs = List.copyOf(tensors);
    bind();
  }

  private void bind() {
    for (int i = 0; i < arguments.length; i++) {
      Tensor input = inputs.get(i);
      DataType type = Objects.requireNonNull(ElementTypes.toNative(input.type()));
      PtNDArray array = manager.create(input.data(), new Shape(input.shape().toArray()), type);
      arrays.add(array);
      arguments[i] = IValue.from(array);
    }
  }

  List<TensorSpec> specs() {
    return specs;
  }

  List<Tensor> inputs() {
    return inputs;
  }

  /** Arguments that share the memory of the inputs. */
  IValue[] arguments() {
    return arguments;
  }

  /** Arguments that hold what the inputs hold now, for a device with memory of its own. */
  IValue[] copiedArguments() {
    close();
    bind();
    return arguments;
  }

  @Override
  public void close() {
    for (int i = 0; i < arrays.size(); i++) {
      arguments[i].close();
      arrays.get(i).close();
    }
    arrays.clear();
  }
}
