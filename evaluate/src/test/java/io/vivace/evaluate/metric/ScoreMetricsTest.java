package io.vivace.evaluate.metric;

import static io.vivace.evaluate.metric.ClassificationMetrics.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScoreMetricsTest {
  /** Pairs counted one by one. */
  private static double countedArea(Scores batch) {
    double above = 0;
    double pairs = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (int j = 0; j < batch.size(); j++) {
        if (batch.truth(i) == 1 && batch.truth(j) == 0) {
          pairs += batch.weight(i) * batch.weight(j);
          int order = Double.compare(batch.positive(i) + 0.0, batch.positive(j) + 0.0);
          above += batch.weight(i) * batch.weight(j) * (order > 0 ? 1 : order == 0 ? 0.5 : 0);
        }
      }
    }
    return above / pairs;
  }

  private static Scores scores(Random random, int rows, int distinct) {
    int[] truth = random.ints(rows, 0, 2).toArray();
    double[] scores =
        IntStream.range(0, rows)
            .mapToDouble(i -> random.nextInt(distinct) - distinct / 2)
            .toArray();
    return Scores.binary(truth, scores);
  }

  @Property(tries = 200, seed = "42")
  void rocAuc_ofAnyScores_countsPairs(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 80) int rows,
      @ForAll @IntRange(min = 1, max = 60) int distinct) {
    Random random = new Random(seed);
    Scores batch = scores(random, rows, distinct);
    double expected = countedArea(batch);
    if (Double.isNaN(expected)) {
      assertThat(ROC_AUC.of(batch)).isNaN();
    } else {
      assertThat(ROC_AUC.of(batch)).isEqualTo(expected);
      Scores weighted = batch.weighted(random.doubles(rows).toArray());
      assertThat(ROC_AUC.of(weighted)).isCloseTo(countedArea(weighted), within(1e-12));
    }
  }

  @Property(tries = 100, seed = "42")
  void resampledAuc_ofAnySample_isTheAreaOfItsRows(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 1000) int distinct) {
    Random random = new Random(seed);
    Scores batch = scores(random, rows, distinct);
    int[] drawn = random.ints(rows, 0, rows).toArray();
    int[] times = new int[rows];
    for (int row : drawn) {
      times[row]++;
    }
    assertThat(ResampledAuc.of(batch).of(times))
        .isEqualTo(Double.valueOf(ROC_AUC.of(batch.select(drawn))));
  }

  @Test
  void resampledAuc_ofOtherLengthsOrWeights_isRefused() {
    Scores batch = Scores.binary(new int[] {0, 1}, new double[] {0, 1});
    assertThat(ResampledAuc.of(batch).size()).isEqualTo(2);
    assertThatThrownBy(() -> ResampledAuc.of(batch).of(new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 instead of 2");
    assertThatThrownBy(() -> ResampledAuc.of(batch.weighted(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weights");
  }

  @Property(tries = 300, seed = "42")
  void boundedAuc_ofAnyProbabilities_holdsTheExactArea(
      @ForAll @Size(min = 2, max = 120) List<@DoubleRange(min = 0, max = 1) Double> values,
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int buckets) {
    double[] scores = values.stream().mapToDouble(value -> value).toArray();
    Scores batch = Scores.binary(new Random(seed).ints(scores.length, 0, 2).toArray(), scores);
    assertHolds(batch, BOUNDED_ROC_AUC.buckets(buckets));
    assertHolds(batch, BOUNDED_ROC_AUC.buckets(buckets).anyScores());
  }

  @Property(tries = 200, seed = "42")
  void boundedAuc_ofAnyScores_holdsTheExactArea(
      @ForAll @Size(min = 2, max = 120) double[] scores,
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int buckets) {
    Scores batch = Scores.binary(new Random(seed).ints(scores.length, 0, 2).toArray(), scores);
    assertHolds(batch, BOUNDED_ROC_AUC.buckets(buckets).anyScores());
  }

  private static void assertHolds(Scores batch, BoundedAuc metric) {
    double exact = ROC_AUC.of(batch);
    BoundedAuc.Bounds bounds = metric.bounds(batch);
    if (Double.isNaN(exact)) {
      assertThat(bounds.lower()).isNaN();
      return;
    }
    assertThat(exact).isBetween(bounds.lower(), bounds.upper());
    assertThat(metric.of(batch)).isEqualTo(bounds.middle());
    long distinct =
        IntStream.range(0, batch.size()).mapToDouble(batch::positive).distinct().count();
    if (distinct <= 2) {
      assertThat(bounds.width()).isZero();
    }
  }

  @Test
  void boundedAuc_ofManyRows_isNarrowInLittleMemory() {
    Random random = new Random(5);
    MetricState<Scores> state = BOUNDED_ROC_AUC.buckets(1024).newState();
    MetricState<Scores> exact = ROC_AUC.newState();
    for (int part = 0; part < 10; part++) {
      int[] truth = random.ints(5_000, 0, 2).toArray();
      double[] scores =
          Arrays.stream(truth)
              .mapToDouble(t -> 1 / (1 + Math.exp(-random.nextGaussian() - t)))
              .toArray();
      Scores batch = Scores.binary(truth, scores);
      state.update(batch);
      exact.update(batch);
    }
    BoundedAuc.Bounds bounds = BOUNDED_ROC_AUC.buckets(1024).bounds(state);
    assertThat(exact.compute()).isBetween(bounds.lower(), bounds.upper());
    assertThat(bounds.width()).isLessThan(0.003);
    assertThat(state.toBytes()).hasSizeLessThan(1024 * 32 + 200);
  }

  @Test
  void boundedAuc_withRoomForAllScores_isExact() {
    Scores batch = scores(new Random(2), 500, 50);
    BoundedAuc.Bounds bounds = BOUNDED_ROC_AUC.anyScores().bounds(batch);
    assertThat(bounds.lower()).isEqualTo(ROC_AUC.of(batch));
    assertThat(bounds.width()).isZero();
  }

  @Test
  void sortedKeys_ofManyScores_areInOrder() {
    Random random = new Random(9);
    double[] scores = new double[5_000];
    Arrays.setAll(
        scores,
        i -> i % 7 == 0 ? -0.0 : random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300)));
    long[] keys = Arrays.stream(scores).mapToLong(SortKeys::descending).toArray();
    int[] order = SortKeys.order(keys);
    long[] sorted = SortKeys.sorted(keys.clone());
    double[] expected =
        Arrays.stream(scores).map(score -> -(score + 0.0)).sorted().map(s -> -s + 0.0).toArray();
    assertThat(Arrays.stream(sorted).mapToDouble(SortKeys::score).toArray()).isEqualTo(expected);
    assertThat(Arrays.stream(order).mapToDouble(i -> scores[i] + 0.0).toArray())
        .isEqualTo(expected);
  }

  @Test
  void topK_ofTies_followsTheRule() {
    Scores tied = Scores.of(new int[] {1}, new double[] {0.5, 0.5, 0.5, 0.1}, 4);
    assertThat(topKAccuracy(1).ties(TieBreak.HIGHEST_INDEX).of(tied)).isZero();
    assertThat(topKAccuracy(2).ties(TieBreak.HIGHEST_INDEX).of(tied)).isOne();
    assertThat(topKAccuracy(1).ties(TieBreak.LOWEST_INDEX).of(tied)).isZero();
    assertThat(topKAccuracy(2).ties(TieBreak.LOWEST_INDEX).of(tied)).isOne();
    assertThat(topKAccuracy(2).ties(TieBreak.PESSIMISTIC).of(tied)).isZero();
    assertThat(topKAccuracy(3).ties(TieBreak.PESSIMISTIC).of(tied)).isOne();
    assertThat(topKAccuracy(2).ties(TieBreak.EXPECTED).of(tied)).isEqualTo(2 / 3.0);
    assertThat(topKAccuracy(1).ties(TieBreak.EXPECTED).of(tied)).isEqualTo(1 / 3.0);
    assertThat(topKAccuracy(9).of(tied)).isOne();
  }

  @Test
  void calibrationError_workedByHand_isThat() {
    Scores batch =
        Scores.of(new int[] {1, 0, 1, 0}, new double[] {0.1, 0.9, 0.1, 0.9, 0.4, 0.6, 0.6, 0.4}, 2);
    // confidences 0.9 0.9 0.6 0.6; right, wrong, right, right
    CalibrationError error = ECE.binning(Binning.uniform(4));
    assertThat(error.of(batch)).isCloseTo((2 * 0.4 + 2 * 0.4) / 4, within(1e-15));
    assertThat(error.max().of(batch)).isCloseTo(0.4, within(1e-15));
    assertThat(error.l2().of(batch)).isCloseTo(0.4, within(1e-15));
  }

  @Test
  void calibrationBins_onEdges_followTheRule() {
    Scores batch = Scores.binary(new int[] {1, 1, 0}, new double[] {0.5, 1, 0});
    List<CalibrationCurve.Point> upper = CalibrationCurve.of(batch, Binning.uniform(2)).points();
    assertThat(upper.get(0)).isEqualTo(new CalibrationCurve.Point(0.25, 0.5, 2));
    List<CalibrationCurve.Point> lower =
        CalibrationCurve.of(batch, Binning.uniform(2).lowerClosed()).points();
    assertThat(lower.get(0)).isEqualTo(new CalibrationCurve.Point(0, 0, 1));
    assertThat(lower.get(1)).isEqualTo(new CalibrationCurve.Point(0.75, 1, 2));
  }

  @Test
  void logLoss_ofCertainAndWrong_isClippedByPrecision() {
    assertThat(LOG_LOSS.of(Scores.binary(new int[] {1}, new double[] {0})))
        .isEqualTo(-Math.log(Math.ulp(1.0)));
    assertThat(LOG_LOSS.of(Scores.binary(new int[] {1}, new float[] {0})))
        .isEqualTo(-Math.log(Math.ulp(1.0f)));
  }
}
