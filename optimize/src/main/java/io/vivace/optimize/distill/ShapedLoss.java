package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.BinaryOperator;

/** A formula, and what must be equal for it. */
record ShapedLoss(Fit fit, BinaryOperator<NDArray> formula) implements ValueLoss {
  /** What of two shapes must be equal beside the batch. */
  enum Fit {
    SHAPE,
    ALL_BUT_CHANNELS,
    ANY
  }

  @Override
  public NDArray of(NDArray student, NDArray teacher) {
    return formula.apply(student, teacher);
  }

  @Override
  public void check(Shape student, Shape teacher) {
    int from = fit == Fit.SHAPE ? 1 : 2;
    boolean fits =
        fit == Fit.ANY
            || (student.dimension() == teacher.dimension()
                && student.dimension() > from - 1
                && student.slice(from).equals(teacher.slice(from)));
    if (!fits) {
      throw new IllegalArgumentException(
          "the student's value has shape %s and the teacher's %s, but %s must be equal: name other values%s"
              .formatted(
                  student,
                  teacher,
                  fit == Fit.SHAPE ? "all after the batch" : "all after the channels",
                  fit == Fit.SHAPE ? ", or project the student's" : ""));
    }
  }
}
