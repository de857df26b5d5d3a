package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;

class SobolSequenceTest {
  @Test
  void plain_equalsScipy() {
    JsonObject golden = Golden.part("sobol");
    double[] dimensions = Golden.row(golden.get("dimensions"));
    double[][] points = Golden.rows(golden.get("points"));
    SobolSequence sequence = SobolSequence.plain(SobolSequence.MAX_DIMENSIONS);
    for (int i = 0; i < points.length; i++) {
      double[] point = sequence.point(i);
      for (int d = 0; d < dimensions.length; d++) {
        assertThat(point[(int) dimensions[d]])
            .as("point %d, dimension %s", i, dimensions[d])
            .isEqualTo(points[i][d]);
      }
    }
  }

  /** What makes it a net: every elementary interval of the first 2^m points holds equally many. */
  @Test
  void scrambled_isANetInTwoDimensions() {
    for (long seed = 0; seed < 20; seed++) {
      SobolSequence sequence = SobolSequence.scrambled(2, seed);
      int m = 8;
      for (int left = 0; left <= m; left++) {
        int[] counts = new int[1 << m];
        for (int i = 0; i < 1 << m; i++) {
          double[] p = sequence.point(i);
          int column = (int) (p[0] * (1 << left));
          int row = (int) (p[1] * (1 << (m - left)));
          counts[(column << (m - left)) + row]++;
        }
        assertThat(counts).as("seed %d, cut %d", seed, left).containsOnly(1);
      }
    }
  }

  @Test
  void scrambled_dependsOnTheSeedOnly() {
    double[] first = SobolSequence.scrambled(5, 1).point(7);
    assertThat(SobolSequence.scrambled(5, 1).point(7)).isEqualTo(first);
    assertThat(SobolSequence.scrambled(5, 2).point(7)).isNotEqualTo(first);
    assertThat(first).doesNotHaveDuplicates();
  }
}
