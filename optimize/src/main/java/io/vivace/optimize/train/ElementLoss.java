package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.UnaryOperator;

/** The mean of a function of the difference, over all elements of the first output. */
record ElementLoss(String name, UnaryOperator<NDArray> function) implements Loss<float[]> {
  @Override
  public NDArray of(NDList outputs, List<float[]> labels) {
    NDArray output = outputs.head();
    int rows = labels.size();
    int width = Math.toIntExact(output.size() / rows);
    float[] wanted = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      float[] label = labels.get(row);
      if (label.length != width) {
        throw new IllegalArgumentException(
            "the %s needs one number per output: the model gives %d numbers a row, shape %s, but a label has %d"
                .formatted(name, width, output.getShape(), label.length));
      }
      System.arraycopy(label, 0, wanted, row * width, width);
    }
    NDArray target = output.getManager().create(wanted, new Shape(rows, width));
    return function.apply(output.reshape(rows, width).sub(target)).mean();
  }

  @Override
  public void check(List<float[]> labels) {
    for (int i = 0; i < labels.size(); i++) {
      for (float value : labels.get(i)) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "the label of example %d holds %s: clean the data first".formatted(i, value));
        }
      }
    }
  }
}
