package io.vivace.optimize.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final float[] SCORES = {5, 1, 4, 2, 3, 3};

  @Test
  void largest_keepsWhatMattersAndOfEqualOnesTheFirst() {
    assertThat(Importance.largest(SCORES, 0.5))
        .containsExactly(true, false, true, false, true, false);
    assertThat(Importance.largest(SCORES, 0)).doesNotContain(false);
    assertThat(Importance.largest(SCORES, 1)).doesNotContain(true);
    assertThat(Importance.largest(new float[0], 0.5)).isEmpty();
  }

  @Property(tries = 200)
  void largest_removesExactlyTheShareAndNothingAboveWhatItKeeps(
      @ForAll @Size(max = 50) @FloatRange(min = 0, max = 4) float[] scores,
      @ForAll @DoubleRange(min = 0, max = 1) double sparsity) {
    boolean[] mask = Importance.largest(scores, sparsity);

    int removed = 0;
    float leastKept = Float.POSITIVE_INFINITY;
    float mostRemoved = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < mask.length; i++) {
      removed += mask[i] ? 0 : 1;
      leastKept = mask[i] ? Math.min(leastKept, scores[i]) : leastKept;
      mostRemoved = mask[i] ? mostRemoved : Math.max(mostRemoved, scores[i]);
    }
    assertThat(removed).isEqualTo((int) Math.rint(scores.length * sparsity));
    assertThat(mostRemoved).isLessThanOrEqualTo(leastKept);
  }

  @Test
  void globalThreshold_comparesTensorsWithEachOther() {
    List<float[]> two = List.of(new float[] {1, 9}, new float[] {2, 3});

    assertThat(Importance.globalThreshold(two, 0.5)).isEqualTo(2);
    assertThat(Importance.globalThreshold(two, 0)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Importance.globalThreshold(two, 1)).isEqualTo(9);
  }

  @Test
  void nOfM_keepsNOfEachGroupOfARow() {
    float[] scores = {1, 2, 3, 4, 9, 4, 3, 2, 1, 8};

    assertThat(Importance.nOfM(scores, 5, 2, 4))
        .containsExactly(false, false, true, true, true, true, true, false, false, true);
  }

  @Test
  void perRow_comparesWeightsOfARowOnly() {
    assertThat(Importance.perRow(new float[] {1, 2, 10, 20}, 2, 0.5))
        .containsExactly(false, true, false, true);
  }

  @Test
  void blocks_keepOrGoAsAWhole() {
    float[] scores = {1, 1, 5, 5, 1, 1, 5, 5, 9};

    assertThat(Importance.blocks(new float[] {1, 1, 5, 5, 1, 1, 5, 5}, 4, 2, 2, 0.5))
        .containsExactly(false, false, true, true, false, false, true, true);
    assertThat(Importance.blocks(scores, 3, 2, 2, 0.25))
        .containsExactly(false, false, true, false, false, true, true, true, true);
  }

  @Test
  void random_isTheSameForTheSameSeed() {
    assertThat(Importance.random(50, 3)).containsExactly(Importance.random(50, 3));
    assertThat(Importance.random(50, 3)).isNotEqualTo(Importance.random(50, 4));
  }
}
