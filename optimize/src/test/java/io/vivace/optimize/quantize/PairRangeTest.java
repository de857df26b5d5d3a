package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.Shape;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairRangeTest {
  /** What vpmaddubsw does: two products, added in 16 bits with saturation. */
  private static int pairSum(int a, int x, int b, int y) {
    return Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, a * x + b * y));
  }

  @ParameterizedTest
  @CsvSource({"64, 8", "63, 5", "2, 3", "1, 4", "700, 100", "3, 40000"})
  void quantized_anyMatrix_cannotOverflowForAnyInput(int rows, int columns) throws IOException {
    Random random = new Random((long) rows * columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.pow(random.nextGaussian(), 3);
    }
    byte[] integers = quantized(values, rows, columns);
    int largest = 0;
    for (int i = 0; i + 1 < rows; i += 2) {
      for (int j = 0; j < columns; j++) {
        int a = integers[i * columns + j];
        int b = integers[(i + 1) * columns + j];
        for (int x : new int[] {0, 255}) {
          for (int y : new int[] {0, 255}) {
            assertThat(pairSum(a, x, b, y)).isEqualTo(a * x + b * y);
          }
        }
        largest = Math.max(largest, Math.max(Math.abs(a), Math.abs(b)));
      }
    }
    assertThat(largest).isGreaterThan(rows == 1 ? -1 : 64);
  }

  @Test
  void quantized_pairOfLargestWeights_isHalved() throws IOException {
    assertThat(quantized(new float[] {1, 1, -1, 1, 0.5f, 0}, 6, 1))
        .containsExactly(64, 64, -64, 64, 32, 0);
    assertThat(quantized(new float[] {1, 0, -1, 0, 0.5f, 0.25f}, 6, 1))
        .containsExactly(127, 0, -127, 0, 64, 32);
  }

  private static byte[] quantized(float[] values, int rows, int columns) throws IOException {
    Weight weight = Weight.ofFloats("w", Shape.of(rows, columns), values);
    QuantizedWeight.Order order =
        new QuantizedWeight.Order(weight, IntegerRange.signed(true, false), true, 1, false, true);
    return QuantizedWeight.of(List.of(order), PassContext.defaults())
        .get(0)
        .values()
        .elements()
        .bytes();
  }
}
