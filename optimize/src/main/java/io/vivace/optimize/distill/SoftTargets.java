package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.vivace.optimize.train.Loss;
import java.util.List;

/** The divergence of the student's soft scores from those of the teachers, times T squared. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SoftTargets<Y>(double temperature, double[] weights) implements Loss<Lesson<Y>> {
  @Override
  public NDArray of(NDList outputs, List<Lesson<Y>> lessons) {
    NDArray scores = outputs.head();
    Shape shape = scores.getShape();
    float[] targets = new float[Math.toIntExact(shape.size())];
    int classes = targets.length / lessons.size();
    double entropy = 0;
    for (int row = 0; row < lessons.size(); row++) {
      entropy += put(lessons.get(row).answers(), targets, row * classes, classes);
    }
    NDArray wanted = scores.getManager().create(targets, shape);
    NDArray cross = scores.div(Loss.number(scores, temperature)).logSoftmax(1).mul(wanted).sum();
    double scale = temperature * temperature / lessons.size();
    return cross.mul(Loss.number(cross, -scale)).add((float) (scale * entropy));
  }

  /** Puts the mean of the teachers' distributions, and gives the sum of p log p. */
  private double put(List<float[]> answers, float[] targets, int at, int classes) {
    for (int teacher = 0; teacher < answers.size(); teacher++) {
      float[] answer = answers.get(teacher);
      if (answer.length != classes) {
        throw new IllegalArgumentException(
            "teacher %d gives %d scores, but the student gives %d: both must know the same classes"
                .formatted(teacher, answer.length, classes));
      }
      double[] soft = softmax(answer);
      for (int c = 0; c < classes; c++) {
        targets[at + c] += (float) (weights[teacher] * soft[c]);
      }
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double p = targets[at + c];
      sum += p > 0 ? p * Math.log(p) : 0;
    }
    return sum;
  }

  private double[] softmax(float[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      largest = Math.max(largest, score);
    }
    double[] soft = new double[scores.length];
    double sum = 0;
    for (int c = 0; c < soft.length; c++) {
      soft[c] = Math.exp((scores[c] - largest) / temperature);
      sum += soft[c];
    }
    for (int c = 0; c < soft.length; c++) {
      soft[c] /= sum;
    }
    return soft;
  }
}
