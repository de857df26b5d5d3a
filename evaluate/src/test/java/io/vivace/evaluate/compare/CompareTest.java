package io.vivace.evaluate.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.evaluate.metric.ClassificationMetrics;
import io.vivace.evaluate.metric.Interval;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.RegressionMetrics;
import io.vivace.evaluate.metric.Values;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cases worked by hand, edges and bad input. */
class CompareTest {
  @Test
  void mcNemar_handWorked_givesTheBinomialTail() {
    // 1 against 5: 2 * (1 + 6) / 64
    assertThat(new McNemar(1, 5).exact().pValue()).isCloseTo(14 / 64.0, within(1e-15));
    // mid-p takes half of the observed: 14/64 - 6/64
    assertThat(new McNemar(1, 5).midP().pValue()).isCloseTo(8 / 64.0, within(1e-15));
    // (|1-5| - 1)^2 / 6
    assertThat(new McNemar(1, 5).corrected().statistic()).isEqualTo(1.5);
  }

  @Test
  void mcNemar_ofAnswers_countsDisagreements() {
    boolean[] first = {true, true, false, true, false};
    boolean[] second = {true, false, false, false, true};
    assertThat(McNemar.of(first, second)).isEqualTo(new McNemar(2, 1));
  }

  @Test
  void mcNemar_noDisagreement_isNotSignificant() {
    McNemar same = new McNemar(0, 0);
    for (TestResult result :
        List.of(same.exact(), same.midP(), same.corrected(), same.uncorrected(), same.test())) {
      assertThat(result.pValue()).isEqualTo(1);
    }
  }

  @Test
  void mcNemar_chooses_exactBelow25() {
    assertThat(new McNemar(4, 20).test().test()).isEqualTo("McNemar exact");
    assertThat(new McNemar(5, 20).test().test()).contains("corrected");
  }

