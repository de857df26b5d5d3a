package io.vivace.optimize.train.features;

import io.vivace.core.data.FeaturePreparation;
import io.vivace.core.data.FeatureTransform;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Principal components: the orthogonal directions along which examples vary most (Pearson, 1901;
 * Hotelling, 1933), by a singular value decomposition of the centred examples. As a preparation it
 * gives an example's coordinates along them. Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * FeatureTransform features = PrincipalComponents.count(16).fit(training.inputs());
 * features.save(Path.of("model.features.json"));
 * Preprocessor<double[]> input = VectorInput.doubles(16).after(features);
 * }</pre>
 *
 * <p>Features are centred and not scaled: put {@link io.vivace.core.data.FeatureScaling} first
 * where their units differ. The sign of a direction is arbitrary; here the entry of the largest
 * size is positive, the first of equal ones. Numbers equal those of scikit-learn's {@code PCA} with
 * a full decomposition.
 */
public final class PrincipalComponents implements FeaturePreparation {
  /** What is left of a constant direction by rounding, as a share of the largest deviation. */
  private static final double NOTHING = 1e-12;

  private final int count;
  private final double share;
  private final boolean whitened;

  private PrincipalComponents(int count, double share, boolean whitened) {
    this.count = count;
    this.share = share;
    this.whitened = whitened;
  }

  /**
   * Keeps so many directions.
   *
   * @param directions from 1 to the number of examples and of features, whichever is smaller
   * @return the preparation
   * @throws IllegalArgumentException if the number is below 1
   */
  public static PrincipalComponents count(int directions) {
    if (directions < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 component, but was asked for " + directions);
    }
    return new PrincipalComponents(directions, 0, false);
  }

  /**
   * Keeps as few directions as have more than a share of the variance.
   *
   * @param share above 0 and below 1, for example 0.95
   * @return the preparation
   * @throws IllegalArgumentException if the share is outside
   */
  public static PrincipalComponents variance(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share of the variance must be above 0 and below 1, but was " + share);
    }
    return new PrincipalComponents(0, share, false);
  }

  /**
   * Divides each coordinate by its deviation over the training examples, so that all vary equally.
   * A direction without variance is divided by 1.
   *
   * @return a changed copy; default: coordinates keep the unit of the features
   */
  public PrincipalComponents whitened() {
    return new PrincipalComponents(count, share, true);
  }

  /**
   * Finds the directions and returns the projection on them.
   *
   * @param training at least two examples, all of the same length and finite
   * @return the projection
   * @throws IllegalArgumentException as for {@link #analyse}
   */
  @Override
  public FeatureTransform fit(Iterable<double[]> training) {
    return analyse(training).transform();
  }

  /**
   * Finds the directions.
   *
   * @param training at least two examples, all of the same length and finite
   * @return the directions and how much variance each has
   * @throws IllegalArgumentException if there are fewer than two examples or fewer than components,
   *     fewer features than components, a value is not finite, or all examples are equal; the
   *     message says which
   */
  public ComponentAnalysis analyse(Iterable<double[]> training) {
    FeatureMatrix examples = FeatureMatrix.of(training);
    int most = Math.min(examples.rows(), examples.columns());
    if (examples.rows() < 2) {
      throw new IllegalArgumentException(
          "principal components need at least 2 examples, but there is 1");
    }
    if (count > most) {
      throw new IllegalArgumentException(
          "%d components were asked for, but %d examples of %d features have at most %d"
              .formatted(count, examples.rows(), examples.columns(), most));
    }
    if (examples.isConstant()) { // exactly, since rounding of the mean leaves them a direction
      throw new IllegalArgumentException(
          "all examples are equal, so that there is no direction in which they vary");
    }
    double[] mean = examples.mean();
    return decompose(centred(examples, mean), mean, most);
  }

  private static DMatrixRMaj centred(FeatureMatrix examples, double[] mean) {
    DMatrixRMaj matrix = new DMatrixRMaj(examples.rows(), examples.columns());
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = examples.values()[i] - mean[i % mean.length];
    }
    return matrix;
  }

  private ComponentAnalysis decompose(DMatrixRMaj matrix, double[] mean, int most) {
    int rows = matrix.numRows;
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(rows, matrix.numCols, false, true, true);
    if (!svd.decompose(matrix)) {
      throw new IllegalArgumentException("the singular value decomposition did not converge");
    }
    DMatrixRMaj directions = svd.getV(null, true);
    double[] singular = svd.getSingularValues();
    SingularOps_DDRM.descendingOrder(null, false, singular, most, directions, true);
    double total = 0;
    for (int i = 0; i < most; i++) {
      total += singular[i] * singular[i];
    }
    if (!(total > 0)) { // their squares are below the smallest number
      throw new IllegalArgumentException(
          "the examples differ so little that their variance is 0; scale the features first");
    }
    int kept = count > 0 ? count : enough(singular, most, total);
    double[][] components = new double[kept][];
    double[] variance = new double[kept];
    double[] ratio = new double[kept];
    double[] divisor = new double[kept];
    for (int i = 0; i < kept; i++) {
      components[i] = direction(directions, i);
      variance[i] = singular[i] * singular[i] / (rows - 1);
      ratio[i] = singular[i] * singular[i] / total;
      boolean varies = singular[i] > NOTHING * singular[0];
      divisor[i] = whitened && varies ? Math.sqrt(variance[i]) : 1;
    }
    return new ComponentAnalysis(
        components, variance, ratio, FeatureTransform.projection(mean, components, divisor));
  }

  private int enough(double[] singular, int most, double total) {
    double sum = 0;
    for (int i = 0; i < most; i++) {
      sum += singular[i] * singular[i] / total;
      if (sum > share) {
        return i + 1;
      }
    }
    return most;
  }

  private static double[] direction(DMatrixRMaj transposed, int number) {
    double[] direction = new double[transposed.numCols];
    double largest = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] = transposed.get(number, i);
      largest = Math.abs(direction[i]) > Math.abs(largest) ? direction[i] : largest;
    }
    for (int i = 0; largest < 0 && i < direction.length; i++) {
      direction[i] = -direction[i];
    }
    return direction;
  }

  /**
   * Returns the options.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "PrincipalComponents[%s%s]"
        .formatted(
            count > 0 ? "count=" + count : "variance=" + share, whitened ? ", whitened" : "");
  }
}
