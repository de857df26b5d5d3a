package io.vivace.evaluate.ensemble;

import io.vivace.core.Outcome;
import io.vivace.core.data.Dataset;
import io.vivace.core.serve.Combiner;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.Scorer;
import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Scores weights by what the models answered to the validation data, once. */
final class BlendScore<Y, O> implements ToDoubleFunction<double[]> {
  private final List<List<O>> answers;
  private final List<Y> truths;
  private final int leftOut;
  private final Scorer<? super Y, ? super O> scorer;
  private final Metric<?> metric;
  private final Function<double[], Combiner<O, O>> weighted;

  private BlendScore(
      List<List<O>> answers,
      List<Y> truths,
      int leftOut,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric,
      Function<double[], Combiner<O, O>> weighted) {
    this.answers = answers;
    this.truths = truths;
    this.leftOut = leftOut;
    this.scorer = scorer;
    this.metric = metric;
    this.weighted = weighted;
  }

  static <X, Y, O> BlendScore<Y, O> of(
      List<? extends Candidate<X, ? extends O>> candidates,
      Dataset<X, Y> validation,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric,
      Function<double[], Combiner<O, O>> weighted) {
    List<List<? extends Outcome<? extends O>>> outcomes = new ArrayList<>();
    for (Candidate<X, ? extends O> candidate : candidates) {
      outcomes.add(candidate.predictor().predictEach(validation.inputs()));
    }
    int[] rows =
        IntStream.range(0, validation.size())
            .filter(row -> outcomes.stream().allMatch(each -> each.get(row).isAnswered()))
            .toArray();
    if (rows.length == 0) {
      throw new IllegalArgumentException(
          "none of "
              + validation.size()
              + " validation examples is answered by every candidate, so no weights can be found");
    }
    List<List<O>> answers = new ArrayList<>();
    for (int row : rows) {
      List<O> ofRow = new ArrayList<>();
      outcomes.forEach(each -> ofRow.add(each.get(row).get()));
      answers.add(ofRow);
    }
    return new BlendScore<>(
        answers,
        validation.select(rows).labels(),
        validation.size() - rows.length,
        scorer,
        metric,
        weighted);
  }

  /** The metric of the blend; models without weight are left out, as in the ensemble. */
  @Override
  public double applyAsDouble(double[] weights) {
    int[] used = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
    Combiner<O, O> combiner =
        weighted.apply(Arrays.stream(used).mapToDouble(i -> weights[i]).toArray());
    List<O> combined =
        answers.stream()
            .map(row -> combiner.combine(Arrays.stream(used).mapToObj(row::get).toList()))
            .toList();
    return value(metric, combined);
  }

  private <B extends Batch> double value(Metric<B> each, List<O> combined) {
    return each.of(scorer.batch(each.batchType(), truths, combined));
  }

  int examples() {
    return truths.size();
  }

  int leftOut() {
    return leftOut;
  }

  Metric<?> metric() {
    return metric;
  }
}
