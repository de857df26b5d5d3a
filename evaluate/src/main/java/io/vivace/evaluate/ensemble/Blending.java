package io.vivace.evaluate.ensemble;

import io.vivace.core.Estimator;
import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.data.Dataset;
import io.vivace.core.serve.Combiner;
import io.vivace.core.serve.EnsemblePredictor;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.Scorer;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Combines the answers of models by weights, and finds the weights. Immutable and thread-safe.
 *
 * <p>Weights are found on validation data, which no model may have learnt from; what they promise
 * there is too good, so judge the result on test data. Each candidate answers every validation
 * example once; examples that one of them fails on are left out and counted.
 *
 * @param <O> the type of the answers
 */
public final class Blending<O> {
  private static final int ROUNDS = 50;

  private final String name;
  private final Function<double[], Combiner<O, O>> weighted;

  private Blending(String name, Function<double[], Combiner<O, O>> weighted) {
    this.name = name;
    this.weighted = Objects.requireNonNull(weighted, "weighted");
  }

  /**
   * Averages the probabilities of each label.
   *
   * @return a blending of classifications that have every label
   */
  public static Blending<Classification> softVote() {
    return new Blending<>("soft vote", Combiner::softVote);
  }

  /**
   * Lets each model vote for its first label; of equally many votes the lower label wins.
   *
   * @return a blending of classifications
   */
  public static Blending<Classification> hardVote() {
    return new Blending<>("hard vote", Combiner::hardVote);
  }

  /**
   * Lets each model vote for a class; of equally many votes the lower class wins.
   *
   * @return a blending of class numbers
   */
  public static Blending<Integer> majority() {
    return new Blending<>("majority", Combiner::majority);
  }

  /**
   * Averages arrays element by element: probabilities, embeddings.
   *
   * @return a blending of arrays of one length
   */
  public static Blending<float[]> average() {
    return new Blending<>("average", Combiner::weightedAverage);
  }

  /**
   * Averages arrays element by element, in double precision.
   *
   * @return a blending of arrays of one length
   */
  public static Blending<double[]> averageOfDoubles() {
    return new Blending<>("average", DoublesAverage::new);
  }

  /**
   * Averages numbers.
   *
   * @return a blending of numbers
   */
  public static Blending<Double> mean() {
    return new Blending<>("mean", Combiner::weightedMean);
  }

  /**
   * Combines answers in another way.
   *
   * @param weighted makes the combiner of the weights, one per model, each at least 0, sum 1
   * @param <O> the type of the answers
   * @return a blending
   */
  public static <O> Blending<O> of(Function<double[], Combiner<O, O>> weighted) {
    return new Blending<>("custom", weighted);
  }

  /**
   * Makes an estimator of several: all learn from the same examples, and their models answer with
   * equal weights.
   *
   * @param estimators at least one; fitted one after the other
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return an estimator, which cross-validation may judge as any other
   * @throws IllegalArgumentException if there is none
   */
  public <X, Y> Estimator<X, Y, O> estimator(List<? extends Estimator<X, Y, O>> estimators) {
    List<Estimator<X, Y, O>> own = List.copyOf(estimators);
    if (own.isEmpty()) {
      throw new IllegalArgumentException("give at least one estimator");
    }
    return (training, context) -> {
      List<Predictor<X, O>> fitted = Fitting.all(own, training, context);
      return EnsemblePredictor.of(fitted, weighted.apply(equal(fitted.size())));
    };
  }

  /**
   * Combines models with equal weights.
   *
   * @param candidates at least one, open
   * @param <X> the type of the inputs
   * @return a predictor that owns the models
   * @throws IllegalArgumentException if there is none
   */
  public <X> Predictor<X, O> equal(List<? extends Candidate<X, ? extends O>> candidates) {
    requireSome(candidates);
    return predictor(candidates, equal(candidates.size()));
  }

