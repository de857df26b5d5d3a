package io.vivace.evaluate.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.evaluate.GoldenJson;
import io.vivace.evaluate.internal.Placements;
import io.vivace.evaluate.metric.Interval;
import org.junit.jupiter.api.Test;

/**
 * The tests against SciPy 1.17.1 and statsmodels 0.15.0; the studentised range against mpmath with
 * 30 digits, the exact Wilcoxon test with ties against all assignments of signs, DeLong's test
 * against its definition over all pairs in NumPy, the Bayesian and the 5x2 tests against their
 * formulas over SciPy's distributions.
 */
class CompareGoldenTest {
  private static final JsonObject GOLDEN =
      GoldenJson.object(CompareGoldenTest.class, "golden.json");

  private static void close(double actual, double expected, double tolerance) {
    assertThat(actual)
        .isCloseTo(expected, within(tolerance * Math.max(Math.abs(expected), 1e-300)));
  }

  private static void close(double[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      close(actual[i], expected[i], tolerance);
    }
  }

  @Test
  void mcNemar_counts_equalStatsmodels() {
    for (double[] row : GoldenJson.rows(GOLDEN.get("mcnemar"))) {
      McNemar test = new McNemar((long) row[0], (long) row[1]);
      close(test.exact().pValue(), row[2], 1e-12);
      close(test.midP().pValue(), row[3], 1e-12);
      close(test.corrected().statistic(), row[4], 1e-12);
      close(test.corrected().pValue(), row[5], 1e-12);
      close(test.uncorrected().statistic(), row[6], 1e-12);
      close(test.uncorrected().pValue(), row[7], 1e-12);
    }
  }

  @Test
  void wilcoxon_zerosAndTies_equalScipy() {
    int exact = 0;
    for (JsonElement element : GOLDEN.getAsJsonArray("wilcoxon")) {
      JsonObject row = element.getAsJsonObject();
      double[] differences = GoldenJson.doubles(row.get("d"));
      WilcoxonSignedRank test =
          WilcoxonSignedRank.standard()
              .zeros(ZeroHandling.valueOf(row.get("zeros").getAsString()))
              .alternative(Alternative.valueOf(row.get("alternative").getAsString()));
      TestResult normal = test.exactUpTo(0).test(differences);
      close(normal.statistic(), row.get("statistic").getAsDouble(), 1e-12);
      close(normal.pValue(), row.get("p").getAsDouble(), 1e-12);
      TestResult corrected = test.exactUpTo(0).continuityCorrected().test(differences);
      close(corrected.pValue(), Math.min(1, row.get("pc").getAsDouble()), 1e-12);
      if (!row.get("exact").isJsonNull()) {
        close(test.test(differences).pValue(), row.get("exact").getAsDouble(), 1e-12);
        exact++;
      }
    }
    assertThat(exact).isGreaterThan(100);
  }

