package io.vivace.evaluate;

import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.split.Fold;
import io.vivace.evaluate.split.Members;
import io.vivace.evaluate.split.Splitter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Learns from one part, judges by the other, closes the model. Thread-safe.
 *
 * @param data all examples
 * @param members their strata and groups
 * @param scorer turns truths and answers into batches
 * @param metrics what to compute
 * @param weights how much each example counts in metrics
 * @param failures whether a failed fold ends the work
 * @param validation cuts the validation data off the training part, if it is wanted
 * @param withTraining whether metrics of the training part are wanted too
 */
record FoldRun<X, Y, O>(
    Dataset<X, Y> data,
    Members members,
    Scorer<? super Y, ? super O> scorer,
    List<Metric<?>> metrics,
    RowWeights weights,
    FailurePolicy failures,
    @Nullable Splitter validation,
    boolean withTraining) {

  FoldResult<O> of(NestedSearch<X, Y, O> search, Fold fold, FitContext<X, Y> context) {
    long start = System.nanoTime();
    Attempt<X, Y, O> attempt;
    try {
      attempt = attempt(search, fold, context);
    } catch (CancellationException | ScoringException e) {
      throw e;
    } catch (RuntimeException e) {
      if (failures == FailurePolicy.THROW) {
        throw e;
      }
      return FoldResult.failed(fold, e, System.nanoTime() - start);
    }
    return attempt.result(this, fold);
  }

  private Attempt<X, Y, O> attempt(
      NestedSearch<X, Y, O> search, Fold fold, FitContext<X, Y> context) {
    int[] all = fold.training();
    int[] learnt = all;
    FitContext<X, Y> own = context;
    if (validation != null) {
      Fold inner = validation.split(members.select(all)).get(0);
      own = context.validation(inner.of(data.select(all)).heldOut());
      learnt = Arrays.stream(inner.training()).map(i -> all[i]).toArray();
    }
    Dataset<X, Y> training = data.select(learnt);
    long start = System.nanoTime();
    NestedSearch.Choice<X, Y, O> choice = search.search(training, own);
    try (Predictor<X, O> predictor = fitted(choice, training, own)) {
      long fitted = System.nanoTime();
      Answers<O> answers = Answers.of(predictor, data.select(fold.test()).inputs(), failures);
      long answered = System.nanoTime();
      Map<Column, Double> trainingValues =
          withTraining
              ? values(Answers.of(predictor, training.inputs(), failures), learnt)
              : Map.of();
      return new Attempt<>(
          answers, trainingValues, fitted - start, answered - fitted, choice.description());
    }
  }

  private static <X, Y, O> Predictor<X, O> fitted(
      NestedSearch.Choice<X, Y, O> choice, Dataset<X, Y> training, FitContext<X, Y> context) {
    Predictor<X, O> predictor = choice.estimator().fit(training, context);
    if (predictor == null) {
      throw new IllegalStateException("the estimator returned no predictor");
    }
    return predictor;
  }

  /** What was learnt and answered, not yet judged. */
  private record Attempt<X, Y, O>(
      Answers<O> answers,
      Map<Column, Double> trainingValues,
      long fitNanos,
      long predictNanos,
      String choice) {
    FoldResult<O> result(FoldRun<X, Y, O> run, Fold fold) {
      return new FoldResult<>(
          fold,
          answers,
          null,
          run.values(answers, fold.test()),
          trainingValues,
          fitNanos,
          predictNanos,
          choice.isEmpty() ? null : choice);
    }
  }

  private Map<Column, Double> values(Answers<O> answers, int[] examples) {
    try {
      int[] rows = Arrays.stream(answers.answered()).map(i -> examples[i]).toArray();
      Batches batches =
          Batches.of(scorer, metrics, data.select(rows).labels(), answers.values())
              .weighted(weights, rows);
      Map<Column, Double> values = new LinkedHashMap<>();
      for (Metric<?> metric : metrics) {
        values.put(Column.of(metric), batches.value(metric));
      }
      return values;
    } catch (IllegalArgumentException e) {
      throw new ScoringException(e);
    }
  }

  /** Truths, answers and metrics do not fit each other: no other fold would fare better. */
  static final class ScoringException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ScoringException(IllegalArgumentException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
