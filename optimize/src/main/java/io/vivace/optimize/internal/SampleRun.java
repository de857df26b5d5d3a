package io.vivace.optimize.internal;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a loaded model on samples: maps from the names of inputs to tensors of full shape. */
public final class SampleRun {
  private SampleRun() {}

  /**
   * Runs a model on one sample.
   *
   * @param context of the model
   * @param signature of the model
   * @param sample the sample; what is no input of the model is ignored
   * @param place which sample it is, for messages: "sample 3 of the calibration data"
   * @return the outputs, in the signature's order; good until the next run
   * @throws IllegalArgumentException if an input is missing, or of another type or shape than the
   *     model takes
   */
  public static List<Tensor> run(
      ExecutionContext context, Signature signature, Map<String, Tensor> sample, String place) {
    fill(context, signature, sample, place);
    return context.run();
  }

  /**
   * Puts a sample into the inputs of a model, without running it.
   *
   * @param context of the model
   * @param signature of the model
   * @param sample the sample
   * @param place which sample it is, for messages
   * @throws IllegalArgumentException if the sample does not fit the model
   */
  public static void fill(
      ExecutionContext context, Signature signature, Map<String, Tensor> sample, String place) {
    List<TensorSpec> specs = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    if (!signature.isDeclared()) { // TorchScript: in the sample's own order
      sample.forEach(
          (name, tensor) -> {
            specs.add(new TensorSpec(name, tensor.type(), tensor.shape()));
            tensors.add(tensor);
          });
    }
    for (TensorSpec input : signature.inputs()) {
      Tensor tensor = sample.get(input.name());
      if (tensor == null) {
        throw new IllegalArgumentException(
            "%s must have the inputs %s, but has %s"
                .formatted(
                    place,
                    signature.inputs().stream().map(TensorSpec::name).toList(),
                    sample.keySet()));
      }
      if (tensor.type() != input.type() || !input.shape().matches(tensor.shape())) {
        throw new IllegalArgumentException(
            "%s has %s for input \"%s\", which takes %s %s"
                .formatted(place, tensor, input.name(), input.type(), input.shape()));
      }
      specs.add(new TensorSpec(input.name(), tensor.type(), tensor.shape()));
      tensors.add(tensor);
    }
    List<Tensor> buffers = context.prepare(specs);
    for (int i = 0; i < buffers.size(); i++) {
      copy(tensors.get(i), buffers.get(i));
    }
  }

  private static void copy(Tensor from, Tensor to) {
    if (from.type() == ElementType.STRING) {
      System.arraycopy(from.strings(), 0, to.strings(), 0, from.size());
    } else {
      to.data().put(from.data());
    }
  }
}
