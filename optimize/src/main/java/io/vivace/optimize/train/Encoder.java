package io.vivace.optimize.train;

import io.vivace.core.CalibrationData;
import io.vivace.core.InferenceException;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Turns examples into batches of tensors. */
final class Encoder<X> {
  private final Preprocessor<X> preprocessor;
  private final Signature signature;

  Encoder(Preprocessor<X> preprocessor, Signature declared) {
    this.preprocessor = preprocessor;
    this.signature = declared.isDeclared() ? declared : ofCodec(preprocessor);
  }

  private static Signature ofCodec(Preprocessor<?> preprocessor) {
    List<TensorSpec> inputs = new ArrayList<>();
    for (TensorSpec spec : preprocessor.tensors()) {
      String name = spec.name().isEmpty() ? "input" + inputs.size() : spec.name();
      inputs.add(new TensorSpec(name, spec.type(), spec.shape().prepend(Shape.ANY)));
    }
    return new Signature(inputs, List.of());
  }

  Signature signature() {
    return signature;
  }

  /** Encodes at least one example. */
  <Y> Batch<Y> batch(Dataset<X, Y> examples) {
    var tensors =
        CalibrationData.of(examples, preprocessor)
            .forModel(signature)
            .batchSize(examples.size())
            .iterator()
            .next();
    List<Tensor> inputs =
        signature.inputs().stream()
            .filter(spec -> tensors.containsKey(spec.name()))
            .map(spec -> tensors.get(spec.name()))
            .toList();
    return new Batch<>(inputs, List.copyOf(examples.labels()));
  }

  /** Encodes examples to learn from: what does not fit is the data's fault, named by position. */
  <Y> Batch<Y> checked(Dataset<X, Y> all, int[] positions) {
    Batch<Y> batch;
    try {
      batch = batch(all.select(positions));
    } catch (InferenceException e) {
      throw new IllegalArgumentException(
          "an example among numbers %s cannot be encoded: %s"
              .formatted(few(positions), e.getMessage()),
          e);
    }
    for (Tensor tensor : batch.inputs()) {
      requireFinite(tensor, positions);
    }
    return batch;
  }

  private static void requireFinite(Tensor tensor, int[] positions) {
    if (tensor.type() != ElementType.FLOAT32 || tensor.size() == 0) {
      return;
    }
    FloatBuffer values = tensor.data().asFloatBuffer();
    int width = tensor.size() / positions.length;
    for (int i = 0; i < tensor.size(); i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new IllegalArgumentException(
            "example %d holds %s at element %d of its features: clean the data first, for example with Imputation"
                .formatted(
                    positions[Math.min(i / Math.max(width, 1), positions.length - 1)],
                    values.get(i),
                    i % Math.max(width, 1)));
      }
    }
  }

  private static String few(int[] positions) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < Math.min(8, positions.length); i++) {
      text.append(i == 0 ? "" : ", ").append(positions[i]);
    }
    return text.append(positions.length > 8 ? ", ...]" : "]").toString();
  }
}
