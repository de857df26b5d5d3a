package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * How far a value of the student, for a batch, is from a teacher's. Both have one row per example
 * along axis 0; s is the student's row and t the teacher's, flattened where not said otherwise.
 *
 * <p>One of one's own is a function of DJL arrays, whose gradient the engine finds.
 */
@FunctionalInterface
public interface ValueLoss {
  /**
   * Compares a batch.
   *
   * @param student the student's value
   * @param teacher the teacher's value, as many rows
   * @return an array of one element
   */
  NDArray of(NDArray student, NDArray teacher);

  /**
   * Looks at the shapes before training starts.
   *
   * @param student the student's shape with the batch axis
   * @param teacher the teacher's shape with the batch axis
   * @throws IllegalArgumentException if they cannot be compared; by default never
   */
  default void check(Shape student, Shape teacher) {}

  /**
   * Returns the mean of the squared differences over all elements. For a hidden layer it is the
   * hint of Romero et al. (FitNets, 2015, eq. 3) but for a constant; where the student is narrower,
   * {@linkplain Match#projected() project} it.
   *
   * @return the loss, of values of equal shape
   */
  static ValueLoss meanSquaredError() {
    return new ShapedLoss(
        ShapedLoss.Fit.SHAPE, (student, teacher) -> student.sub(teacher).square().mean());
  }

  /**
   * Returns the mean over the rows of {@code 1 - s.t / (|s| |t|)}, for embeddings.
   *
   * @return the loss, of values of equal shape
   */
  static ValueLoss cosine() {
    return new ShapedLoss(ShapedLoss.Fit.SHAPE, Relations::cosine);
  }

  /**
   * Returns attention transfer (Zagoruyko and Komodakis, Paying More Attention to Attention, 2017,
   * eq. 2 with squares): a map is the sum of the squares over the channels, axis 1, divided by its
   * Euclidean norm; the loss is the mean over the rows of the squared distance of both maps.
   *
   * @return the loss, of values {@code [batch, channels, ...]} that differ at most in the channels
   */
  static ValueLoss attention() {
    return new ShapedLoss(ShapedLoss.Fit.ALL_BUT_CHANNELS, Relations::attention);
  }

  /**
   * Returns the similarity-preserving loss (Tung and Mori, Similarity-Preserving Knowledge
   * Distillation, 2019, eq. 4): {@code |G_t - G_s|^2 / b^2}, where row i of G holds the products of
   * row i with each of the b rows, divided by that row's Euclidean norm.
   *
   * @return the loss, of values of any shapes
   */
  static ValueLoss similarity() {
    return new ShapedLoss(ShapedLoss.Fit.ANY, Relations::similarity);
  }

  /**
   * Returns the relational loss of distances (Park et al., Relational Knowledge Distillation, 2019,
   * eq. 5): the Huber loss with delta 1 of the distances between rows, each divided by the mean
   * distance of the batch; the mean over all pairs, of a row with itself as well.
   *
   * @return the loss, of values of any shapes; memory grows with the batch squared times the width
   */
  static ValueLoss distances() {
    return new ShapedLoss(ShapedLoss.Fit.ANY, Relations::distances);
  }

  /**
   * Returns the relational loss of angles (Park et al., 2019, eq. 7): the Huber loss with delta 1
   * of the cosines of the angles that three rows form; the mean over all triples, where rows that
   * coincide count as a cosine of 0.
   *
   * @return the loss, of values of any shapes; memory grows with the batch cubed, and with its
   *     square times the width
   */
  static ValueLoss angles() {
    return new ShapedLoss(ShapedLoss.Fit.ANY, Relations::angles);
  }

  /**
   * Returns the contrastive loss of embeddings inside a batch, InfoNCE (van den Oord et al.,
   * Representation Learning with Contrastive Predictive Coding, 2018, eq. 4): the cross-entropy of
   * {@code cos(s_i, t_j) / temperature} over j, where the right j is i.
   *
   * @param temperature from 0.001 to 100; usual is 0.05 to 0.2
   * @return the loss, of values of equal shape; it is 0 for a batch of one
   * @throws IllegalArgumentException if the temperature is out of range
   */
  static ValueLoss contrastive(double temperature) {
    Distillation.requireTemperature(temperature);
    return new ShapedLoss(
        ShapedLoss.Fit.SHAPE,
        (student, teacher) -> Relations.contrastive(student, teacher, temperature));
  }
}