  @Test
  void mcNemar_badInput_isRefused() {
    assertThatThrownBy(() -> McNemar.of(new boolean[2], new boolean[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 3");
    assertThatThrownBy(() -> McNemar.of(new boolean[0], new boolean[0]))
        .hasMessageContaining("at least 1 example");
    assertThatThrownBy(() -> new McNemar(-1, 2)).hasMessageContaining("-1 and 2");
  }

  @Test
  void correctedResampledT_constantDifferences_goToTheLimits() {
    double[] none = new double[10];
    assertThat(new CorrectedResampledT(none, 1.0 / 9).test().pValue()).isEqualTo(1);
    double[] same = new double[10];
    Arrays.fill(same, 0.1);
    TestResult sure = new CorrectedResampledT(same, 1.0 / 9).test();
    assertThat(sure.statistic()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(sure.pValue()).isZero();
    Posterior posterior =
        BayesianCorrelatedT.of(new CorrectedResampledT(same, 1.0 / 9)).posterior(0.05);
    assertThat(posterior).isEqualTo(new Posterior(0, 0, 1));
  }

  @Test
  void correctedResampledT_badInput_isRefused() {
    assertThatThrownBy(() -> new CorrectedResampledT(new double[] {1}, 0.1))
        .hasMessageContaining("at least 2");
    assertThatThrownBy(() -> new CorrectedResampledT(new double[] {1, Double.NaN}, 0.1))
        .hasMessageContaining("value 1 was NaN");
    assertThatThrownBy(() -> new CorrectedResampledT(new double[] {1, 2}, 0))
        .hasMessageContaining("testToTrain");
    assertThatThrownBy(
            () -> CorrectedResampledT.ofFolds(new double[] {1, 2}, new double[] {1, 2}, 1))
        .hasMessageContaining("folds");
    assertThatThrownBy(() -> CorrectedResampledT.ofFolds(new double[2], new double[3], 2))
        .hasMessageContaining("2 and 3");
  }

  @Test
  void correctedResampledT_givenArray_isNotShared() {
    double[] differences = {0.1, 0.2, 0.3};
    CorrectedResampledT test = new CorrectedResampledT(differences, 0.5);
    double before = test.test().pValue();
    differences[0] = 9;
    test.differences()[1] = 9;
    assertThat(test.test().pValue()).isEqualTo(before);
  }

  @Test
  void fiveByTwo_badShape_isRefused() {
    assertThatThrownBy(() -> FiveByTwo.of(new double[4][2])).hasMessageContaining("got 4");
    assertThatThrownBy(() -> FiveByTwo.of(new double[5][3])).hasMessageContaining("had 3");
    assertThat(FiveByTwo.of(new double[5][2]).t().pValue()).isEqualTo(1);
    assertThat(FiveByTwo.of(new double[5][2]).f().pValue()).isEqualTo(1);
  }

  @Test
  void wilcoxon_allZeros_isNotSignificant() {
    for (ZeroHandling zeros : ZeroHandling.values()) {
      assertThat(WilcoxonSignedRank.standard().zeros(zeros).test(new double[4]).pValue())
          .isEqualTo(1);
    }
  }

  @Test
  void wilcoxon_handWorked_countsSigns() {
    // ranks 1 2 3 4 all positive: 1 of 16 sign patterns, twice
    double[] differences = {0.1, 0.2, 0.3, 0.4};
    assertThat(WilcoxonSignedRank.standard().test(differences).pValue()).isEqualTo(0.125);
    assertThat(
            WilcoxonSignedRank.standard()
                .alternative(Alternative.GREATER)
                .test(differences)
                .pValue())
        .isEqualTo(0.0625);
    assertThat(
            WilcoxonSignedRank.standard().alternative(Alternative.LESS).test(differences).pValue())
        .isEqualTo(1);
  }

  @Test
  void wilcoxon_badInput_isRefused() {
    assertThatThrownBy(() -> WilcoxonSignedRank.standard().test(new double[0]))
        .hasMessageContaining("at least 1");
    assertThatThrownBy(
            () -> WilcoxonSignedRank.standard().test(new double[] {Double.POSITIVE_INFINITY}))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> WilcoxonSignedRank.standard().exactUpTo(5000))
        .hasMessageContaining("5000");
    assertThat(WilcoxonSignedRank.standard())
        .hasToString(
            "WilcoxonSignedRank[zeros=DROP, alternative=TWO_SIDED, exactUpTo=50,"
                + " continuityCorrected=false]");
  }

  @Test
  void friedman_unanimousRanks_giveInfiniteF() {
    double[][] scores = {{3, 2, 1}, {30, 20, 10}, {5, 4, 3}};
    Friedman friedman = Friedman.ofScores(scores);
    assertThat(friedman.meanRanks()).containsExactly(1, 2, 3);
    assertThat(friedman.imanDavenport().statistic()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(friedman.imanDavenport().pValue()).isZero();
    assertThat(Friedman.ofLosses(scores).meanRanks()).containsExactly(3, 2, 1);
  }

  @Test
  void friedman_allTied_isNotSignificant() {
    Friedman friedman = Friedman.ofScores(new double[][] {{1, 1, 1}, {2, 2, 2}});
    assertThat(friedman.test().pValue()).isEqualTo(1);
    assertThat(friedman.imanDavenport().pValue()).isEqualTo(1);
    assertThat(friedman.nemenyi()[0][1]).isEqualTo(1);
  }

  @Test
  void friedman_groups_areTheBarsOfTheDiagram() {
    // Demsar's table of critical values: q(0.05, 4) = 2.569, so CD = 2.569 sqrt(4*5/(6*14)) = 1.25
    double[][] scores = new double[14][];
    Arrays.setAll(scores, i -> new double[] {4, 3, i < 7 ? 2 : 1, i < 7 ? 1 : 2});
    Friedman friedman = Friedman.ofScores(scores);
    assertThat(friedman.criticalDifference(0.05)).isCloseTo(1.2535, within(5e-4));
    assertThat(friedman.meanRanks()).containsExactly(1, 2, 3.5, 3.5);
    assertThat(friedman.groups(0.05)).containsExactly(List.of(0, 1), List.of(2, 3));
  }

  @Test
  void friedman_pairwise_isSymmetricAndCorrected() {
    Friedman friedman = Friedman.ofScores(new double[][] {{1, 2, 4}, {1, 3, 4}, {2, 1, 5}});
    double[][] raw = friedman.pairwise(Correction.NONE);
    double[][] strict = friedman.pairwise(Correction.BONFERRONI);
    assertThat(raw[0][2]).isEqualTo(raw[2][0]);
    assertThat(strict[0][2]).isCloseTo(Math.min(1, 3 * raw[0][2]), within(1e-15));
    assertThat(strict[1][1]).isEqualTo(1);
    assertThat(friedman.holm(2)[2]).isEqualTo(1);
  }

  @Test
  void friedman_badInput_isRefused() {
    assertThatThrownBy(() -> Friedman.ofScores(new double[][] {{1, 2}}))
        .hasMessageContaining("at least 2 data sets");
    assertThatThrownBy(() -> Friedman.ofScores(new double[][] {{1, 2}, {1, 2, 3}}))
        .hasMessageContaining("row 0 and row 1");
    assertThatThrownBy(() -> Friedman.ofLosses(new double[][] {{1, 2}, {1, Double.NaN}}))
        .hasMessageContaining("NaN");
  }

  @Test
  void deLong_sameScorer_isNotSignificant() {
    boolean[] positive = {true, false, true, false, false};
    double[] scores = {0.9, 0.5, 0.4, 0.1, 0.45};
    DeLong same = DeLong.of(positive, scores, scores);
    assertThat(same.variance()).isZero();
    assertThat(same.test().pValue()).isEqualTo(1);
    assertThat(same.difference()).isZero();
  }

  @Test
  void deLong_badInput_isRefused() {
    assertThatThrownBy(() -> DeLong.of(new boolean[3], new double[3], new double[3]))
        .hasMessageContaining("0 positive and 3 negative");
    assertThatThrownBy(() -> DeLong.of(new boolean[3], new double[2], new double[3]))
        .hasMessageContaining("3 and 2");
    assertThatThrownBy(
            () ->
                DeLong.of(new boolean[] {true, false}, new double[] {Double.NaN, 1}, new double[2]))
        .hasMessageContaining("NaN");
  }

  @Test
  void pairedBootstrap_betterModel_isFound() {
    int n = 400;
    int[] truth = new int[n];
    int[] good = IntStream.range(0, n).map(i -> i % 20 == 0 ? 1 : 0).toArray();
    int[] bad = IntStream.range(0, n).map(i -> i % 5 == 0 ? 1 : 0).toArray();
    Bootstrap bootstrap = Bootstrap.bca();
    PairedBootstrap result =
        PairedBootstrap.of(
            ClassificationMetrics.ACCURACY,
            Labels.of(truth, good, 2),
            Labels.of(truth, bad, 2),
            bootstrap);
    assertThat(result.difference()).isCloseTo(0.15, within(1e-12));
    assertThat(result.interval().lower()).isPositive();
    assertThat(result.interval().contains(0.15)).isTrue();
    assertThat(result.test().pValue()).isEqualTo(1 / 1001.0);
    // differences are 0 or 1, so the standard error is that of a share of 0.15
    assertThat(result.interval().width()).isCloseTo(2 * 1.96 * 0.0179, within(0.012));
  }

  @Test
  void pairedBootstrap_sameModel_isNotSignificant() {
    Values values = Values.of(new double[] {1, 2, 3, 4}, new double[] {1, 1, 4, 4});
    PairedBootstrap same =
        PairedBootstrap.of(RegressionMetrics.MAE, values, values, Bootstrap.percentile());
    assertThat(same.test().pValue()).isEqualTo(1);
    assertThat(same.interval())
        .extracting(Interval::lower, Interval::upper)
        .containsExactly(0., 0.);
    assertThatThrownBy(
            () ->
                PairedBootstrap.of(
                    RegressionMetrics.MAE, values, values.select(0, 1), Bootstrap.bca()))
        .hasMessageContaining("4 and 2");
  }

  @Test
  void bayesianSignedRank_clearCases_areClear() {
    double[] better = {0.1, 0.2, 0.15, 0.3, 0.12, 0.2, 0.25, 0.18, 0.11, 0.22};
    Posterior posterior = BayesianSignedRank.of(better).posterior(0.01);
    assertThat(posterior.above()).isGreaterThan(0.99);
    Posterior mirrored =
        BayesianSignedRank.of(Arrays.stream(better).map(d -> -d).toArray()).posterior(0.01);
    assertThat(mirrored.below()).isGreaterThan(0.99);
    assertThat(BayesianSignedRank.of(better).posterior(0.5)).isEqualTo(new Posterior(0, 1, 0));
    assertThat(BayesianSignedRank.of(better).seed(1).posterior(0.01))
        .isEqualTo(BayesianSignedRank.of(better).seed(1).posterior(0.01));
    assertThatThrownBy(() -> BayesianSignedRank.of(better).posterior(-1))
        .hasMessageContaining("rope");
    assertThatThrownBy(() -> BayesianSignedRank.of(better).samples(0))
        .hasMessageContaining("samples");
  }

  /** One difference d and the prior's 0: the pairs are (0,0), (0,d) twice, (d,d). */
  @Test
  void bayesianSignedRank_oneDifference_isWorkedByHand() {
    // above outweighs the rest where w > 1 - (1-w)^2 - ... : w_d^2 + 2 w_d w_0 > w_0^2, so w_0 <
    // sqrt(1/2)
    Posterior posterior = BayesianSignedRank.of(new double[] {1}).posterior(0);
    assertThat(posterior.above()).isCloseTo(Math.sqrt(0.5), within(0.01)); // w_0 is uniform
    assertThat(posterior.within()).isCloseTo(1 - Math.sqrt(0.5), within(0.01));
    assertThat(posterior.below()).isZero();
  }

  @Test
  void effectSize_edges_areNamed() {
    double[] constant = {1, 1, 1};
    assertThat(EffectSize.cohenD(constant, constant).value()).isZero();
    assertThat(EffectSize.cohenD(new double[] {2, 2}, constant).value())
        .isEqualTo(Double.POSITIVE_INFINITY);
    EffectSize all = EffectSize.cliffDelta(new double[] {5, 6}, new double[] {1, 2});
    assertThat(all.value()).isEqualTo(1);
    assertThat(all.magnitude()).isEqualTo(EffectSize.Magnitude.LARGE);
    assertThat(EffectSize.cliffDelta(constant, constant).magnitude())
        .isEqualTo(EffectSize.Magnitude.NEGLIGIBLE);
    assertThatThrownBy(() -> EffectSize.cohenD(new double[] {1}, constant))
        .hasMessageContaining("at least 2");
    assertThatThrownBy(() -> EffectSize.akinshinGamma(constant, new double[] {1, Double.NaN}))
        .hasMessageContaining("NaN");
  }

  @Test
  void correction_emptyAndBadInput() {
    for (Correction correction : Correction.values()) {
      assertThat(correction.adjust()).isEmpty();
      assertThatThrownBy(() -> correction.adjust(0.1, 1.5)).hasMessageContaining("1.5");
      assertThatThrownBy(() -> correction.adjust(Double.NaN)).hasMessageContaining("NaN");
    }
  }

  @Test
  void sampleSize_moreExamples_thenDecides() {
    double[] few = new double[50];
    Arrays.setAll(few, i -> i < 26 ? 0.6 : -0.4); // mean 0.12, sd 0.5: about (2.8 * 0.5 / 0.12)^2
    SampleSize size = SampleSize.standard();
    long more = size.more(few);
    assertThat(more).isBetween(80L, 95L);
    double mean = Arrays.stream(few).average().orElseThrow();
    double deviation = Math.sqrt(Samples.variance(few));
    int total = (int) size.total(mean, deviation);
    assertThat(few.length + more).isEqualTo(total);
    double t = 1.96 * deviation / Math.sqrt(total);
    assertThat(Math.abs(mean)).isGreaterThan(t);
  }

  @Test
  void sampleSize_decidedAlready_needsNone() {
    double[] clear = {1, 1.1, 0.9, 1, 1.05, 0.95};
    assertThat(SampleSize.standard().more(clear)).isZero();
    assertThat(SampleSize.standard().margin(2).more(clear)).isZero(); // practically equal
    assertThat(SampleSize.standard().margin(1).more(new double[] {0, 2}))
        .isEqualTo(SampleSize.NEVER);
    assertThat(SampleSize.standard().more(new double[] {1, -1})).isEqualTo(SampleSize.NEVER);
  }

  @Test
  void sampleSize_badInput_isRefused() {
    assertThatThrownBy(() -> SampleSize.standard().confidence(95)).hasMessageContaining("95");
    assertThatThrownBy(() -> SampleSize.standard().power(0.3)).hasMessageContaining("0.3");
    assertThatThrownBy(() -> SampleSize.standard().margin(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> SampleSize.standard().more(new double[] {1}))
        .hasMessageContaining("at least 2");
    assertThatThrownBy(() -> SampleSize.standard().total(Double.NaN, 1))
        .hasMessageContaining("NaN");
  }

  @Test
  void testResult_levelOutOfRange_isRefused() {
    TestResult result = new TestResult("x", 1, 0.05);
    assertThat(result.isSignificant(0.05)).isTrue();
    assertThatThrownBy(() -> result.isSignificant(5)).hasMessageContaining("alpha");
    assertThatThrownBy(() -> new TestResult("x", 1, 1.5)).hasMessageContaining("1.5");
  }
}
