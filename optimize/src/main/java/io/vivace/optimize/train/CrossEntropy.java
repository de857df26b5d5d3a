package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The cross-entropy of classes: the mean of {@code -log p}, where p is the softmax of the scores at
 * the right class. Immutable: each option returns a changed copy.
 *
 * <p>With class weights it is the mean weighted by the weight of each row's class; with smoothing s
 * the truth is spread: each of C classes gets {@code s / C}, the right one {@code 1 - s} more
 * (Szegedy et al., Rethinking the Inception Architecture, 2016). Both as PyTorch computes them.
 */
public final class CrossEntropy implements Loss<Integer> {
  private final double smoothing;
  private final double focus;
  private final double[] weights;

  private CrossEntropy(double smoothing, double focus, double[] weights) {
    this.smoothing = smoothing;
    this.focus = focus;
    this.weights = weights;
  }

  static CrossEntropy plain() {
    return new CrossEntropy(0, 0, new double[0]);
  }

  /**
   * Spreads a part of the truth over all classes.
   *
   * @param part from 0, the default, to below 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CrossEntropy smoothing(double part) {
    Numbers.requireFrom("smoothing", part, 0, Math.nextDown(1.0));
    return new CrossEntropy(part, focus, weights);
  }

  /**
   * Gives less weight to what is already right: each row's term is multiplied by {@code (1 -
   * p)^gamma}.
   *
   * @param gamma at least 0, the default
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public CrossEntropy focus(double gamma) {
    Numbers.requireFrom("gamma", gamma, 0, Double.MAX_VALUE);
    return new CrossEntropy(smoothing, gamma, weights);
  }

  /**
   * Gives each class a weight, as where some are rare.
   *
   * @param perClass one weight per class, each at least 0 and finite; default: 1 each
   * @return a changed copy
   * @throws IllegalArgumentException if a weight is out of range
   */
  public CrossEntropy weights(double... perClass) {
    for (double weight : perClass) {
      Numbers.requireFrom("a class weight", weight, 0, Double.MAX_VALUE);
    }
    return new CrossEntropy(smoothing, focus, perClass.clone());
  }

  @Override
  public NDArray of(NDList outputs, List<Integer> labels) {
    NDArray scores = outputs.head();
    Shape shape = scores.getShape();
    if (shape.dimension() != 2 || shape.get(0) != labels.size()) {
      throw new IllegalArgumentException(
          "the cross-entropy needs one row of class scores per example, [%d, classes], but the model gives %s"
              .formatted(labels.size(), shape));
    }
    int classes = Math.toIntExact(shape.get(1));
    NDArray logs = scores.logSoftmax(1);
    float[] share = shares(labels, classes);
    NDArray term = logs.mul(scores.getManager().create(share, shape));
    if (focus > 0) {
      // Where p rounds to 1 the power's gradient must not be infinite.
      NDArray wrong = logs.exp().neg().add(1).maximum(Loss.number(logs, 1e-12));
      term = term.mul(wrong.pow(Loss.number(logs, focus)));
    }
    return term.sum().mul(Loss.number(term, -1 / total(labels)));
  }

  private float[] shares(List<Integer> labels, int classes) {
    if (weights.length != 0 && weights.length != classes) {
      throw new IllegalArgumentException(
          "there are %d class weights, but the model gives scores of %d classes"
              .formatted(weights.length, classes));
    }
    float[] share = new float[labels.size() * classes];
    for (int row = 0; row < labels.size(); row++) {
      int label = labels.get(row);
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "a label is class %d, but the model gives scores of %d classes, 0 to %d"
                .formatted(label, classes, classes - 1));
      }
      for (int c = 0; c < classes; c++) {
        double part = smoothing / classes + (c == label ? 1 - smoothing : 0);
        share[row * classes + c] = (float) (part * weight(c));
      }
    }
    return share;
  }

  private double weight(int label) {
    return weights.length == 0 ? 1 : weights[label];
  }

  private double total(List<Integer> labels) {
    double sum = labels.stream().mapToDouble(this::weight).sum();
    return sum == 0 ? 1 : sum;
  }

  @Override
  public void check(List<Integer> labels) {
    int first = labels.get(0);
    boolean several = false;
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      several |= label != first;
      if (label < 0) {
        throw new IllegalArgumentException(
            "the label of example %d is %d: classes are numbered from 0".formatted(i, label));
      }
    }
    if (!several) {
      throw new IllegalArgumentException(
          "all %d examples are of class %d: there is nothing to tell apart"
              .formatted(labels.size(), first));
    }
  }

  /**
   * Returns the options.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "CrossEntropy[smoothing=%s, focus=%s, weights=%s]"
        .formatted(smoothing, focus, Arrays.toString(weights));
  }
}
