package io.vivace.optimize.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LowRankTest {
  @Test
  void singularValues_ofAMatrixWorkedByHand() {
    // W'W = [[25, 20], [20, 25]]: eigenvalues 45 and 5.
    LowRank low = LowRank.of(new float[] {3, 0, 4, 5}, 2, 2, null);

    assertThat(low.singularValues())
        .containsExactly(new double[] {Math.sqrt(45), Math.sqrt(5)}, within(1e-12));
    assertThat(low.rankForEnergy(0.89)).isEqualTo(1);
    assertThat(low.rankForEnergy(0.91)).isEqualTo(2);
    assertThat(low.rankForEnergy(0)).isEqualTo(1);
  }

  @Test
  void fullRank_isTheMatrixItself() {
    for (int[] size : new int[][] {{7, 3}, {3, 7}, {5, 5}, {1, 4}}) {
      float[] weights = random(size[0] * size[1], 1);
      LowRank low = LowRank.of(weights, size[0], size[1], null);

      assertThat(product(low, size[0], size[1], low.fullRank()))
          .containsExactly(weights, within(1e-5f));
    }
  }

  @Test
  void errorOfARank_isWhatTheSingularValuesSay() {
    float[] weights = random(12 * 9, 2);
    LowRank low = LowRank.of(weights, 12, 9, null);
    double left = 0;
    for (int r = 4; r < 9; r++) {
      left += low.singularValues()[r] * low.singularValues()[r];
    }

    assertThat(squares(weights, product(low, 12, 9, 4))).isCloseTo(left, within(1e-4));
  }

  @Test
  void withMoments_theOutputIsNearerThoughTheWeightsAreNot() {
    int rows = 10;
    float[] weights = random(rows * 8, 3);
    double[][] inputs = inputs(rows);
    LowRank plain = LowRank.of(weights, rows, 8, null);
    LowRank aware = LowRank.of(weights, rows, 8, moments(inputs, rows));

    double plainError = outputError(inputs, weights, product(plain, rows, 8, 3));
    double awareError = outputError(inputs, weights, product(aware, rows, 8, 3));
    double left = 0;
    for (int r = 3; r < 8; r++) {
      left += aware.singularValues()[r] * aware.singularValues()[r];
    }

    assertThat(awareError).isLessThan(0.8 * plainError);
    assertThat(awareError).isCloseTo(left, within(left * 1e-3));
  }

  @Test
  void rankThatPays_isBelowTheBreakEven() {
    assertThat(LowRank.rankThatPays(384, 1536)).isEqualTo(307);
    assertThat(LowRank.rankThatPays(2, 2)).isZero();
    assertThat(LowRank.rankThatPays(1, 100)).isZero();
  }

  @Test
  void weightsThatAreNotFinite_areRefused() {
    assertThatThrownBy(() -> LowRank.of(new float[] {1, Float.NaN}, 1, 2, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight 1 is NaN");
  }

  @Test
  void spatial_ofFullRank_isTheSameConvolution() {
    int outputs = 4;
    int inputs = 3;
    float[] weights = random(outputs * inputs * 9, 4);
    int rank = 9;
    List<float[]> factors = ConvFactors.spatial(weights, outputs, inputs, 3, 3, rank);
    float[] composed = new float[weights.length];
    for (int o = 0, next = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int y = 0; y < 3; y++) {
          for (int x = 0; x < 3; x++, next++) {
            for (int r = 0; r < rank; r++) {
              composed[next] +=
                  factors.get(0)[(r * inputs + i) * 3 + y] * factors.get(1)[(o * rank + r) * 3 + x];
            }
          }
        }
      }
    }

    assertThat(composed).containsExactly(weights, within(1e-5f));
  }

  @Test
  void tucker_ofFullRank_isTheSameConvolution() {
    int outputs = 5;
    int inputs = 4;
    int pixels = 9;
    float[] weights = random(outputs * inputs * pixels, 5);
    List<float[]> t = ConvFactors.tucker(weights, outputs, inputs, pixels, inputs, outputs);
    float[] composed = new float[weights.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int p = 0; p < pixels; p++) {
          double sum = 0;
          for (int r = 0; r < outputs; r++) {
            for (int s = 0; s < inputs; s++) {
              sum +=
                  (double) t.get(2)[o * outputs + r]
                      * t.get(1)[(r * inputs + s) * pixels + p]
                      * t.get(0)[s * inputs + i];
            }
          }
          composed[(o * inputs + i) * pixels + p] = (float) sum;
        }
      }
    }

    assertThat(composed).containsExactly(weights, within(1e-5f));
  }

  private static float[] random(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  /** Inputs of which few directions carry most. */
  private static double[][] inputs(int width) {
    SplittableRandom random = new SplittableRandom(8);
    double[][] inputs = new double[200][width];
    for (double[] input : inputs) {
      for (int i = 0; i < width; i++) {
        input[i] = (2 * random.nextDouble() - 1) / (1 + i * i);
      }
    }
    return inputs;
  }

  private static double[] moments(double[][] inputs, int width) {
    double[] moments = new double[width * width];
    for (double[] input : inputs) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          moments[i * width + j] += input[i] * input[j];
        }
      }
    }
    return moments;
  }

  private static double outputError(double[][] inputs, float[] weights, float[] other) {
    int columns = weights.length / inputs[0].length;
    double error = 0;
    for (double[] input : inputs) {
      for (int c = 0; c < columns; c++) {
        double difference = 0;
        for (int i = 0; i < input.length; i++) {
          difference += input[i] * ((double) weights[i * columns + c] - other[i * columns + c]);
        }
        error += difference * difference;
      }
    }
    return error;
  }

  private static float[] product(LowRank low, int rows, int columns, int rank) {
    float[] left = low.left(rank);
    float[] right = low.right(rank);
    float[] product = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int r = 0; r < rank; r++) {
          product[i * columns + j] += left[i * rank + r] * right[r * columns + j];
        }
      }
    }
    return product;
  }

  private static double squares(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }
}