  @Test
  void friedman_andPostHoc_equalScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("friedman")) {
      JsonObject row = element.getAsJsonObject();
      Friedman friedman = Friedman.ofScores(GoldenJson.rows(row.get("x")));
      close(friedman.meanRanks(), GoldenJson.doubles(row.get("ranks")), 1e-12);
      close(friedman.test().statistic(), row.get("chi2").getAsDouble(), 1e-11);
      close(friedman.test().pValue(), row.get("p").getAsDouble(), 1e-11);
      close(friedman.imanDavenport().statistic(), row.get("f").getAsDouble(), 1e-10);
      close(friedman.imanDavenport().pValue(), row.get("fp").getAsDouble(), 1e-10);
      close(friedman.criticalDifference(0.05), row.get("cd").getAsDouble(), 1e-9);
      double[][] nemenyi = GoldenJson.rows(row.get("nemenyi"));
      for (int i = 0; i < nemenyi.length; i++) {
        for (int j = 0; j < nemenyi.length; j++) { // SciPy's integral is good for 1e-10, absolute
          assertThat(friedman.nemenyi()[i][j]).isCloseTo(nemenyi[i][j], within(1e-9));
        }
      }
      double[] holm = GoldenJson.doubles(row.get("holm"));
      for (int i = 0; i < holm.length; i++) {
        close(friedman.holm(0)[i + 1], holm[i], 1e-11);
      }
    }
  }

  @Test
  void studentizedRange_upTo100Groups_equals30Digits() {
    for (double[] row : GoldenJson.rows(GOLDEN.get("range"))) {
      close(new StudentizedRange((int) row[0]).survival(row[1]), row[2], 1e-12);
    }
    for (double[] row : GoldenJson.rows(GOLDEN.get("rangeQuantile"))) {
      close(new StudentizedRange((int) row[0]).upperQuantile(row[1]), row[2], 1e-8);
    }
  }

  @Test
  void correctedResampledT_andBayesian_equalScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("resampled")) {
      JsonObject row = element.getAsJsonObject();
      CorrectedResampledT runs =
          new CorrectedResampledT(GoldenJson.doubles(row.get("d")), row.get("ratio").getAsDouble());
      close(runs.test().statistic(), row.get("t").getAsDouble(), 1e-11);
      close(runs.test().pValue(), row.get("two").getAsDouble(), 1e-11);
      close(runs.test(Alternative.GREATER).pValue(), row.get("greater").getAsDouble(), 1e-11);
      close(runs.test(Alternative.LESS).pValue(), row.get("less").getAsDouble(), 1e-11);
      Posterior posterior = BayesianCorrelatedT.of(runs).posterior(0.01);
      close(posterior.below(), row.get("below").getAsDouble(), 1e-11);
      close(posterior.within(), row.get("within").getAsDouble(), 1e-11);
      close(posterior.above(), row.get("above").getAsDouble(), 1e-11);
      Interval interval = BayesianCorrelatedT.of(runs).interval(0.95);
      close(interval.lower(), row.get("lo").getAsDouble(), 1e-10);
      close(interval.upper(), row.get("hi").getAsDouble(), 1e-10);
    }
  }

  @Test
  void fiveByTwo_tAndF_equalScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("fivebytwo")) {
      JsonObject row = element.getAsJsonObject();
      FiveByTwo tests = FiveByTwo.of(GoldenJson.rows(row.get("d")));
      close(tests.t().statistic(), row.get("t").getAsDouble(), 1e-12);
      close(tests.t().pValue(), row.get("tp").getAsDouble(), 1e-12);
      close(tests.f().statistic(), row.get("f").getAsDouble(), 1e-12);
      close(tests.f().pValue(), row.get("fp").getAsDouble(), 1e-12);
    }
  }

  @Test
  void correction_eachMethod_equalsStatsmodels() {
    for (JsonElement element : GOLDEN.getAsJsonArray("correction")) {
      JsonObject row = element.getAsJsonObject();
      for (Correction correction : Correction.values()) {
        JsonElement expected = row.get(correction == Correction.NONE ? "p" : correction.name());
        close(
            correction.adjust(GoldenJson.doubles(row.get("p"))),
            GoldenJson.doubles(expected),
            1e-12);
      }
    }
  }

  @Test
  void deLong_tiesToo_equalsDefinition() {
    for (JsonElement element : GOLDEN.getAsJsonArray("delong")) {
      JsonObject row = element.getAsJsonObject();
      JsonArray classes = row.getAsJsonArray("y");
      boolean[] positive = new boolean[classes.size()];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = classes.get(i).getAsInt() == 1;
      }
      DeLong test =
          DeLong.of(positive, GoldenJson.doubles(row.get("a")), GoldenJson.doubles(row.get("b")));
      close(test.firstAuc(), row.get("auc1").getAsDouble(), 1e-12);
      close(test.secondAuc(), row.get("auc2").getAsDouble(), 1e-12);
      close(test.variance(), row.get("var").getAsDouble(), 1e-10);
      close(test.test().statistic(), row.get("z").getAsDouble(), 1e-10);
      close(test.test().pValue(), row.get("p").getAsDouble(), 1e-10);
      close(test.interval(0.95).lower(), row.get("lo").getAsDouble(), 1e-9);
      close(test.interval(0.95).upper(), row.get("hi").getAsDouble(), 1e-9);
      Placements placements = Placements.of(positive, GoldenJson.doubles(row.get("a")));
      close(placements.covariance(placements), row.get("v1").getAsDouble(), 1e-12);
    }
  }

  @Test
  void effectSize_eachMeasure_equalsFormula() {
    for (JsonElement element : GOLDEN.getAsJsonArray("effects")) {
      JsonObject row = element.getAsJsonObject();
      double[] first = GoldenJson.doubles(row.get("x"));
      double[] second = GoldenJson.doubles(row.get("y"));
      close(EffectSize.cohenD(first, second).value(), row.get("d").getAsDouble(), 1e-12);
      close(EffectSize.cliffDelta(first, second).value(), row.get("cliff").getAsDouble(), 1e-12);
      close(EffectSize.akinshinGamma(first, second).value(), row.get("gamma").getAsDouble(), 1e-12);
      double[] differences = new double[Math.min(first.length, second.length)];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = first[i] - second[i];
      }
      close(EffectSize.cohenDPaired(differences).value(), row.get("dz").getAsDouble(), 1e-12);
    }
  }

  @Test
  void sampleSize_ofEffect_isWithinTwoOfStatsmodels() {
    for (double[] row : GoldenJson.rows(GOLDEN.get("samplesize"))) {
      long total = new SampleSize(1 - row[2], row[1], 0).total(row[0], 1);
      assertThat((double) total).isCloseTo(Math.ceil(row[3]), within(2.0));
    }
  }
}
