package io.vivace.core.internal.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.List;

/** Runs the block of a DJL model, with arrays that live for one run. */
final class DjlContext implements ExecutionContext {
  private final Model model;
  private List<TensorSpec> specs = List.of();
  private List<Tensor> inputs = List.of();

  DjlContext(Model model) {
    this.model = model;
  }

  @Override
  public List<Tensor> prepare(List<TensorSpec> wanted) {
    if (!wanted.equals(specs)) {
      inputs = wanted.stream().map(spec -> Tensor.allocate(spec.type(), spec.shape())).toList();
      specs = List.copyOf(wanted);
    }
    return inputs;
  }

  @Override
  public List<Tensor> run() {
    try (NDManager arrays = model.getNDManager().newSubManager()) {
      NDList given = new NDList();
      for (int i = 0; i < inputs.size(); i++) {
        NDArray array = DjlTypes.array(arrays, inputs.get(i));
        if (!specs.get(i).name().isEmpty()) {
          array.setName(specs.get(i).name());
        }
        given.add(array);
      }
      NDList outputs = model.getBlock().forward(new ParameterStore(arrays, false), given, false);
      outputs.attach(arrays);
      return outputs.stream().map(DjlTypes::tensor).toList();
    } catch (RuntimeException e) {
      throw DjlFailure.ofRun(e);
    }
  }

  @Override
  public void close() {
    inputs = List.of();
    specs = List.of();
  }
}
