package io.vivace.optimize.calibrate;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a loaded model on one sample. */
final class SampleRun {
  private SampleRun() {}

  static List<Tensor> run(
      ExecutionContext context, Signature signature, Map<String, Tensor> sample, long number) {
    List<TensorSpec> specs = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec input : signature.inputs()) {
      Tensor tensor = sample.get(input.name());
      if (tensor == null) {
        throw new IllegalArgumentException(
            "sample %d of the calibration data must have the inputs %s, but has %s"
                .formatted(
                    number,
                    signature.inputs().stream().map(TensorSpec::name).toList(),
                    sample.keySet()));
      }
      if (tensor.type() != input.type() || !input.shape().matches(tensor.shape())) {
        throw new IllegalArgumentException(
            "sample %d of the calibration data has %s for input \"%s\", which takes %s %s"
                .formatted(number, tensor, input.name(), input.type(), input.shape()));
      }
      specs.add(new TensorSpec(input.name(), tensor.type(), tensor.shape()));
      tensors.add(tensor);
    }
    List<Tensor> buffers = context.prepare(specs);
    for (int i = 0; i < buffers.size(); i++) {
      copy(tensors.get(i), buffers.get(i));
    }
    return context.run();
  }

  private static void copy(Tensor from, Tensor to) {
    if (from.type() == ElementType.STRING) {
      System.arraycopy(from.strings(), 0, to.strings(), 0, from.size());
    } else {
      to.data().put(from.data());
    }
  }
}
