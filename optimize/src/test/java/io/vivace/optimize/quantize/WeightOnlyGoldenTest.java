package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.Shape;
import io.vivace.optimize.graph.Weight;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that ONNX Runtime's quantizer (1.30) made; see README.md beside them. */
class WeightOnlyGoldenTest {
  private static final int ROWS = 70;
  private static final int COLUMNS = 24;

  @ParameterizedTest
  @CsvSource({"2,true", "2,false", "4,true", "4,false", "8,true", "8,false"})
  void nearest_strict_hasTheToolsBytes(int bits, boolean symmetric) throws IOException {
    Map<String, String> golden = golden(bits, symmetric);
    BlockMatrix matrix =
        BlockMatrix.nearest(
            transposed(), ROWS, COLUMNS, new BlockFormat(bits, 32, symmetric, false), new float[0]);
    assertThat(hex(floats(matrix.scales()))).isEqualTo(golden.get("scales"));
    byte[] wanted = HexFormat.of().parseHex(golden.get("Q" + bits));
    assertThat(hex(matrix.packedColumns())).isEqualTo(hex(withoutPadding(wanted, bits)));
    if (!symmetric) {
      assertThat(hex(matrix.packedZeros())).isEqualTo(golden.get("zero_points"));
    }
  }

  /** The tool's 2-bit kernel leaves something in the byte after the last weight. */
  private static byte[] withoutPadding(byte[] packed, int bits) {
    int columnBytes = packed.length / COLUMNS;
    for (int column = 0; column < COLUMNS; column++) {
      for (int bit = ROWS * bits; bit < columnBytes * Byte.SIZE; bit++) {
        packed[column * columnBytes + bit / Byte.SIZE] &= (byte) ~(1 << bit % Byte.SIZE);
      }
    }
    return packed;
  }

  @Test
  void scaling_oneLoudChannel_isRoundedFiner() {
    ChannelMoments moments = new ChannelMoments(ROWS);
    for (int row = 0; row < 40; row++) {
      float[] inputs = new float[ROWS];
      for (int i = 0; i < ROWS; i++) {
        inputs[i] = (float) Math.sin(row * 7 + i * 3) * (i == 9 ? 100 : 1);
      }
      moments.add(inputs);
    }
    Weight weight = Weight.ofFloats("w", Shape.of(ROWS, COLUMNS), matrix());
    WeightOnlyQuantization options = Quantization.weightOnly().strict();
    float[] factors = ChannelScaling.search(List.of(weight), moments, options);
    for (int i = 0; i < ROWS; i++) {
      assertThat(factors[9]).isGreaterThanOrEqualTo(factors[i]);
    }
    assertThat(outputError(moments, factors)).isLessThan(outputError(moments, ones()) / 4);
  }

  private static float[] ones() {
    float[] ones = new float[ROWS];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static float[] matrix() {
    float[] transposed = transposed();
    float[] matrix = new float[transposed.length];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = transposed[i % COLUMNS * ROWS + i / COLUMNS];
    }
    return matrix;
  }

  /** The whole squared error of the product, across channels, too. */
  private static double outputError(ChannelMoments moments, float[] factors) {
    Columns weights = new Columns(ROWS, COLUMNS, transposed());
    BlockFormat format = new BlockFormat(4, 32, false, false);
    BlockMatrix rounded =
        BlockMatrix.nearest(weights.scaled(factors).values(), ROWS, COLUMNS, format, new float[0]);
    return error(weights.values(), moments, (c, r) -> rounded.value(c, r) / factors[r]);
  }

  private static double error(float[] weights, ChannelMoments moments, Rounded rounded) {
    double sum = 0;
    for (int column = 0; column < COLUMNS; column++) {
      for (int i = 0; i < ROWS; i++) {
        double first = weights[column * ROWS + i] - rounded.value(column, i);
        for (int j = 0; j < ROWS; j++) {
          double second = weights[column * ROWS + j] - rounded.value(column, j);
          sum += first * second * moments.product(i, j);
        }
      }
    }
    return sum;
  }

  private interface Rounded {
    double value(int column, int row);
  }

  @Test
  void errorPropagation_correlatedInputs_leavesLessThanHalfTheError() {
    ChannelMoments moments = new ChannelMoments(ROWS);
    for (int row = 0; row < 200; row++) {
      float[] inputs = new float[ROWS];
      for (int i = 0; i < ROWS; i++) {
        inputs[i] = (float) (Math.sin(row * 1.3) + 0.3 * Math.sin(row * 7 + i * 3.7));
      }
      moments.add(inputs);
    }
    float[] weights = transposed();
    BlockFormat format = new BlockFormat(4, 32, false, false);
    BlockMatrix nearest = BlockMatrix.nearest(weights, ROWS, COLUMNS, format, new float[0]);
    BlockMatrix corrected =
        ErrorPropagation.round(new Columns(ROWS, COLUMNS, weights), moments, format);
    assertThat(error(weights, moments, corrected::value))
        .isLessThan(error(weights, moments, nearest::value) / 2);
  }

  @Test
  void upperFactor_smallMatrix_isTheFactorOfTheInverse() {
    ChannelMoments moments = new ChannelMoments(3);
    moments.add(new float[] {1, 2, 0, 3, 1, 1, 0, 1, 4, 2, 0, 1});
    float[] upper = UpperFactor.ofInverse(moments, 0);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          double inverse = 0;
          for (int m = 0; m < 3; m++) {
            inverse += upper[m * 3 + i] * upper[m * 3 + k];
          }
          sum += inverse * moments.product(k, j);
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2,true", "2,false", "4,true", "4,false", "8,true", "8,false"})
  void nearest_fitted_isNeverWorseThanStrict(int bits, boolean symmetric) {
    float[] weights = transposed();
    double strict = error(weights, new BlockFormat(bits, 32, symmetric, false));
    double fitted = error(weights, new BlockFormat(bits, 32, symmetric, true));
    assertThat(fitted).isLessThan(strict);
  }

  private static double error(float[] weights, BlockFormat format) {
    BlockMatrix matrix = BlockMatrix.nearest(weights, ROWS, COLUMNS, format, new float[0]);
    double sum = 0;
    for (int column = 0; column < COLUMNS; column++) {
      for (int row = 0; row < ROWS; row++) {
        double difference = weights[column * ROWS + row] - matrix.value(column, row);
        sum += difference * difference;
      }
    }
    return sum;
  }

  private static float[] transposed() {
    float[] result = new float[ROWS * COLUMNS];
    for (int i = 0; i < result.length; i++) {
      float weight = (float) ((i * 7919L + 104729L * (i % 13)) % 2003 - 1001) / 1000f;
      weight *= 1 + (i % COLUMNS) / 8f;
      int row = i / COLUMNS;
      int column = i % COLUMNS;
      if (column == 5) {
        weight = 0;
      } else if (column == 6 && row < 32) {
        weight = -Math.abs(weight);
      } else if (column == 7 && row < 32) {
        weight = Math.abs(weight);
      }
      result[column * ROWS + row] = weight;
    }
    return result;
  }

  private static byte[] floats(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Map<String, String> golden(int bits, boolean symmetric) throws IOException {
    String prefix = bits + "\t" + (symmetric ? "symmetric" : "asymmetric") + "\t";
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        WeightOnlyGoldenTest.class.getResourceAsStream(
                            "matmul-nbits-1.30.tsv.gz"))),
                StandardCharsets.US_ASCII))) {
      return reader
          .lines()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.split("\t", -1))
          .collect(Collectors.toMap(parts -> parts[2], parts -> parts[3]));
    }
  }
}
