package io.vivace.optimize.factorize;

import io.vivace.core.model.Shape;
import io.vivace.optimize.factorize.Factors.Form;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the factors of one weight. */
final class FactorSearch {
  private final FactorTarget target;
  private final ConvolutionFactors convolutions;

  FactorSearch(FactorTarget target, ConvolutionFactors convolutions) {
    this.target = target;
    this.convolutions = convolutions;
  }

  /**
   * Factorizes a weight.
   *
   * @param moments the second moments of what the layer takes; null for none
   */
  Factors of(Node node, Weight weight, double @Nullable [] moments) {
    if (node.is("Conv")) {
      return convolution(weight, moments);
    }
    return matrix(weight, node.is("Gemm") && node.integer("transB", 0) != 0, moments);
  }

  /** Factorizes a matrix, {@code [inputs, outputs]}, or transposed. */
  Factors matrix(Weight weight, boolean transposed, double @Nullable [] moments) {
    int rows = (int) weight.shape().dimension(transposed ? 1 : 0);
    int columns = (int) weight.shape().dimension(transposed ? 0 : 1);
    return matrix(weight, rows, columns, transposed, moments);
  }

  /** Factorizes the weight of a convolution. */
  Factors convolution(Weight weight, double @Nullable [] moments) {
    Shape shape = weight.shape();
    int outputs = (int) shape.dimension(0);
    int inputs = (int) shape.dimension(1);
    int pixels = (int) (shape.elements() / outputs / inputs);
    if (pixels == 1) {
      return pixel(weight, inputs, outputs, moments);
    }
    return convolutions == ConvolutionFactors.SPATIAL && shape.rank() == 4
        ? spatial(weight, outputs, inputs)
        : tucker(weight, outputs, inputs, pixels);
  }

  private Factors matrix(
      Weight weight, int rows, int columns, boolean transposed, double @Nullable [] moments) {
    float[] values = weight.floats();
    LowRank low =
        LowRank.of(transposed ? transposed(values, columns, rows) : values, rows, columns, moments);
    int rank = target.rank(weight.name(), low, rows, columns);
    float[] left = low.left(rank);
    float[] right = low.right(rank);
    return transposed
        ? new Factors(
            Form.MATRIX,
            rank,
            0,
            List.of(transposed(left, rows, rank), transposed(right, rank, columns)),
            List.of(Shape.of(rank, rows), Shape.of(columns, rank)),
            error(low, rank))
        : new Factors(
            Form.MATRIX,
            rank,
            0,
            List.of(left, right),
            List.of(Shape.of(rows, rank), Shape.of(rank, columns)),
            error(low, rank));
  }

  private Factors pixel(Weight weight, int inputs, int outputs, double @Nullable [] moments) {
    LowRank low =
        LowRank.of(transposed(weight.floats(), outputs, inputs), inputs, outputs, moments);
    int rank = target.rank(weight.name(), low, inputs, outputs);
    long[] first = weight.shape().toArray();
    long[] second = first.clone();
    first[0] = rank;
    second[1] = rank;
    return new Factors(
        Form.PIXEL,
        rank,
        0,
        List.of(
            transposed(low.left(rank), inputs, rank), transposed(low.right(rank), rank, outputs)),
        List.of(Shape.of(first), Shape.of(second)),
        error(low, rank));
  }

  private Factors spatial(Weight weight, int outputs, int inputs) {
    int height = (int) weight.shape().dimension(2);
    int width = (int) weight.shape().dimension(3);
    float[] values = weight.floats();
    LowRank low = ConvFactors.columns(values, outputs, inputs, height, width);
    int rank = target.rank(weight.name(), low, inputs * height, outputs * width);
    List<float[]> parts =
        rank == 0
            ? List.of(new float[0], new float[0])
            : ConvFactors.spatial(values, outputs, inputs, height, width, rank);
    return new Factors(
        Form.SPATIAL,
        rank,
        0,
        parts,
        List.of(Shape.of(rank, inputs, height, 1), Shape.of(outputs, rank, 1, width)),
        error(low, rank));
  }

  private Factors tucker(Weight weight, int outputs, int inputs, int pixels) {
    float[] values = weight.floats();
    LowRank out = LowRank.of(values, outputs, inputs * pixels, null);
    LowRank in = ConvFactors.byInput(values, outputs, inputs, pixels);
    int[] ranks = target.ranks(weight.name(), in, out, inputs, outputs, pixels);
    List<float[]> parts =
        ranks[0] == 0
            ? List.of(new float[0], new float[0], new float[0])
            : ConvFactors.tucker(values, outputs, inputs, pixels, ranks[0], ranks[1]);
    long[] first = ones(weight, ranks[0], inputs);
    long[] core = weight.shape().toArray();
    core[0] = ranks[1];
    core[1] = ranks[0];
    return new Factors(
        Form.TUCKER,
        ranks[0],
        ranks[1],
        parts,
        List.of(Shape.of(first), Shape.of(core), Shape.of(ones(weight, outputs, ranks[1]))),
        // Both sides are projected on orthogonal directions, so the core holds what is kept.
        Math.sqrt(Math.max(0, 1 - energy(parts.get(1)) / energy(values))));
  }

  private static long[] ones(Weight weight, long outputs, long inputs) {
    long[] sizes = weight.shape().toArray();
    java.util.Arrays.fill(sizes, 1);
    sizes[0] = outputs;
    sizes[1] = inputs;
    return sizes;
  }

  private static double energy(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static double error(LowRank low, int rank) {
    double[] singular = low.singularValues();
    double all = 0;
    double lost = 0;
    for (int i = 0; i < singular.length; i++) {
      all += singular[i] * singular[i];
      lost += i < rank ? 0 : singular[i] * singular[i];
    }
    return all == 0 ? 0 : Math.sqrt(lost / all);
  }

  static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }
}
