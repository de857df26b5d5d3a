package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * How wrong a batch of outputs is: the number that training makes small.
 *
 * <p>A loss of one's own is a function of DJL arrays, whose gradient the engine finds:
 *
 * <pre>{@code
 * Loss<float[]> cubic = (outputs, labels) -> {
 *   NDArray wanted = outputs.head().getManager().create(labels.toArray(float[][]::new));
 *   NDArray size = outputs.head().sub(wanted).abs();
 *   return size.pow(Loss.number(size, 3)).mean();
 * };
 * }</pre>
 *
 * <p>Multiply, divide, raise and bound by {@link #number}, not by plain numbers: DJL frees the
 * memory of those before the engine has used them for the gradient, which is wrong then, now and
 * again.
 *
 * @param <Y> the type of the labels
 */
@FunctionalInterface
public interface Loss<Y> {
  /**
   * Computes the loss of a batch.
   *
   * @param outputs what the model gave, one row per example; arrays made here belong to the manager
   *     of the first output
   * @param labels the truth, one per row
   * @return an array of one element: the mean over the rows
   * @throws IllegalArgumentException if outputs and labels do not fit together
   */
  NDArray of(NDList outputs, List<Y> labels);

  /**
   * Makes an array of a number, to be computed with: it lives as long as the manager of the other
   * array, which in a training step is until its end.
   *
   * @param with what it will be computed with
   * @param value any number
   * @return an array without axes, of the other's element type
   */
  static NDArray number(NDArray with, double value) {
    return with.getDataType() == DataType.FLOAT64
        ? with.getManager().create(value)
        : with.getManager().create((float) value);
  }

  /**
   * Looks at all labels before training starts.
   *
   * @param labels the labels of the training data
   * @throws IllegalArgumentException if nothing can be learnt from them; by default never
   */
  default void check(List<Y> labels) {}

  /**
   * Takes labels of another type.
   *
   * @param function turns such a label into one of this loss
   * @param <Z> the type of the labels
   * @return the loss
   */
  default <Z> Loss<Z> labels(Function<? super Z, ? extends Y> function) {
    return new MappedLoss<>(this, Objects.requireNonNull(function, "function"));
  }

  /**
   * Adds another loss.
   *
   * @param weight what the other is multiplied by
   * @param other the other loss
   * @return the sum
   */
  default Loss<Y> plus(double weight, Loss<Y> other) {
    return new LossSum<>(this, weight, other);
  }

  /**
   * Returns the cross-entropy of classes, whose outputs are scores before the softmax.
   *
   * @return the loss; labels are classes from 0
   */
  static CrossEntropy crossEntropy() {
    return CrossEntropy.plain();
  }

  /**
   * Returns the focal loss, which gives less weight to what is already right: the mean of {@code
   * -(1 - p)^gamma log p}, where p is the probability of the right class (Lin et al., Focal Loss
   * for Dense Object Detection, 2017).
   *
   * @param gamma at least 0, which gives the cross-entropy; usual is 2
   * @return the loss; labels are classes from 0
   * @throws IllegalArgumentException if gamma is below 0 or not finite
   */
  static CrossEntropy focal(double gamma) {
    return CrossEntropy.plain().focus(gamma);
  }

  /**
   * Returns the mean of the squared differences, over all elements.
   *
   * @return the loss; a label has one number per element of an output row
   */
  static Loss<float[]> meanSquaredError() {
    return new ElementLoss("mean squared error", NDArray::square);
  }

  /**
   * Returns the mean of the absolute differences, over all elements.
   *
   * @return the loss; a label has one number per element of an output row
   */
  static Loss<float[]> meanAbsoluteError() {
    return new ElementLoss("mean absolute error", NDArray::abs);
  }

  /**
   * Returns the Huber loss: {@code d^2 / 2} where the difference d is at most delta, {@code delta
   * (|d| - delta / 2)} beyond (Huber, Robust Estimation of a Location Parameter, 1964); the mean
   * over all elements.
   *
   * @param delta above 0; usual is 1
   * @return the loss; a label has one number per element of an output row
   * @throws IllegalArgumentException if delta is not above 0 or not finite
   */
  static Loss<float[]> huber(double delta) {
    Numbers.requireAbove("delta", delta, 0);
    return new ElementLoss(
        "Huber loss",
        difference -> {
          NDArray size = difference.abs();
          NDArray bound = number(size, delta);
          NDArray inside = size.minimum(bound);
          NDArray outside = size.sub(inside).mul(bound);
          return inside.square().mul(number(size, 0.5)).add(outside);
        });
  }

  /**
   * Labels of one number, as float arrays of one element.
   *
   * @param loss a loss of float arrays
   * @return the loss of plain numbers
   */
  static Loss<Double> ofNumbers(Loss<float[]> loss) {
    return loss.labels(number -> new float[] {number.floatValue()});
  }
}
