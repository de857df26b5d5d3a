package io.vivace.engines.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.RunOptions;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Inputs of certain shapes, and the outputs that belong to them. */
final class Binding implements AutoCloseable {
  private final OrtSession session;
  private final List<TensorSpec> specs;
  private final BoundInputs inputs;
  private final BoundOutputs outputs;

  Binding(OnnxModel model, OnnxContext.Memory memory, List<TensorSpec> specs) throws OrtException {
    this.session = model.session();
    this.specs = specs;
    this.inputs =
        new BoundInputs(model.environment(), model.signature().inputs(), specs, memory.inputs());
    try {
      this.outputs = new BoundOutputs(model, specs, memory.outputs());
    } catch (OrtException | RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  List<TensorSpec> specs() {
    return specs;
  }

  List<Tensor> inputs() {
    return inputs.tensors();
  }

  boolean hasNewInputMemory() {
    return inputs.hasNewMemory();
  }

  boolean takeNewOutputMemory() {
    return outputs.takeNewMemory();
  }

  List<Tensor> run(Termination termination) throws OrtException {
    RunOptions options = termination.options();
    try (Result result =
        session.run(inputs.feeds(), outputs.requested(), outputs.pinned(), options)) {
      return outputs.collect(result);
    } catch (OrtException e) {
      if (outputs.pinned().isEmpty() || termination.isAsked()) {
        throw e;
      }
      return runWithoutPins(options);
    }
  }

  /** A pinned output may have had the wrong shape; where that was not it, the run fails again. */
  private List<Tensor> runWithoutPins(RunOptions options) throws OrtException {
    Map<String, Tensor> before = outputs.unpin();
    try (Result result = session.run(inputs.feeds(), outputs.requested(), options)) {
      return outputs.collect(result, before);
    }
  }

  @Override
  public void close() {
    inputs.close();
    outputs.close();
  }
}
