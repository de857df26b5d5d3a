package io.vivace.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vivace.evaluate.GoldenJson;
import io.vivace.evaluate.internal.SeededRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals against statsmodels 0.15.0 and SciPy 1.17.1, and what they promise. */
class IntervalTest {
  private static final JsonObject GOLDEN = GoldenJson.object(IntervalTest.class, "intervals.json");

  private static void bounds(Interval actual, double lower, double upper) {
    assertThat(actual.lower()).isCloseTo(lower, within(1e-11));
    assertThat(actual.upper()).isCloseTo(upper, within(1e-11));
  }

  @Test
  void proportion_counts_equalStatsmodels() {
    for (JsonElement element : GOLDEN.getAsJsonArray("proportion")) {
      double[] row = GoldenJson.doubles(element);
      long successes = (long) row[0];
      long trials = (long) row[1];
      bounds(Interval.wilson(successes, trials, row[2]), row[3], row[4]);
      bounds(Interval.clopperPearson(successes, trials, row[2]), row[5], row[6]);
    }
  }

  @Test
  void within_bounds_cutsOffWhatIsOutside() {
    Interval wide = new Interval(-0.5, 1.5, 0.95, "t");
    bounds(wide.within(0, 1), 0, 1);
    bounds(wide.within(-1, 2), -0.5, 1.5);
    bounds(wide.within(2, 3), 2, 2);
    assertThat(Interval.undefined(0.95, "t").within(0, 1).isDefined()).isFalse();
  }