  /**
   * Finds weights on validation data: starts from the best of equal weights, each model alone and
   * greedy selection, then moves weight from one model to another as long as the metric gains, by
   * steps that halve from 1/4 down to 1/256.
   *
   * @param candidates at least one, open
   * @param validation examples that no model has learnt from
   * @param scorer turns truths and answers into what the metric sees
   * @param metric what to improve
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the weights and the ensemble; never worse on the validation data than the best model
   * @throws IllegalArgumentException if there is no candidate, no example that all answer, or the
   *     metric is undefined for every blend
   */
  public <X, Y> Blend<X, O> weights(
      List<? extends Candidate<X, ? extends O>> candidates,
      Dataset<X, Y> validation,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric) {
    BlendScore<Y, O> score = score(candidates, validation, scorer, metric);
    WeightSearch search = new WeightSearch(score, metric.goal(), candidates.size());
    return blend(candidates, score, search.best(selection(score, candidates.size()).best(ROUNDS)));
  }

  /**
   * Selects greedily, up to 50 rounds; see {@link #greedy(List, Dataset, Scorer, Metric, int)}.
   *
   * @param candidates at least one, open
   * @param validation examples that no model has learnt from
   * @param scorer turns truths and answers into what the metric sees
   * @param metric what to improve
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the weights and the ensemble
   * @throws IllegalArgumentException if there is no candidate, no example that all answer, or the
   *     metric is undefined for every blend
   */
  public <X, Y> Blend<X, O> greedy(
      List<? extends Candidate<X, ? extends O>> candidates,
      Dataset<X, Y> validation,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric) {
    return greedy(candidates, validation, scorer, metric, ROUNDS);
  }

  /**
   * Selects greedily: in each round the model is added, for another time or the first, with which
   * the ensemble is best (of equal ones that added least often); of the ensembles of all rounds the
   * best is taken, of equal ones the smaller. A model's weight is how often it was added.
   *
   * <p>Source: Caruana et al., "Ensemble selection from libraries of models", ICML 2004.
   *
   * @param candidates at least one, open
   * @param validation examples that no model has learnt from
   * @param scorer turns truths and answers into what the metric sees
   * @param metric what to improve
   * @param rounds at least 1
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the weights and the ensemble; never worse on the validation data than the best model
   * @throws IllegalArgumentException if {@code rounds} is below 1, there is no candidate, no
   *     example that all answer, or the metric is undefined for every blend
   */
  public <X, Y> Blend<X, O> greedy(
      List<? extends Candidate<X, ? extends O>> candidates,
      Dataset<X, Y> validation,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric,
      int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, but was " + rounds);
    }
    BlendScore<Y, O> score = score(candidates, validation, scorer, metric);
    return blend(candidates, score, selection(score, candidates.size()).best(rounds));
  }

  private static GreedySelection selection(BlendScore<?, ?> score, int candidates) {
    Metric<?> metric = score.metric();
    return new GreedySelection(score, metric.goal(), candidates, metric.best());
  }

  private <X, Y> BlendScore<Y, O> score(
      List<? extends Candidate<X, ? extends O>> candidates,
      Dataset<X, Y> validation,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric) {
    requireSome(candidates);
    return BlendScore.of(candidates, validation, scorer, metric, weighted);
  }

  private <X, Y> Blend<X, O> blend(
      List<? extends Candidate<X, ? extends O>> candidates,
      BlendScore<Y, O> score,
      double[] weights) {
    double value = score.applyAsDouble(weights);
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("the metric is undefined for every blend");
    }
    return Blend.of(name, candidates, weights, value, score, predictor(candidates, weights));
  }

  /** Models without weight are not asked. */
  private <X> Predictor<X, O> predictor(
      List<? extends Candidate<X, ? extends O>> candidates, double[] weights) {
    List<Predictor<X, O>> used = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        used.add(widened(candidates.get(i).predictor()));
      }
    }
    double[] positive = Arrays.stream(weights).filter(weight -> weight > 0).toArray();
    return EnsemblePredictor.of(used, weighted.apply(positive));
  }

  @SuppressWarnings("unchecked") // a predictor only gives answers out
  private static <X, O> Predictor<X, O> widened(Predictor<X, ? extends O> predictor) {
    return (Predictor<X, O>) predictor;
  }

  private static void requireSome(List<?> candidates) {
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("give at least one candidate");
    }
  }

  private static double[] equal(int count) {
    double[] weights = new double[count];
    Arrays.fill(weights, 1.0 / count);
    return weights;
  }

  @Override
  public String toString() {
    return "Blending[" + name + ']';
  }
}
