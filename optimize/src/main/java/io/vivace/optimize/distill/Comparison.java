package io.vivace.optimize.distill;

import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A match with the teacher whose value it is, by the name of an output; empty for a vector. */
record Comparison<X>(Match match, Predictor<X, ?> teacher, Optional<String> output) {

  /** Asks the teacher about all inputs: one value for each. */
  List<Tensor> values(List<X> inputs, Optional<Path> cache, Asking asking) {
    Shape shape = tensor(teacher.predict(inputs.get(0))).shape();
    long[] sizes = new long[shape.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = shape.dimension(axis);
    }
    return TeacherAnswers.of(new Flat<>(this, shape), inputs, cache, asking).stream()
        .map(values -> Tensor.of(values, sizes))
        .toList();
  }

  private Tensor tensor(Object answer) {
    if (answer instanceof float[] vector) {
      return Tensor.of(vector, vector.length);
    }
    Map<?, ?> named = (Map<?, ?>) answer;
    String name = output.orElseThrow();
    if (!(named.get(name) instanceof Tensor tensor)) {
      throw new IllegalArgumentException(
          "the teacher gives no \"%s\", it gives %s: open its model with TensorOutput.all(), after InnerOutputs.save for values inside"
              .formatted(name, named.keySet()));
    }
    if (tensor.type() != ElementType.FLOAT32) {
      throw new IllegalArgumentException(
          "the teacher's value \"%s\" is of type %s, but only FLOAT32 can be compared"
              .formatted(name, tensor.type()));
    }
    return tensor;
  }

  /** The teacher, whose answer is one value's elements. It is not closed by this. */
  private record Flat<X>(Comparison<X> asked, Shape shape) implements Predictor<X, float[]> {
    private float[] flat(Object answer) {
      Tensor tensor = asked.tensor(answer);
      if (!tensor.shape().equals(shape)) {
        throw new IllegalArgumentException(
            "the teacher's values for %s differ in shape: %s and %s"
                .formatted(asked.match(), shape, tensor.shape()));
      }
      return tensor.toFloats();
    }

    @Override
    public float[] predict(X item) {
      return flat(asked.teacher().predict(item));
    }

    @Override
    public List<float[]> predictAll(List<? extends X> items) {
      return asked.teacher().predictAll(items).stream().map(this::flat).toList();
    }

    @Override
    public List<Outcome<float[]>> predictEach(List<? extends X> items) {
      return predictAll(items).stream().map(Outcome::of).toList();
    }

    @Override
    public CompletableFuture<float[]> predictAsync(X item) {
      return CompletableFuture.completedFuture(predict(item));
    }

    @Override
    public Signature signature() {
      return asked.teacher().signature();
    }

    @Override
    public void close() {}
  }
}