  @Test
  void mean_values_equalScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("mean")) {
      JsonObject row = element.getAsJsonObject();
      Interval interval = Interval.ofMean(GoldenJson.doubles(row.get("x")), 0.95);
      bounds(interval, row.get("lo").getAsDouble(), row.get("hi").getAsDouble());
    }
  }

  /** The same samples, each mean and error by the textbook, quantiles by SciPy's rule. */
  @Test
  void bootstrapT_tailToOneSide_equalsTheTextbook() {
    double[] values = IntStream.range(1, 41).mapToDouble(i -> 1e3 / (i * i)).toArray();
    int n = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    double[] ratios = new double[1000];
    int[] times = new int[n];
    for (int sample = 0; sample < ratios.length; sample++) {
      Draws.plain(n).draw(new SeededRandom(SeededRandom.derived(42, sample)), times);
      double[] drawn = Arrays.stream(Resamples.rows(times)).mapToDouble(i -> values[i]).toArray();
      double own = Arrays.stream(drawn).average().orElseThrow();
      ratios[sample] = (own - mean) / standardError(drawn, own);
    }
    Arrays.sort(ratios);
    Interval interval = Interval.bootstrapT(values, 0.95);
    double error = standardError(values, mean);
    assertThat(interval.lower())
        .isCloseTo(
            mean - error * (ratios[974] + 0.025 * (ratios[975] - ratios[974])), within(1e-9));
    assertThat(interval.upper())
        .isCloseTo(mean - error * (ratios[24] + 0.975 * (ratios[25] - ratios[24])), within(1e-9));
    assertThat(interval.upper() - mean).isGreaterThan(2 * (mean - interval.lower()));
    assertThat(interval.method()).isEqualTo("bootstrap t");
  }

  private static double standardError(double[] values, double mean) {
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1) / values.length);
  }

  @Test
  void bootstrapT_fewRowsManyRowsOrNearlyAllAlike_isStudents() {
    double[] few = {1, 2, 4, 8};
    assertThat(Interval.bootstrapT(few, 0.9)).isEqualTo(Interval.ofMean(few, 0.9));
    double[] many = IntStream.range(0, 10_001).mapToDouble(i -> i % 7).toArray();
    assertThat(Interval.bootstrapT(many, 0.95)).isEqualTo(Interval.ofMean(many, 0.95));
    double[] alike = new double[50];
    assertThat(Interval.bootstrapT(alike, 0.95).width()).isZero();
    alike[7] = 1; // a third of the samples does not have it
    assertThat(Interval.bootstrapT(alike, 0.95)).isEqualTo(Interval.ofMean(alike, 0.95));
    assertThat(Interval.bootstrapT(new double[] {1}, 0.95).isDefined()).isFalse();
    assertThatThrownBy(() -> Interval.bootstrapT(new double[] {1, Double.NaN}, 0.95))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bootstrapMethods_sameSamples_equalScipy() {
    for (JsonElement element : GOLDEN.getAsJsonArray("bootstrap")) {
      JsonObject row = element.getAsJsonObject();
      double[] sorted = GoldenJson.doubles(row.get("dist"));
      Arrays.sort(sorted);
      for (BootstrapMethod method : BootstrapMethod.values()) {
        double[] bounds =
            method.bounds(
                sorted,
                row.get("est").getAsDouble(),
                () -> GoldenJson.doubles(row.get("jack")),
                0.95);
        assertThat(bounds)
            .containsExactly(GoldenJson.doubles(row.get(method.name())), within(1e-9));
      }
    }
  }

  private static Scores scores(int n, double shift) {
    SeededRandom random = new SeededRandom(n);
    int[] truth = new int[n];
    double[] scores = new double[n];
    for (int i = 0; i < n; i++) {
      truth[i] = random.nextInt(2);
      scores[i] = Math.rint(100 * (random.nextDouble() + shift * truth[i])) / 100;
    }
    return Scores.binary(truth, scores);
  }

  @Test
  void bootstrap_anyNumberOfThreads_givesTheSameBounds() {
    Scores batch = scores(200, 0.3);
    Bootstrap bootstrap = Bootstrap.bca().resamples(300);
    Interval one = bootstrap.threads(1).interval(ClassificationMetrics.ROC_AUC, batch);
    for (int threads : new int[] {2, 3, 8}) {
      assertThat(bootstrap.threads(threads).interval(ClassificationMetrics.ROC_AUC, batch))
          .isEqualTo(one);
    }
    assertThat(bootstrap.seed(43).interval(ClassificationMetrics.ROC_AUC, batch)).isNotEqualTo(one);
  }

  @Test
  void bootstrap_countedRows_equalCopiedRows() {
    Scores scores = scores(60, 0.4);
    Values values =
        Values.of(scores.scores, Arrays.stream(scores.truth).asDoubleStream().toArray());
    Values weighted = values.weighted(IntStream.range(0, 60).mapToDouble(i -> i % 5).toArray());
    sameAsCopies(ClassificationMetrics.ROC_AUC, scores);
    sameAsCopies(ClassificationMetrics.BRIER, Scores.binary(scores.truth, shares(60)));
    sameAsCopies(RegressionMetrics.RMSE, values);
    sameAsCopies(RegressionMetrics.RMSE, weighted);
    sameAsCopies(RegressionMetrics.MEDIAN_AE, weighted);
    sameAsCopies(RegressionMetrics.MAE.output(1), Values.of(shares(60), shares(60), 2));
  }

  private static double[] shares(int n) {
    return IntStream.range(0, n).mapToDouble(i -> (i * 37 % n) / (double) n).toArray();
  }

  private static <B extends Batch> void sameAsCopies(Metric<B> metric, B batch) {
    SeededRandom random = new SeededRandom(5);
    int[] times = new int[batch.size()];
    for (int sample = 0; sample < 20; sample++) {
      Draws.plain(batch.size()).draw(random, times);
      B copies = metric.batchType().cast(batch.select(Resamples.rows(times)));
      assertThat(Resamples.of(metric, batch).applyAsDouble(times))
          .as(metric.identity())
          .isCloseTo(metric.of(copies), within(1e-12));
    }
  }

  @Test
  void bootstrap_strata_keepTheirSizes() {
    int[] strata = {0, 0, 0, 1, 1, 7, 7, 7, 7, 7};
    double[] sizes =
        Bootstrap.percentile()
            .resamples(100)
            .stratified(strata)
            .distribution(times -> times[3] + times[4], strata.length);
    assertThat(sizes).containsOnly(2);
  }

  @Test
  void bootstrap_clusters_areDrawnWhole() {
    int[] clusters = {4, 9, 4, 9, 4};
    double[] apart =
        Bootstrap.percentile()
            .resamples(100)
            .clustered(clusters)
            .distribution(
                times -> Math.abs(times[0] - times[2]) + Math.abs(times[1] - times[3]), 5);
    assertThat(apart).containsOnly(0);
  }

  @Test
  void bootstrap_stratumPerRowOrLengthThatDiffers_isHandled() {
    Bootstrap fixed = Bootstrap.percentile().resamples(100).stratified(1, 2, 3);
    assertThat(fixed.distribution(times -> times[0] + times[1] + times[2], 3)).containsOnly(3);
    assertThatThrownBy(() -> fixed.interval(times -> 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("strata");
    assertThatThrownBy(() -> Bootstrap.bca().interval(times -> 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bootstrap.bca().resamples(99))
        .hasMessageContaining("at least 100, but was 99");
    assertThatThrownBy(() -> Bootstrap.bca().level(95)).hasMessageContaining("0.95");
  }

  @Test
  void bootstrap_oneClassInSomeSamples_saysSo() {
    Scores batch = Scores.binary(new int[] {1, 0, 0, 0}, new double[] {0.9, 0.1, 0.95, 0.2});
    Interval interval = Bootstrap.percentile().interval(ClassificationMetrics.ROC_AUC, batch);
    assertThat(interval.method()).contains("undefined");
    assertThat(interval.isDefined()).isTrue();
    Scores oneClass = Scores.binary(new int[] {1, 1}, new double[] {0.9, 0.1});
    assertThat(Bootstrap.bca().interval(ClassificationMetrics.ROC_AUC, oneClass).isDefined())
        .isFalse();
  }

  @Test
  void bootstrap_constantStatistic_isAPoint() {
    Interval interval = Bootstrap.bca().interval(times -> 0.5, 10);
    assertThat(interval.lower()).isEqualTo(0.5);
    assertThat(interval.upper()).isEqualTo(0.5);
  }

  @Test
  void bootstrap_statisticThatThrows_throwsTheSame() {
    assertThatThrownBy(
            () ->
                Bootstrap.bca()
                    .threads(2)
                    .distribution(
                        times -> {
                          throw new IllegalStateException("boom");
                        },
                        3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("boom");
  }

  @Test
  void interval_eachKindOfMetric_namesItsMethod() {
    Scores scores = scores(100, 0.5);
    Labels labels = scores.toLabels(0.7);
    Values values = Values.of(shares(100), scores.scores);
    assertThat(ClassificationMetrics.ROC_AUC.interval(scores).method()).isEqualTo("DeLong");
    Interval accuracy = ClassificationMetrics.ACCURACY.interval(labels);
    assertThat(accuracy.method()).isEqualTo("Wilson");
    long right = Math.round(ClassificationMetrics.ACCURACY.of(labels) * 100);
    assertThat(accuracy).isEqualTo(Interval.wilson(right, 100, 0.95));
    assertThat(RegressionMetrics.MAE.interval(values).method()).isEqualTo("bootstrap t");
    Interval mse = RegressionMetrics.MSE.interval(values);
    Interval rmse = RegressionMetrics.RMSE.interval(values);
    assertThat(rmse.upper()).isCloseTo(Math.sqrt(mse.upper()), within(1e-15));
    assertThat(ClassificationMetrics.F1.interval(labels).method().toLowerCase(Locale.ROOT))
        .contains("bca");
    assertThat(RegressionMetrics.R2.interval(values).method()).contains("BCa");
  }

  @Test
  void interval_pairwiseMetric_takesTheJackknife() {
    double[] points = shares(40);
    int[] cluster = IntStream.range(0, 40).map(i -> points[i] < 0.5 ? 0 : 1).toArray();
    Interval interval = ClusteringMetrics.SILHOUETTE.interval(Clusters.of(points, 1, cluster));
    assertThat(interval.method()).isEqualTo("jackknife");
    assertThat(interval.contains(ClusteringMetrics.SILHOUETTE.of(Clusters.of(points, 1, cluster))))
        .isTrue();
  }

  @Test
  void jackknife_ofAMean_equalsStudent() {
    double[] truth = shares(30);
    Values values = Values.of(truth, new double[30]);
    Interval jackknife = Interval.jackknife(RegressionMetrics.MAE, values, 0.95);
    Interval student = Interval.ofMean(truth, 0.95);
    bounds(jackknife, student.lower(), student.upper());
  }

  @Test
  void deLong_perfectSeparation_stillHasWidth() {
    Scores perfect = Scores.binary(new int[] {0, 0, 0, 1, 1, 1}, new double[] {1, 2, 3, 4, 5, 6});
    Interval interval = Interval.deLong(perfect, 0.95);
    assertThat(interval.upper()).isEqualTo(1);
    assertThat(interval.lower()).isCloseTo(0.2924, within(1e-4)); // 3 of 3, Clopper-Pearson
    assertThat(Interval.deLong(Scores.binary(new int[] {0, 1}, new double[] {1, 2}), 0.95))
        .matches(none -> !none.isDefined());
  }

  @Test
  void interval_badBounds_areRefused() {
    assertThatThrownBy(() -> new Interval(2, 1, 0.95, "x")).hasMessageContaining("2.0 and 1.0");
    assertThatThrownBy(() -> new Interval(1, Double.NaN, 0.95, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Interval.wilson(3, 2, 0.95)).hasMessageContaining("3 of 2");
    assertThat(Interval.wilson(0, 0, 0.95).isDefined()).isFalse();
    assertThat(new Interval(1, 2, 0.9, "x").width()).isEqualTo(1);
    assertThat(new Interval(1, 2, 0.9, "x").contains(2)).isTrue();
    assertThat(new Interval(1, 2, 0.9, "x").contains(2.1)).isFalse();
  }
}
