package io.vivace.evaluate;

import io.vivace.core.Estimator;
import io.vivace.core.Predictor;
import io.vivace.core.Progress;
import io.vivace.core.StopSignal;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.metric.Metric;
import io.vivace.evaluate.split.SeededSplitter;
import io.vivace.evaluate.split.Splitter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Learns and judges on several folds. Immutable and thread-safe: each option returns a changed
 * copy.
 *
 * <pre>{@code
 * CrossValidationResult<String> result =
 *     CrossValidation.stratified(5).seed(42).run(estimator, data, ACCURACY, F1.macro());
 * result.scores(ACCURACY).mean();
 * }</pre>
 *
 * <p>Same data, estimator and options give the same result for any number of threads.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #seed(long) seed}</td><td>folds not shuffled; estimators seeded from 42</td></tr>
 * <tr><td>{@link #repeated(int) repeated}</td><td>once</td></tr>
 * <tr><td>{@link #groups(List) groups}</td><td>none</td></tr>
 * <tr><td>{@link #strata(List) strata}</td><td>the labels</td></tr>
 * <tr><td>{@link #weights(double...) weights}</td><td>every example counts 1</td></tr>
 * <tr><td>{@link #validation(double) validation}</td><td>none</td></tr>
 * <tr><td>{@link #threads(int) threads}</td><td>available processors</td></tr>
 * <tr><td>{@link #failures(FailurePolicy) failures}</td><td>THROW</td></tr>
 * <tr><td>{@link #progress(Progress) progress}</td><td>nobody listens</td></tr>
 * <tr><td>{@link #stopSignal(StopSignal) stopSignal}</td><td>never given</td></tr>
 * </table>
 *
 * <p>Every method that runs throws {@link IllegalArgumentException} if the data cannot be split so,
 * there is no metric, or truths, answers and metrics do not fit each other; {@link
 * FoldFailedException} if an estimator or its model fails and the policy is to give up; and {@link
 * java.util.concurrent.CancellationException} after the stop signal. Predictors are closed as soon
 * as they have answered.
 */
public final class CrossValidation {
  private final FoldPlan plan;
  private final FoldWork work;

  private CrossValidation(FoldPlan plan, FoldWork work) {
    this.plan = plan;
    this.work = work;
  }

  /**
   * Uses a splitter.
   *
   * @param splitter cuts the folds
   * @return a cross-validation with default options
   */
  public static CrossValidation of(Splitter splitter) {
    return new CrossValidation(
        new FoldPlan(
            Objects.requireNonNull(splitter, "splitter"), null, null, null, RowWeights.EQUAL, null),
        new FoldWork(
            Runtime.getRuntime().availableProcessors(),
            FailurePolicy.THROW,
            Progress.none().guarded(),
            StopSignal.never()));
  }

  /**
   * Uses {@link Splitter#kFold}.
   *
   * @param folds how many, at least 2
   * @return a cross-validation with default options
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  public static CrossValidation kFold(int folds) {
    return of(Splitter.kFold(folds));
  }

  /**
   * Uses {@link Splitter#stratified}.
   *
   * @param folds how many, at least 2
   * @return a cross-validation with default options
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  public static CrossValidation stratified(int folds) {
    return of(Splitter.stratified(folds));
  }

  /**
   * Uses {@link Splitter#group}.
   *
   * @param folds how many, at least 2
   * @param groups the group of each example
   * @return a cross-validation with default options
   * @throws IllegalArgumentException if {@code folds} is below 2
   */
  public static CrossValidation group(int folds, List<?> groups) {
    return of(Splitter.group(folds)).groups(groups);
  }

  /**
   * Shuffles the folds, if the splitter can, and seeds the estimators: each fold from this seed and
   * its number.
   *
   * @param seed any number
   * @return a changed copy
   */
  public CrossValidation seed(long seed) {
    return with(plan.withSeed(seed));
  }

  /**
   * Repeats all folds, each time shuffled in another way.
   *
   * @param times at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1, or the splitter cannot shuffle
   */
  public CrossValidation repeated(int times) {
    if (!(plan.splitter() instanceof SeededSplitter shuffling)) {
      throw new IllegalArgumentException(
          plan.splitter() + " cannot shuffle, so each repetition would be the same");
    }
    return with(plan.withSplitter(shuffling.repeated(times)));
  }

  /**
   * Says which group each example belongs to.
   *
   * @param groups one per example
   * @return a changed copy
   */
  public CrossValidation groups(List<?> groups) {
    return with(plan.withGroups(groups));
  }

  /**
   * Stratifies by something else than the labels.
   *
   * @param strata one per example
   * @return a changed copy
   */
  public CrossValidation strata(List<?> strata) {
    return with(plan.withStrata(strata));
  }

  /**
   * Says how much each example counts in the metrics. Estimators do not see it.
   *
   * @param weights one per example, finite and at least 0; copied
   * @return a changed copy
   * @throws IllegalArgumentException if a weight is negative, NaN or infinite
   */
  public CrossValidation weights(double... weights) {
    return with(plan.withWeights(RowWeights.of(weights)));
  }

  /**
   * Gives estimators validation data, as for early stopping: a random part of the training part,
   * which they then do not learn from.
   *
   * @param fraction its share, above 0 and below 1
   * @return a changed copy
   * @throws IllegalArgumentException if the fraction is out of range
   */
  public CrossValidation validation(double fraction) {
    return validation(Splitter.shuffle(1, fraction));
  }

  /**
   * Gives estimators validation data by a splitter: the judged part of the first fold that it cuts
   * the training part into.
   *
   * @param splitter such as {@code Splitter.stratifiedShuffle(1, 0.2)}
   * @return a changed copy
   */
  public CrossValidation validation(Splitter splitter) {
    return with(plan.withValidation(Objects.requireNonNull(splitter, "splitter")));
  }

  /**
   * Sets how many folds are worked on at a time. Estimators that use several threads of their own
   * want fewer.
   *
   * @param threads at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 1
   */
  public CrossValidation threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
    }
    return with(new FoldWork(threads, work.failures(), work.progress(), work.stop()));
  }

  /**
   * Says what to do with a fold whose estimator fails, and with an example that its model fails on.
   *
   * @param policy whether to report them or give up
   * @return a changed copy
   */
  public CrossValidation failures(FailurePolicy policy) {
    Objects.requireNonNull(policy, "policy");
    return with(new FoldWork(work.threads(), policy, work.progress(), work.stop()));
  }

  /**
   * Sets who hears of each fold.
   *
   * @param listener hears a step {@code fold} with the metrics' values, and what estimators report
   * @return a changed copy
   */
  public CrossValidation progress(Progress listener) {
    return with(new FoldWork(work.threads(), work.failures(), listener.guarded(), work.stop()));
  }

  /**
   * Sets what ends the work.
   *
   * @param signal the signal; estimators get it too
   * @return a changed copy
   */
  public CrossValidation stopSignal(StopSignal signal) {
    Objects.requireNonNull(signal, "signal");
    return with(new FoldWork(work.threads(), work.failures(), work.progress(), signal));
  }

  private CrossValidation with(FoldPlan changed) {
    return new CrossValidation(changed, work);
  }

  private CrossValidation with(FoldWork changed) {
    return new CrossValidation(plan, changed);
  }

  /**
   * Learns and judges on every fold. What metrics see is chosen by the type of the labels: numbers
   * with a fraction and vectors are regression, collections are multi-label, everything else is
   * classification, with the distinct labels in their natural order as classes.
   *
   * @param estimator learns
   * @param data the examples
   * @param metrics at least one
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return what came of it
   */
  public <X, Y, O> CrossValidationResult<O> run(
      Estimator<X, Y, O> estimator, Dataset<X, Y> data, Metric<?>... metrics) {
    return run(estimator, data, Scorer.byType(data.labels()), metrics);
  }

  /**
   * Learns and judges on every fold.
   *
   * @param estimator learns
   * @param data the examples
   * @param scorer turns truths and answers into what metrics see
   * @param metrics at least one
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return what came of it
   */
  public <X, Y, O> CrossValidationResult<O> run(
      Estimator<X, Y, O> estimator,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?>... metrics) {
    return this.<X, Y, O>loop(data, scorer, metrics).result(FoldLoop.plain(estimator));
  }

  /**
   * Judges a model that is ready on every fold, without learning.
   *
   * @param predictor the model, open; not closed here
   * @param data the examples
   * @param scorer turns truths and answers into what metrics see
   * @param metrics at least one
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return what came of it
   */
  public <X, Y, O> CrossValidationResult<O> judge(
      Predictor<X, O> predictor,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?>... metrics) {
    return run((training, context) -> new Borrowed<>(predictor), data, scorer, metrics);
  }

  /**
   * Nested cross-validation: in every outer fold an inner search chooses an estimator by the
   * training part alone, and what it chose is judged by the other part. So the score is that of the
   * search with all its choices.
   *
   * @param search the inner search
   * @param data the examples
   * @param scorer turns truths and answers into what metrics see
   * @param metrics at least one
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return what came of it; each fold names its choice
   */
  public <X, Y, O> CrossValidationResult<O> nested(
      NestedSearch<X, Y, O> search,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?>... metrics) {
    return this.<X, Y, O>loop(data, scorer, metrics).result(search);
  }

  /**
   * Puts several estimators side by side, on the same folds.
   *
   * @param estimators by name, in the order of the map; the others are tested against the first
   * @param data the examples
   * @param scorer turns truths and answers into what metrics see
   * @param metrics at least one
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return means over folds
   */
  public <X, Y, O> MetricTable table(
      Map<String, ? extends Estimator<X, Y, O>> estimators,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?>... metrics) {
    Map<String, CrossValidationResult<O>> results = new LinkedHashMap<>();
    estimators.forEach(
        (name, estimator) -> results.put(name, run(estimator, data, scorer, metrics)));
    return CrossValidationResult.table(results);
  }

  /**
   * Shows what more examples bring: learns from parts of each training part, its first examples, in
   * random order if a {@linkplain #seed seed} is given.
   *
   * @param estimator learns
   * @param data the examples
   * @param scorer turns truths and answers into what the metric sees
   * @param metric the metric
   * @param fractions shares of the smallest training part, above 0 and at most 1
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return a point per number of examples, ascending
   */
  public <X, Y, O> ScoreCurve<Integer> learningCurve(
      Estimator<X, Y, O> estimator,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric,
      double... fractions) {
    return this.<X, Y, O>loop(data, scorer, metric).learningCurve(estimator, fractions);
  }

  /**
   * Shows what a parameter of an estimator does.
   *
   * @param values the values of the parameter
   * @param estimators makes the estimator of a value
   * @param data the examples
   * @param scorer turns truths and answers into what the metric sees
   * @param metric the metric
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @param <P> the type of the parameter
   * @return a point per value, in the order given
   */
  public <X, Y, O, P> ScoreCurve<P> validationCurve(
      List<P> values,
      Function<P, Estimator<X, Y, O>> estimators,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric) {
    return this.<X, Y, O>loop(data, scorer, metric).validationCurve(values, estimators);
  }

  /**
   * Tests whether the score could come about by chance: shuffles the labels (within groups, if
   * there are any) and cross-validates again.
   *
   * @param estimator learns
   * @param data the examples
   * @param scorer turns truths and answers into what the metric sees
   * @param metric the metric
   * @param shuffles how often, at least 1; the least p-value is {@code 1 / (shuffles + 1)}
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <O> the type of the answers
   * @return the scores and the p-value
   */
  public <X, Y, O> PermutationTest permutationTest(
      Estimator<X, Y, O> estimator,
      Dataset<X, Y> data,
      Scorer<? super Y, ? super O> scorer,
      Metric<?> metric,
      int shuffles) {
    return this.<X, Y, O>loop(data, scorer, metric).permutationTest(estimator, shuffles);
  }

  private <X, Y, O> FoldLoop<X, Y, O> loop(
      Dataset<X, Y> data, Scorer<? super Y, ? super O> scorer, Metric<?>... metrics) {
    return new FoldLoop<>(plan, work, data, scorer, List.of(metrics));
  }
}
