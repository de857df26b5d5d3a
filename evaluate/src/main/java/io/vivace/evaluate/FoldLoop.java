package io.vivace.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Progress;
import io.vivace.core.Provenance;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.internal.SeededRandom;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.split.Fold;
import io.vivace.evaluate.split.Members;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One cross-validation at work.
 *
 * @param plan how data is cut
 * @param work how folds are worked off
 * @param data all examples
 * @param scorer turns truths and answers into batches
 * @param metrics what to compute, at least one
 */
record FoldLoop<X, Y, O>(
    FoldPlan plan,
    FoldWork work,
    Dataset<X, Y> data,
    Scorer<? super Y, ? super O> scorer,
    List<Metric<?>> metrics) {
  FoldLoop {
    Metrics.requireSome(metrics);
    metrics = Metrics.checked(scorer, metrics);
  }

  CrossValidationResult<O> result(NestedSearch<X, Y, O> search) {
    Members members = plan.members(data);
    List<Fold> folds = plan.folds(members);
    FoldRun<X, Y, O> run = run(data, members, false);
    Tasks tasks = new Tasks(work.threads(), work.stop());
    AtomicLong done = new AtomicLong();
    List<FoldResult<O>> results =
        tasks.run(
            folds.size(),
            i -> {
              FoldResult<O> result = fold(run, search, folds, i, i, tasks);
              report(done.incrementAndGet(), folds.size(), result);
              return result;
            });
    return new CrossValidationResult<>(
        results, metrics, OutOfFold.of(data.size(), results), pooled(results), provenance());
  }

  private FoldRun<X, Y, O> run(Dataset<X, Y> examples, Members members, boolean withTraining) {
    return new FoldRun<>(
        examples,
        members,
        scorer,
        metrics,
        plan.weights(),
        work.failures(),
        plan.validation(),
        withTraining);
  }

  private FoldResult<O> fold(
      FoldRun<X, Y, O> run,
      NestedSearch<X, Y, O> search,
      List<Fold> folds,
      int index,
      int task,
      Tasks tasks) {
    FitContext<X, Y> context =
        FitContext.<X, Y>defaults()
            .seed(plan.derived(index))
            .progress(work.progress().within("fold " + (index + 1)))
            .stopSignal(tasks.signal(task));
    try {
      return run.of(search, folds.get(index), context);
    } catch (CancellationException | FoldRun.ScoringException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new FoldFailedException(index, folds.size(), e);
    }
  }

  private void report(long done, long total, FoldResult<O> result) {
    Map<String, Double> values = new LinkedHashMap<>();
    metrics.forEach(metric -> values.put(metric.name(), result.value(metric)));
    work.progress().report(new Progress.Step("fold", done, total, values));
  }

  private Batches pooled(List<FoldResult<O>> results) {
    List<Y> truths = new ArrayList<>();
    List<O> answers = new ArrayList<>();
    IntStream.Builder examples = IntStream.builder();
    for (FoldResult<O> result : results) {
      if (result.error().isEmpty()) {
        int[] test = result.fold().test();
        truths.addAll(result.requireAnswers().truths(data.select(test)));
        answers.addAll(result.requireAnswers().values());
        Arrays.stream(result.requireAnswers().answered()).forEach(i -> examples.add(test[i]));
      }
    }
    return Batches.of(scorer, metrics, truths, answers)
        .weighted(plan.weights(), examples.build().toArray());
  }

  Provenance provenance() {
    return plan.addTo(Facts.data(Provenance.now(), "data", data))
        .setting("metrics", Metrics.names(metrics))
        .setting("failures", work.failures());
  }

  /** One point per number of examples: the first so many of each training part. */
  ScoreCurve<Integer> learningCurve(Estimator<X, Y, O> estimator, double[] fractions) {
    Members members = plan.members(data);
    List<Fold> folds = shuffled(plan.folds(members));
    int least = folds.stream().mapToInt(Fold::trainingSize).min().orElseThrow();
    int[] sizes = sizes(fractions, least);
    List<List<Fold>> cut = new ArrayList<>();
    for (int size : sizes) {
      cut.add(
          folds.stream()
              .map(fold -> new Fold(Arrays.copyOf(fold.training(), size), fold.test()))
              .toList());
    }
    return curve(
        IntStream.of(sizes).boxed().toList(), size -> estimator, cut, run(data, members, true));
  }

  /** Ordered examples would give the first points one class alone; with a seed they are mixed. */
  private List<Fold> shuffled(List<Fold> folds) {
    if (plan.seed() == null) {
      return folds;
    }
    List<Fold> mixed = new ArrayList<>();
    for (Fold fold : folds) {
      SeededRandom random = new SeededRandom(plan.derived(-1L - mixed.size()));
      mixed.add(new Fold(random.shuffle(fold.training()), fold.test()));
    }
    return mixed;
  }

  private static int[] sizes(double[] fractions, int least) {
    if (fractions.length == 0) {
      throw new IllegalArgumentException("give at least one fraction of the training part");
    }
    return Arrays.stream(fractions)
        .mapToInt(
            fraction -> {
              if (!(fraction > 0 && fraction <= 1)) {
                throw new IllegalArgumentException(
                    "fractions must be above 0 and at most 1, but one was " + fraction);
              }
              return Math.max(1, (int) (fraction * least));
            })
        .distinct()
        .sorted()
        .toArray();
  }

  /** One point per value of a parameter. */
  <P> ScoreCurve<P> validationCurve(List<P> values, Function<P, Estimator<X, Y, O>> estimators) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("give at least one value of the parameter");
    }
    Members members = plan.members(data);
    List<Fold> folds = plan.folds(members);
    List<List<Fold>> same = values.stream().map(value -> folds).toList();
    return curve(values, estimators, same, run(data, members, true));
  }

  private <P> ScoreCurve<P> curve(
      List<P> parameters,
      Function<P, Estimator<X, Y, O>> estimators,
      List<List<Fold>> foldsOf,
      FoldRun<X, Y, O> run) {
    int folds = foldsOf.get(0).size();
    Tasks tasks = new Tasks(work.threads(), work.stop());
    List<FoldResult<O>> results =
        tasks.run(
            parameters.size() * folds,
            task -> {
              int point = task / folds;
              Estimator<X, Y, O> estimator = estimators.apply(parameters.get(point));
              return fold(run, plain(estimator), foldsOf.get(point), task % folds, task, tasks);
            });
    Column column = Column.of(metrics.get(0));
    List<ScoreCurve.Point<P>> points = new ArrayList<>();
    for (int point = 0; point < parameters.size(); point++) {
      List<FoldResult<O>> own = results.subList(point * folds, (point + 1) * folds);
      double ratio = CrossValidationResult.testToTraining(own);
      points.add(
          new ScoreCurve.Point<>(
              parameters.get(point),
              new FoldScores(
                  own.stream().mapToDouble(r -> r.trainingValue(column)).toArray(), ratio),
              CrossValidationResult.scores(column, own)));
    }
    return new ScoreCurve<>(metrics.get(0), points, provenance());
  }

  /**
   * The score with labels as they are, then with labels shuffled, within groups if there are any.
   */
  PermutationTest permutationTest(Estimator<X, Y, O> estimator, int shuffles) {
    if (shuffles < 1) {
      throw new IllegalArgumentException("shuffles must be at least 1, but was " + shuffles);
    }
    Tasks tasks = new Tasks(work.threads(), work.stop());
    List<Double> scores =
        tasks.run(shuffles + 1, task -> meanScore(estimator, shuffledLabels(task), task, tasks));
    return new PermutationTest(
        metrics.get(0),
        scores.get(0),
        scores.stream().skip(1).mapToDouble(Double::doubleValue).toArray(),
        provenance().setting("shuffles", shuffles));
  }

  private double meanScore(
      Estimator<X, Y, O> estimator, Dataset<X, Y> examples, int task, Tasks tasks) {
    Members members = plan.members(examples);
    List<Fold> folds = plan.folds(members);
    FoldRun<X, Y, O> run = run(examples, members, false);
    List<FoldResult<O>> results = new ArrayList<>();
    for (int i = 0; i < folds.size(); i++) {
      results.add(fold(run, plain(estimator), folds, i, task, tasks));
    }
    return CrossValidationResult.scores(Column.of(metrics.get(0)), results).mean();
  }

  private Dataset<X, Y> shuffledLabels(int shuffle) {
    if (shuffle == 0) {
      return data;
    }
    SeededRandom random = new SeededRandom(plan.derived(-1L - shuffle));
    int[] order = new int[data.size()];
    for (int[] together : together()) {
      int[] mixed = random.shuffle(together.clone());
      for (int i = 0; i < together.length; i++) {
        order[together[i]] = mixed[i];
      }
    }
    return Dataset.lazy(data.size(), data.inputs()::get, row -> data.labels().get(order[row]));
  }

  /** The rows among which labels are exchanged. */
  private List<int[]> together() {
    List<?> groups = plan.groups();
    if (groups == null) {
      return List.of(IntStream.range(0, data.size()).toArray());
    }
    Map<Object, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      rows.computeIfAbsent(groups.get(row), group -> new ArrayList<>()).add(row);
    }
    return rows.values().stream()
        .map(each -> each.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  static <X, Y, O> NestedSearch<X, Y, O> plain(Estimator<X, Y, O> estimator) {
    return (training, context) -> new NestedSearch.Choice<>("", estimator);
  }
}
