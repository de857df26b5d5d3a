package io.vivace.core.spi;

import io.vivace.core.tensor.Tensor;
import java.util.List;

/**
 * A layer of long short-term memory, plainly, in double precision.
 *
 * <pre>{@code
 * i, f, o = sigmoid(W x + R h + b), each with its own weights;  g = tanh(W x + R h + b)
 * c' = f c + i g,  h' = o tanh(c')
 * }</pre>
 */
final class ReferenceLstm {
  private static final int INPUT = 0;
  private static final int FORGET = 1;
  private static final int CELL = 2;
  private static final int OUTPUT = 3;

  private final int rows;
  private final int steps;
  private final int inputs;
  private final int hidden;
  private final float[] x;
  private final float[] weights;
  private final float[] recurrence;
  private final float[] bias;

  /** Takes input, weights, recurrent weights and bias, as {@link NumericsCheck} lays them out. */
  ReferenceLstm(List<Tensor> tensors) {
    this.rows = ReferenceMath.size(tensors.get(0), 0);
    this.steps = ReferenceMath.size(tensors.get(0), 1);
    this.inputs = ReferenceMath.size(tensors.get(0), 2);
    this.hidden = ReferenceMath.size(tensors.get(1), 1);
    this.x = tensors.get(0).toFloats();
    this.weights = tensors.get(1).toFloats();
    this.recurrence = tensors.get(2).toFloats();
    this.bias = tensors.get(3).toFloats();
  }

  Tensor run() {
    float[] answers = new float[rows * steps * hidden];
    for (int row = 0; row < rows; row++) {
      double[] cell = new double[hidden];
      double[] state = new double[hidden];
      for (int step = row * steps; step < (row + 1) * steps; step++) {
        state = next(step, cell, state);
        for (int i = 0; i < hidden; i++) {
          answers[step * hidden + i] = (float) state[i];
        }
      }
    }
    return Tensor.of(answers, rows, steps, hidden);
  }

  private double[] next(int step, double[] cell, double[] state) {
    double[] next = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      double kept = sigmoid(sum(FORGET, i, step, state)) * cell[i];
      double added = sigmoid(sum(INPUT, i, step, state)) * Math.tanh(sum(CELL, i, step, state));
      cell[i] = kept + added;
      next[i] = sigmoid(sum(OUTPUT, i, step, state)) * Math.tanh(cell[i]);
    }
    return next;
  }

  private double sum(int gate, int unit, int step, double[] state) {
    int line = gate * hidden + unit;
    double sum = bias[line];
    for (int i = 0; i < inputs; i++) {
      sum += (double) weights[line * inputs + i] * x[step * inputs + i];
    }
    for (int i = 0; i < hidden; i++) {
      sum += recurrence[line * hidden + i] * state[i];
    }
    return sum;
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }
}
