package io.vivace.optimize.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodebookTest {
  /** The expected values are those of scikit-learn 1.9's KMeans from the same linear start. */
  @Test
  void linear_findsWhatScikitLearnFinds() {
    float[] weights = weights(2000);

    Codebook four = Codebook.of(weights, 4, Centroids.LINEAR, false, 1);
    Codebook sixteen = Codebook.of(weights, 16, Centroids.LINEAR, false, 1);

    assertThat(four.values())
        .containsExactly(
            new float[] {-0.882355f, -0.01934187f, 0.49045232f, 1.577424f}, within(1e-6f));
    assertThat(inertia(weights, four))
        .isCloseTo(54.64419172796515, Percentage.withPercentage(1e-4));
    // Values without weights move elsewhere than scikit-learn moves them: another local optimum.
    assertThat(inertia(weights, sixteen)).isLessThan(5.494057956661596 * 1.005);
  }

  @ParameterizedTest
  @EnumSource
  void everyStart_endsWhereNoValueIsBetterPlaced(Centroids initial) {
    float[] weights = weights(500);
    Codebook book = Codebook.of(weights, 8, initial, false, 3);

    double[] sums = new double[book.size()];
    int[] counts = new int[book.size()];
    for (float weight : weights) {
      int code = book.code(weight);
      sums[code] += weight;
      counts[code]++;
    }

    for (int i = 0; i < book.size(); i++) {
      if (counts[i] > 0) {
        assertThat((double) book.value(i)).isCloseTo(sums[i] / counts[i], within(1e-5));
      }
    }
    assertThat(book.values()).containsExactly(Codebook.of(weights, 8, initial, false, 3).values());
  }

  @Test
  void keptZero_isAValueAndStaysExactlyThat() {
    float[] weights = weights(500);
    Arrays.fill(weights, 100, 300, 0f);

    Codebook book = Codebook.of(weights, 16, Centroids.LINEAR, true, 1);

    assertThat(book.values()).contains(0f);
    assertThat(book.value(book.code(0f))).isEqualTo(0f);
    assertThat(Float.floatToRawIntBits(book.value(book.code(-0f)))).isZero();
  }

  @Test
  void fewDifferentWeights_keepTheirValues() {
    float[] weights = {3, -1, 3, 2.5f, -1};

    assertThat(Codebook.of(weights, 4, Centroids.LINEAR, false, 1).values())
        .containsExactly(-1, 2.5f, 3);
    assertThat(Codebook.of(weights, 4, Centroids.LINEAR, true, 1).values())
        .containsExactly(-1, 0, 2.5f, 3);
    assertThat(Codebook.of(weights, 3, Centroids.LINEAR, true, 1).values()).contains(0f).hasSize(3);
    assertThat(Codebook.of(new float[0], 3, Centroids.LINEAR, true, 1).values()).containsExactly(0);
    assertThat(Codebook.of(weights, 1, Centroids.DENSITY, false, 1).values())
        .containsExactly(new float[] {1.3f}, within(1e-6f));
  }

  @Property(tries = 300)
  void code_isThatOfTheNearestValue(
      @ForAll @Size(min = 1, max = 60) @FloatRange(min = -8, max = 8) float[] weights,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll Centroids initial,
      @ForAll boolean keepZero) {
    Codebook book = Codebook.of(weights, size, initial, keepZero, 7);

    assertThat(book.size()).isBetween(1, size);
    assertThat(book.values()).isSorted().doesNotHaveDuplicates();
    for (float weight : weights) {
      double distance = Math.abs((double) weight - book.value(book.code(weight)));
      for (float value : book.values()) {
        assertThat(distance).isLessThanOrEqualTo(Math.abs((double) weight - value));
      }
    }
  }

  private static double inertia(float[] weights, Codebook book) {
    double inertia = 0;
    for (float weight : weights) {
      double difference = (double) weight - book.value(book.code(weight));
      inertia += difference * difference;
    }
    return inertia;
  }

  /** Cubes of sums of three numbers of a linear congruential generator, as the oracle had them. */
  private static float[] weights(int count) {
    long state = 12345;
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int j = 0; j < 3; j++) {
        state = (state * 1103515245 + 12345) % 2147483648L;
        sum += state / 2147483648.0 - 0.5;
      }
      weights[i] = (float) (sum * sum * sum);
    }
    return weights;
  }
}
