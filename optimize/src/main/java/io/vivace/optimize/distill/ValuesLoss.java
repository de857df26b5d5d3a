package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.train.Loss;
import java.util.List;

/** The weighted sum of the comparisons of values. */
record ValuesLoss<Y>(List<Match> matches) implements Loss<Lesson<Y>> {
  @Override
  public NDArray of(NDList outputs, List<Lesson<Y>> lessons) {
    NDArray sum = null;
    for (int i = 0; i < matches.size(); i++) {
      NDArray student = outputs.get(ObservedStudent.name(i));
      if (student == null) {
        throw new IllegalArgumentException(
            "the value of %s is not among the outputs: give the loss to a Trainer, which adds it"
                .formatted(matches.get(i)));
      }
      NDArray term = matches.get(i).loss().of(student, teacher(student.getManager(), lessons, i));
      NDArray weighted = term.mul(Loss.number(term, matches.get(i).weight()));
      sum = sum == null ? weighted : sum.add(weighted);
    }
    if (sum == null) {
      throw new IllegalStateException("there is nothing to compare");
    }
    return sum;
  }

  private NDArray teacher(NDManager manager, List<Lesson<Y>> lessons, int number) {
    Shape shape = shape(lessons.get(0), number, lessons.size());
    float[] all = new float[Math.toIntExact(shape.size())];
    int width = all.length / lessons.size();
    for (int row = 0; row < lessons.size(); row++) {
      System.arraycopy(
          lessons.get(row).values().get(number).toFloats(), 0, all, row * width, width);
    }
    return manager.create(all, shape);
  }

  static Shape shape(Lesson<?> lesson, int number, long rows) {
    Tensor value = lesson.values().get(number);
    long[] sizes = new long[value.shape().rank() + 1];
    sizes[0] = rows;
    for (int axis = 1; axis < sizes.length; axis++) {
      sizes[axis] = value.shape().dimension(axis - 1);
    }
    return new Shape(sizes);
  }
}
