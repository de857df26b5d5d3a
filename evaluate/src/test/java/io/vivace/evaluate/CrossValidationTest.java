package io.vivace.evaluate;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.F1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.Signature;
import io.vivace.evaluate.metric.Goal;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.split.Splitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
  private static final Dataset<double[], Integer> IRIS = TestData.iris();
  private static final Scorer<Integer, Integer> CLASSES = Scorer.classification(List.of(0, 1, 2));
  private static final CrossValidation FIVE = CrossValidation.stratified(5).seed(42);

  /** Depends on the seed of the fold and on the order of the training part. */
  private static final Estimator<double[], Integer, Integer> RANDOM =
      (training, context) -> {
        long seed = context.seed() + Arrays.hashCode(training.inputs().get(0));
        return Predictor.of(input -> Math.floorMod((int) (seed >> 7) + Arrays.hashCode(input), 3));
      };

  @Test
  void run_anyNumberOfThreads_givesTheSame() {
    List<String> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 8}) {
      CrossValidationResult<Integer> result =
          FIVE.repeated(3).threads(threads).run(RANDOM, IRIS, ACCURACY, F1.macro());
      results.add(
          Arrays.toString(result.scores(ACCURACY).values())
              + Arrays.toString(result.scores(F1.macro()).values())
              + IntStream.range(0, 150).mapToObj(row -> result.outOfFold().answers(row)).toList());
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
    assertThat(results.get(0))
        .doesNotStartWith(
            Arrays.toString(
                FIVE.seed(43).repeated(3).run(RANDOM, IRIS, ACCURACY).scores(ACCURACY).values()));
  }

  @Test
  void repeated_judgesEachExampleOncePerRepetition() {
    CrossValidationResult<Integer> result =
        FIVE.repeated(3).run(TestEstimators.majority(), IRIS, ACCURACY);
    assertThat(result.folds()).hasSize(15);
    assertThat(result.scores(ACCURACY).mean()).isCloseTo(1 / 3.0, within(1e-12));
    for (int row = 0; row < 150; row++) {
      assertThat(result.outOfFold().answers(row)).hasSize(3);
    }
  }

  /** Only the first flowers of each kind count, so the folds that have none of them are NaN. */
  @Test
  void weights_countInEachFoldAndPooled() {
    double[] weights = IntStream.range(0, 150).mapToDouble(i -> i < 10 ? 2 : 0).toArray();
    CrossValidationResult<Integer> result =
        CrossValidation.kFold(5)
            .weights(weights)
            .run(TestEstimators.nearestCentroid(), IRIS, ACCURACY);
    CrossValidationResult<Integer> plain =
        CrossValidation.kFold(5).run(TestEstimators.nearestCentroid(), IRIS, ACCURACY);
    assertThat(result.scores(ACCURACY).defined()).isEqualTo(1);
    double right =
        IntStream.range(0, 10)
                .filter(i -> plain.outOfFold().answer(i).orElseThrow().equals(IRIS.labels().get(i)))
                .count()
            / 10.0;
    assertThat(result.mean(ACCURACY)).isEqualTo(right);
    assertThat(result.pooled(ACCURACY)).isEqualTo(right);
    assertThat(result.provenance().facts().get("settings")).containsEntry("weights", "given");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CrossValidation.kFold(5)
                    .weights(1, 2)
                    .run(TestEstimators.nearestCentroid(), IRIS, ACCURACY))
        .withMessage("there are 2 weights for 150 examples");
  }

  @Test
  void repeated_splitterThatCannotShuffle_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrossValidation.of(Splitter.leaveOneOut()).repeated(2))
        .withMessage("leave-one-out cannot shuffle, so each repetition would be the same");
  }

  @Test
  void run_predictors_areClosedOnceEachAndOpenWhileAsked() {
    List<Tracked> opened = Collections.synchronizedList(new ArrayList<>());
    FIVE.threads(3)
        .run(
            (training, context) -> {
              Tracked predictor = new Tracked(false);
              opened.add(predictor);
              return predictor;
            },
            IRIS,
            CLASSES,
            ACCURACY);
    assertThat(opened).hasSize(5).allMatch(predictor -> predictor.closed.get() == 1);
  }

  @Test
  void run_predictorThrows_isClosedAllTheSame() {
    Tracked predictor = new Tracked(true);
    assertThatExceptionOfType(FoldFailedException.class)
        .isThrownBy(
            () -> FIVE.threads(1).run((training, context) -> predictor, IRIS, CLASSES, ACCURACY))
        .withMessageContaining("fold 1 of 5 failed")
        .withMessageContaining("broken");
    assertThat(predictor.closed).hasValue(1);
  }

  @Test
  void judge_readyModel_isNotClosed() {
    Tracked predictor = new Tracked(false);
    CrossValidationResult<Integer> result = FIVE.judge(predictor, IRIS, CLASSES, ACCURACY);
    assertThat(result.mean(ACCURACY)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(predictor.closed).hasValue(0);
  }

  @Test
  void run_estimatorThrows_namesTheLowestFoldForAnyNumberOfThreads() {
    Map<Integer, Integer> folds = foldOfRow();
    Estimator<double[], Integer, Integer> failing =
        (training, context) -> {
          // The fold is known by the row that is missing.
          if (lacks(training, folds, 2) || lacks(training, folds, 3)) {
            throw new IllegalStateException("no convergence");
          }
          return TestEstimators.majority().fit(training, context);
        };
    for (int threads : new int[] {1, 4}) {
      assertThatExceptionOfType(FoldFailedException.class)
          .isThrownBy(
              () ->
                  CrossValidation.stratified(5)
                      .threads(threads)
                      .run(failing, IRIS, CLASSES, ACCURACY))
          .withMessageContaining("fold 3 of 5 failed: java.lang.IllegalStateException: no conv")
          .matches(error -> error.fold() == 2);
    }
    CrossValidationResult<Integer> reported =
        CrossValidation.stratified(5)
            .failures(FailurePolicy.REPORT)
            .run(failing, IRIS, CLASSES, ACCURACY);
    assertThat(reported.failedFolds()).isEqualTo(2);
    assertThat(reported.folds().get(2).error().orElseThrow()).hasMessage("no convergence");
    assertThat(reported.scores(ACCURACY).defined()).isEqualTo(3);
    assertThat(reported.scores(ACCURACY).values()[3]).isNaN();
    assertThat(reported.mean(ACCURACY)).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(reported.outOfFold().isComplete()).isFalse();
    assertThat(reported.outOfFold().rows()).hasSize(90);
  }

  private static Map<Integer, Integer> foldOfRow() {
    Map<Integer, Integer> folds = new LinkedHashMap<>();
    List<io.vivace.evaluate.split.Fold> all = Splitter.stratified(5).split(IRIS);
    for (int fold = 0; fold < 5; fold++) {
      folds.put(fold, all.get(fold).test()[0]);
    }
    return folds;
  }

  private static boolean lacks(
      Dataset<double[], Integer> training, Map<Integer, Integer> folds, int fold) {
    double[] row = IRIS.inputs().get(folds.get(fold));
    return training.inputs().stream().noneMatch(each -> each == row);
  }

  @Test
  void run_rowsFail_areReportedAndLeftOut() {
    Estimator<double[], Integer, Integer> picky =
        (training, context) ->
            Predictor.of(
                input -> {
                  if (input[0] > 7) {
                    throw new IllegalArgumentException("too long");
                  }
                  return 0;
                });
    CrossValidationResult<Integer> result =
        FIVE.failures(FailurePolicy.REPORT).run(picky, IRIS, CLASSES, ACCURACY);
    long tooLong = IRIS.inputs().stream().filter(input -> input[0] > 7).count();
    assertThat(result.folds().stream().mapToLong(fold -> fold.failures().size()).sum())
        .isEqualTo(tooLong);
    assertThat(result.folds().stream().flatMap(fold -> fold.failures().stream()))
        .allMatch(failure -> IRIS.inputs().get(failure.row())[0] > 7);
    assertThat(result.pooled(ACCURACY)).isCloseTo(50.0 / (150 - tooLong), within(1e-12));
    assertThatExceptionOfType(FoldFailedException.class)
        .isThrownBy(() -> FIVE.run(picky, IRIS, CLASSES, ACCURACY))
        .withMessageContaining("too long");
  }

  @Test
  void run_metricUndefinedInSomeFolds_isCounted() {
    Metric<Labels> shareOfTwos = new ShareOfTwos();
    CrossValidationResult<Integer> result =
        CrossValidation.kFold(3).run(TestEstimators.majority(), IRIS, CLASSES, shareOfTwos);
    FoldScores scores = result.scores(shareOfTwos);
    assertThat(scores.values()).containsExactly(Double.NaN, Double.NaN, 0.0);
    assertThat(scores.defined()).isEqualTo(1);
    assertThat(scores.folds()).isEqualTo(3);
    assertThat(scores.mean()).isZero();
    assertThat(scores.interval(0.95).isDefined()).isFalse();
  }

  /** The share of class 2 that is found; undefined without class 2. */
  private record ShareOfTwos() implements Metric<Labels> {
    @Override
    public String name() {
      return "twos";
    }

    @Override
    public Goal goal() {
      return Goal.MAXIMIZE;
    }

    @Override
    public double lowest() {
      return 0;
    }

    @Override
    public double highest() {
      return 1;
    }

    @Override
    public Class<Labels> batchType() {
      return Labels.class;
    }

    @Override
    public io.vivace.evaluate.metric.MetricState<Labels> newState() {
      throw new UnsupportedOperationException();
    }

    @Override
    public double of(Labels batch) {
      double twos = IntStream.range(0, batch.size()).filter(row -> batch.truth(row) == 2).count();
      double found =
          IntStream.range(0, batch.size())
              .filter(row -> batch.truth(row) == 2 && batch.prediction(row) == 2)
              .count();
      return found / twos;
    }
  }

  @Test
  void validation_isGivenAndNotLearntFrom() {
    List<int[]> sizes = Collections.synchronizedList(new ArrayList<>());
    CrossValidation.stratified(5)
        .seed(1)
        .validation(Splitter.stratifiedShuffle(1, 0.25))
        .run(
            (training, context) -> {
              Dataset<double[], Integer> held = context.validation().orElseThrow();
              assertThat(training.inputs()).doesNotContainAnyElementsOf(held.inputs());
              sizes.add(new int[] {training.size(), held.size()});
              return TestEstimators.majority().fit(training, context);
            },
            IRIS,
            CLASSES,
            ACCURACY);
    assertThat(sizes).hasSize(5).allMatch(each -> each[0] == 90 && each[1] == 30);
  }

  @Test
  void run_seeds_differByFoldAndComeFromTheSeed() {
    List<Long> seeds = Collections.synchronizedList(new ArrayList<>());
    Estimator<double[], Integer, Integer> estimator =
        (training, context) -> {
          seeds.add(context.seed());
          return TestEstimators.majority().fit(training, context);
        };
    FIVE.threads(1).run(estimator, IRIS, CLASSES, ACCURACY);
    FIVE.threads(1).run(estimator, IRIS, CLASSES, ACCURACY);
    assertThat(seeds.subList(0, 5)).doesNotHaveDuplicates().isEqualTo(seeds.subList(5, 10));
  }

  @Test
  void nested_choosesByTheTrainingPartAlone() {
    AtomicInteger calls = new AtomicInteger();
    NestedSearch<double[], Integer, double[]> search =
        (training, context) -> {
          calls.incrementAndGet();
          assertThat(training.size()).isEqualTo(120);
          CrossValidation inner = CrossValidation.stratified(3).seed(context.seed()).threads(1);
          double best = 1e3;
          double bestScore = 0;
          for (double smoothing : new double[] {1e3, 1e-9}) {
            double score =
                inner.run(TestEstimators.bayes(3, smoothing), training, ACCURACY).mean(ACCURACY);
            if (score > bestScore) {
              best = smoothing;
              bestScore = score;
            }
          }
          return new NestedSearch.Choice<>("smoothing " + best, TestEstimators.bayes(3, best));
        };
    CrossValidationResult<double[]> result =
        FIVE.nested(search, IRIS, Scorer.classification(List.of(0, 1, 2)), ACCURACY);
    assertThat(calls).hasValue(5);
    assertThat(result.folds())
        .allMatch(fold -> fold.choice().orElseThrow().equals("smoothing 1.0E-9"));
    assertThat(result.mean(ACCURACY)).isGreaterThan(0.9);
  }

  @Test
  void permutationTest_knowsSkillFromChance() {
    CrossValidation three = CrossValidation.stratified(3).seed(5);
    PermutationTest skill =
        three.permutationTest(TestEstimators.nearestCentroid(), IRIS, CLASSES, ACCURACY, 19);
    assertThat(skill.score()).isGreaterThan(0.85);
    assertThat(skill.pValue()).isEqualTo(1.0 / 20);
    assertThat(skill.shuffledScores()).hasSize(19);
    assertThat(Arrays.stream(skill.shuffledScores()).max().orElseThrow()).isLessThan(0.6);
    PermutationTest again =
        three
            .threads(1)
            .permutationTest(TestEstimators.nearestCentroid(), IRIS, CLASSES, ACCURACY, 19);
    assertThat(again.shuffledScores()).isEqualTo(skill.shuffledScores());
    // A constant answer has the same score whatever the labels.
    assertThat(
            three.permutationTest(TestEstimators.majority(), IRIS, CLASSES, ACCURACY, 9).pValue())
        .isEqualTo(1);
  }

  @Test
  void learningCurve_withSeed_mixesOrderedExamples() {
    ScoreCurve<Integer> curve =
        CrossValidation.stratified(5)
            .seed(3)
            .learningCurve(TestEstimators.nearestCentroid(), IRIS, CLASSES, ACCURACY, 0.1, 0.1, 1);
    assertThat(curve.points()).extracting(ScoreCurve.Point::parameter).containsExactly(12, 120);
    assertThat(curve.points().get(0).test().mean()).isGreaterThan(0.7);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FIVE.learningCurve(TestEstimators.nearestCentroid(), IRIS, CLASSES, ACCURACY, 1.2))
        .withMessageContaining("at most 1, but one was 1.2");
  }

  @Test
  void table_testsAgainstTheFirstByFolds() {
    Map<String, Estimator<double[], Integer, Integer>> estimators = new LinkedHashMap<>();
    estimators.put("majority", TestEstimators.majority());
    estimators.put("centroid", TestEstimators.nearestCentroid());
    estimators.put("same", TestEstimators.majority());
    MetricTable table = FIVE.repeated(2).table(estimators, IRIS, CLASSES, ACCURACY);
    assertThat(table.names()).containsExactly("majority", "centroid", "same");
    MetricTable.Cell cell = table.cell("centroid", ACCURACY);
    assertThat(cell.best()).isTrue();
    assertThat(cell.comparison().significance()).isEqualTo(Comparison.Significance.BETTER);
    assertThat(cell.comparison().test()).isEqualTo("corrected resampled t");
    assertThat(cell.interval().contains(cell.value())).isTrue();
    assertThat(table.cell("majority", ACCURACY).comparison()).isNull();
    assertThat(table.cell("same", ACCURACY).comparison().pValue()).isEqualTo(1);
    assertThat(table.cell("same", ACCURACY).comparison().significance())
        .isEqualTo(Comparison.Significance.UNDECIDED);
  }

  @Test
  void table_ofOtherFolds_isRefused() {
    Map<String, CrossValidationResult<?>> results = new LinkedHashMap<>();
    results.put("a", FIVE.run(TestEstimators.majority(), IRIS, ACCURACY));
    results.put("b", FIVE.seed(1).run(TestEstimators.majority(), IRIS, ACCURACY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CrossValidationResult.table(results))
        .withMessageContaining("result b is of other folds");
  }

  @Test
  void stopSignal_endsTheWork() {
    AtomicInteger fits = new AtomicInteger();
    Estimator<double[], Integer, Integer> counting =
        (training, context) -> {
          fits.incrementAndGet();
          context.stopSignal().throwIfRequested();
          return TestEstimators.majority().fit(training, context);
        };
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                FIVE.threads(1)
                    .failures(FailurePolicy.REPORT)
                    .stopSignal(() -> fits.get() >= 2)
                    .run(counting, IRIS, CLASSES, ACCURACY));
    assertThat(fits).hasValue(2);
  }

  @Test
  void progress_hearsEachFoldAndTheEstimator() {
    List<String> steps = new ArrayList<>();
    FIVE.threads(1)
        .progress(step -> steps.add(step.stage() + ' ' + step.done() + '/' + step.total()))
        .run(
            (training, context) -> {
              context.progress().report(new io.vivace.core.Progress.Step("epoch", 1, 1, Map.of()));
              return TestEstimators.majority().fit(training, context);
            },
            IRIS,
            CLASSES,
            ACCURACY);
    assertThat(steps).hasSize(10).startsWith("fold 1/epoch 1/1", "fold 1/5");
  }

  @Test
  void run_answersThatAreNoClass_isTheCallersFault() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FIVE.failures(FailurePolicy.REPORT)
                    .run((training, context) -> Predictor.of(input -> 7), IRIS, CLASSES, ACCURACY))
        .withMessage("answer 0 is 7, which is none of the 3 classes [0, 1, 2]");
  }

  @Test
  void run_withoutMetricOrExamples_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FIVE.run(TestEstimators.majority(), IRIS, CLASSES))
        .withMessage("give at least one metric");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FIVE.run(TestEstimators.majority(), IRIS.slice(0, 0), CLASSES, ACCURACY))
        .withMessageContaining("0 members cannot fill 5 folds");
    assertThatIllegalArgumentException().isThrownBy(() -> FIVE.threads(0));
  }

  @Test
  void provenance_namesDataSplitAndSeed() {
    Map<String, Map<String, String>> facts =
        FIVE.run(TestEstimators.majority(), IRIS, ACCURACY).provenance().facts();
    assertThat(facts.get("data")).containsEntry("data.sha256", IRIS.contentHash());
    assertThat(facts.get("settings"))
        .containsEntry("seed", "42")
        .containsEntry("split", "stratified k-fold[folds=5, seed=42]");
  }

  @Test
  void foldScores_interval_isThatOfTheCorrectedTest() {
    // Worked by hand: mean 0.8, squares 0.025 over 4 and over 5, test to training 1/4.
    FoldScores scores = new FoldScores(new double[] {0.7, 0.8, 0.9, 0.75, 0.85}, 0.25);
    double error = Math.sqrt((1.0 / 5 + 0.25) * 0.00625);
    double t = 2.7764451051977987; // 0.975 quantile at 4 degrees of freedom
    assertThat(scores.mean()).isCloseTo(0.8, within(1e-15));
    assertThat(scores.interval(0.95).lower()).isCloseTo(0.8 - t * error, within(1e-12));
    assertThat(scores.interval(0.95).upper()).isCloseTo(0.8 + t * error, within(1e-12));
    assertThat(scores.standardDeviation()).isCloseTo(Math.sqrt(0.005), within(1e-15));
  }

  @Test
  void context_withoutValidation_hasNone() {
    FIVE.run(
        (training, context) -> {
          assertThat(context.validation()).isEmpty();
          return TestEstimators.majority().fit(training, FitContext.defaults());
        },
        IRIS,
        CLASSES,
        ACCURACY);
  }

  /** Answers 0 and counts how often it was closed. */
  private static final class Tracked implements Predictor<double[], Integer> {
    private final AtomicInteger closed = new AtomicInteger();
    private final boolean broken;

    Tracked(boolean broken) {
      this.broken = broken;
    }

    @Override
    public Integer predict(double[] item) {
      return 0;
    }

    @Override
    public List<Outcome<Integer>> predictEach(List<? extends double[]> items) {
      assertThat(closed).hasValue(0);
      if (broken) {
        throw new IllegalStateException("broken");
      }
      return items.stream().map(item -> Outcome.of(0)).toList();
    }

    @Override
    public CompletableFuture<Integer> predictAsync(double[] item) {
      return CompletableFuture.completedFuture(0);
    }

    @Override
    public Signature signature() {
      return Signature.UNDECLARED;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
