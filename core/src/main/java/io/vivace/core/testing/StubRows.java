package io.vivace.core.testing;

import io.vivace.core.EngineException;
import io.vivace.core.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Computes an output of floats row by row. */
record StubRows(int inputs, int outputs, Function<float[], float[]> function)
    implements UnaryOperator<List<Tensor>> {
  StubRows {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "a row must have at least 1 float, but inputs=" + inputs + ", outputs=" + outputs);
    }
  }

  @Override
  public List<Tensor> apply(List<Tensor> tensors) {
    float[] values = tensors.get(0).toFloats();
    int rows = values.length / inputs;
    float[] answers = new float[rows * outputs];
    for (int row = 0; row < rows; row++) {
      float[] answer = function.apply(Arrays.copyOfRange(values, row * inputs, (row + 1) * inputs));
      if (answer.length != outputs) {
        throw new EngineException(
            "the stub's function should give " + outputs + " floats, but gave " + answer.length);
      }
      System.arraycopy(answer, 0, answers, row * outputs, outputs);
    }
    return List.of(Tensor.of(answers, rows, outputs));
  }

  /** Tells whether any row of a batch of floats is meant. */
  static boolean anyRow(Tensor batch, Predicate<float[]> predicate) {
    float[] values = batch.toFloats();
    int rows = (int) batch.shape().dimension(0);
    int size = values.length / Math.max(1, rows);
    for (int row = 0; row < rows; row++) {
      if (predicate.test(Arrays.copyOfRange(values, row * size, (row + 1) * size))) {
        return true;
      }
    }
    return false;
  }
}
