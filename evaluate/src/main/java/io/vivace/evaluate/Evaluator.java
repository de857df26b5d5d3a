package io.vivace.evaluate;

import io.vivace.core.Predictor;
import io.vivace.core.Provenance;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges models by metrics on one test set. Immutable: each option returns a changed copy.
 *
 * <pre>{@code
 * MetricTable table =
 *     Evaluator.classification(labels)
 *         .metrics(ACCURACY, F1.macro())
 *         .candidate("fp32", fp32)
 *         .candidate("int8", int8)
 *         .on(testSet);
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #level(double) level}</td><td>0.95</td></tr>
 * <tr><td>{@link #resamples(int) resamples}</td><td>1,000</td></tr>
 * <tr><td>{@link #seed(long) seed}</td><td>42</td></tr>
 * <tr><td>{@link #weights(double...) weights}</td><td>every example counts 1</td></tr>
 * <tr><td>{@link #groups(List) groups}</td><td>examples do not depend on each other</td></tr>
 * <tr><td>{@link #failures(FailurePolicy) failures}</td><td>REPORT</td></tr>
 * </table>
 *
 * @param <Y> the type of the truths
 * @param <O> the type of the answers
 */
public final class Evaluator<Y, O> {
  private static final int DEFAULT_RESAMPLES = 1_000;
  private static final int FEWEST_RESAMPLES = 100;
  private static final long DEFAULT_SEED = 42;

  private final Scorer<Y, O> scorer;
  private final List<Metric<?>> metrics;
  private final RowBootstrap bootstrap;
  private final RowWeights weights;
  private final FailurePolicy failures;

  private Evaluator(
      Scorer<Y, O> scorer,
      List<Metric<?>> metrics,
      RowBootstrap bootstrap,
      RowWeights weights,
      FailurePolicy failures) {
    this.weights = weights;
    this.scorer = Objects.requireNonNull(scorer, "scorer");
    this.metrics = metrics;
    this.bootstrap = bootstrap;
    this.failures = Objects.requireNonNull(failures, "failures");
  }

  /**
   * Judges by a scorer.
   *
   * @param scorer turns truths and answers into what metrics see
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return an evaluator without metrics
   */
  public static <Y, O> Evaluator<Y, O> of(Scorer<Y, O> scorer) {
    return new Evaluator<>(
        scorer,
        List.of(),
        new RowBootstrap(Figure.LEVEL, DEFAULT_RESAMPLES, DEFAULT_SEED, null),
        RowWeights.EQUAL,
        FailurePolicy.REPORT);
  }

  /**
   * Judges a choice of one class; see {@link Scorer#classification}.
   *
   * @param classes in the order of the scores
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return an evaluator without metrics
   * @throws IllegalArgumentException if there is no class, or one is named twice
   */
  public static <Y, O> Evaluator<Y, O> classification(List<? extends Y> classes) {
    return of(Scorer.classification(classes));
  }

  /**
   * Judges a choice of any number of labels; see {@link Scorer#multiLabel}.
   *
   * @param labels all there are
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return an evaluator without metrics
   * @throws IllegalArgumentException if there is no label, or one is named twice
   */
  public static <Y, O> Evaluator<Y, O> multiLabel(List<?> labels) {
    return of(Scorer.multiLabel(labels));
  }

  /**
   * Judges numbers or vectors; see {@link Scorer#regression}.
   *
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return an evaluator without metrics
   */
  public static <Y, O> Evaluator<Y, O> regression() {
    return of(Scorer.regression());
  }

  /**
   * Judges the order of candidates; see {@link Scorer#ranking}.
   *
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return an evaluator without metrics
   */
  public static <Y, O> Evaluator<Y, O> ranking() {
    return of(Scorer.ranking());
  }

  /**
   * Adds metrics.
   *
   * @param more metrics that the scorer makes batches for
   * @return a changed copy
   * @throws IllegalArgumentException if it makes none, or a metric is given twice
   */
  public Evaluator<Y, O> metrics(Metric<?>... more) {
    List<Metric<?>> all = new ArrayList<>(metrics);
    all.addAll(List.of(more));
    return new Evaluator<>(scorer, Metrics.checked(scorer, all), bootstrap, weights, failures);
  }

  /**
   * Sets the confidence level of intervals and tests. At 0.95 each metric has the interval that
   * suits it ({@link Metric#interval}); at another level it is a BCa bootstrap.
   *
   * @param level above 0 and below 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Evaluator<Y, O> level(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level must be above 0 and below 1, but was " + level);
    }
    return with(
        new RowBootstrap(level, bootstrap.resamples(), bootstrap.seed(), bootstrap.groups()));
  }

  /**
   * Sets how often rows are drawn anew for paired tests.
   *
   * @param times at least 100; or 0 for neither tests nor intervals
   * @return a changed copy
   * @throws IllegalArgumentException if it is another number
   */
  public Evaluator<Y, O> resamples(int times) {
    if (times < FEWEST_RESAMPLES && times != 0) {
      throw new IllegalArgumentException(
          "resamples must be 0 or at least " + FEWEST_RESAMPLES + ", but was " + times);
    }
    return with(new RowBootstrap(bootstrap.level(), times, bootstrap.seed(), bootstrap.groups()));
  }

  /**
   * Sets where the draws of paired tests come from.
   *
   * @param seed any number; the same seed and answers give the same table
   * @return a changed copy
   */
  public Evaluator<Y, O> seed(long seed) {
    return with(
        new RowBootstrap(bootstrap.level(), bootstrap.resamples(), seed, bootstrap.groups()));
  }

  /**
   * Says how much each example counts in the metrics.
   *
   * @param perExample one for each example of the test set, finite and at least 0; copied
   * @return a changed copy, for test sets of that size
   * @throws IllegalArgumentException if a weight is negative, NaN or infinite
   */
  public Evaluator<Y, O> weights(double... perExample) {
    return new Evaluator<>(scorer, metrics, bootstrap, RowWeights.of(perExample), failures);
  }

  /**
   * Says which examples depend on each other, such as those of one user, document or session.
   * Intervals and paired tests then draw whole groups: those that take the rows for independent are
   * too narrow. Every interval is a BCa bootstrap then; with fewer than some 50 groups it is still
   * too narrow.
   *
   * @param perExample the group of each example of the test set, by {@code equals}; copied
   * @return a changed copy, for test sets of that size
   */
  public Evaluator<Y, O> groups(List<?> perExample) {
    return with(
        new RowBootstrap(
            bootstrap.level(), bootstrap.resamples(), bootstrap.seed(), List.copyOf(perExample)));
  }

  private Evaluator<Y, O> with(RowBootstrap changed) {
    return new Evaluator<>(scorer, metrics, changed, weights, failures);
  }

  /**
   * Says what to do with examples that a model fails on.
   *
   * @param policy whether to report them or give up
   * @return a changed copy
   */
  public Evaluator<Y, O> failures(FailurePolicy policy) {
    return new Evaluator<>(scorer, metrics, bootstrap, weights, policy);
  }

  /**
   * Names the first candidate.
   *
   * @param name what the table calls it
   * @param predictor the model, open; not closed here
   * @param <X> the type of the inputs
   * @return candidates to add others to
   */
  public <X> Candidates<X, Y, O> candidate(String name, Predictor<X, ? extends O> predictor) {
    return candidate(Candidate.of(name, predictor));
  }

  /**
   * Names the first candidate.
   *
   * @param candidate the model, open; not closed here
   * @param <X> the type of the inputs
   * @return candidates to add others to
   */
  public <X> Candidates<X, Y, O> candidate(Candidate<X, ? extends O> candidate) {
    return new Candidates<X, Y, O>(this, List.of(), null).candidate(candidate);
  }

  /**
   * Judges one model.
   *
   * @param name what to call it
   * @param predictor the model, open; not closed here
   * @param data the test set
   * @param <X> the type of the inputs
   * @return what it is worth
   * @throws IllegalArgumentException if there are no metrics or no examples, or truths and answers
   *     do not fit each other or a metric
   * @throws io.vivace.core.InferenceException if an example fails and the policy is to give up
   */
  public <X> Evaluation evaluate(
      String name, Predictor<X, ? extends O> predictor, Dataset<X, ? extends Y> data) {
    Candidate<X, O> candidate = Candidate.of(name, predictor);
    requireWork(data);
    return evaluate(candidate, data, provenance(data));
  }

  private <X> Evaluation evaluate(
      Candidate<X, ? extends O> candidate, Dataset<X, ? extends Y> data, Provenance provenance) {
    Answers<O> answers = Answers.of(candidate.predictor(), data.inputs(), failures);
    int[] rows = answers.answered();
    Batches batches =
        Batches.of(scorer, metrics, answers.truths(data), answers.values()).weighted(weights, rows);
    Map<Column, Figure> figures = new LinkedHashMap<>();
    for (Metric<?> metric : metrics) {
      figures.put(
          Column.of(metric),
          new Figure(batches.value(metric), bootstrap.interval(metric, batches, rows)));
    }
    return new Evaluation(
        candidate.name(), answers, batches, figures, Facts.model(provenance, candidate));
  }

  private void requireWork(Dataset<?, ?> data) {
    Metrics.requireSome(metrics);
    if (data.isEmpty()) {
      throw new IllegalArgumentException("there are no examples to judge with");
    }
    weights.check(data.size());
    bootstrap.check(data.size());
  }

  private Provenance provenance(Dataset<?, ?> data) {
    return Facts.data(Provenance.now(), "test", data)
        .seed(bootstrap.seed())
        .setting("metrics", Metrics.names(metrics))
        .setting("level", bootstrap.level())
        .setting("resamples", bootstrap.resamples())
        .setting("weights", weights.isEqual() ? "equal" : "given")
        .setting("groups", bootstrap.groups() == null ? "none" : "given")
        .setting("failures", failures);
  }

  /**
   * Models to be judged on the same test set. Immutable.
   *
   * @param <X> the type of the inputs
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   */
  public static final class Candidates<X, Y, O> {
    private final Evaluator<Y, O> evaluator;
    private final List<Candidate<X, ? extends O>> candidates;
    private final @Nullable String baseline;

    private Candidates(
        Evaluator<Y, O> evaluator,
        List<Candidate<X, ? extends O>> candidates,
        @Nullable String baseline) {
      this.evaluator = evaluator;
      this.candidates = candidates;
      this.baseline = baseline;
    }

    /**
     * Adds a candidate.
     *
     * @param name what the table calls it
     * @param predictor the model, open; not closed here
     * @return a changed copy
     * @throws IllegalArgumentException if there is one of that name
     */
    public Candidates<X, Y, O> candidate(String name, Predictor<X, ? extends O> predictor) {
      return candidate(Candidate.of(name, predictor));
    }

    /**
     * Adds a candidate.
     *
     * @param candidate the model, open; not closed here
     * @return a changed copy
     * @throws IllegalArgumentException if there is one of that name
     */
    public Candidates<X, Y, O> candidate(Candidate<X, ? extends O> candidate) {
      if (names().contains(candidate.name())) {
        throw new IllegalArgumentException("two candidates are called " + candidate.name());
      }
      List<Candidate<X, ? extends O>> more = new ArrayList<>(candidates);
      more.add(candidate);
      return new Candidates<>(evaluator, List.copyOf(more), baseline);
    }

    /**
     * Says which candidate the others are tested against.
     *
     * <p>Default: the first.
     *
     * @param name one of the candidates
     * @return a changed copy
     * @throws IllegalArgumentException if there is none of that name
     */
    public Candidates<X, Y, O> baseline(String name) {
      if (!names().contains(name)) {
        throw new IllegalArgumentException("no candidate " + name + ", but " + names());
      }
      return new Candidates<>(evaluator, candidates, name);
    }

    private List<String> names() {
      return candidates.stream().map(Candidate::name).toList();
    }

    /**
     * Judges them, one after the other.
     *
     * @param data the test set
     * @return models by metrics
     * @throws IllegalArgumentException if there are no metrics or no examples, or truths and
     *     answers do not fit each other or a metric
     * @throws io.vivace.core.InferenceException if an example fails and the policy is to give up
     */
    public MetricTable on(Dataset<X, ? extends Y> data) {
      evaluator.requireWork(data);
      Provenance provenance = evaluator.provenance(data);
      Map<String, Evidence> evidence = new LinkedHashMap<>();
      Map<String, Evaluation> evaluations = new LinkedHashMap<>();
      Provenance all = provenance;
      for (Candidate<X, ? extends O> candidate : candidates) {
        Evaluation evaluation = evaluator.evaluate(candidate, data, provenance);
        evaluations.put(candidate.name(), evaluation);
        evidence.put(candidate.name(), new EvaluationEvidence(evaluation, evaluator.bootstrap));
        all = Facts.model(all, candidate);
      }
      String first = baseline == null ? candidates.get(0).name() : baseline;
      return MetricTable.of(evidence, evaluations, first, evaluator.bootstrap.level(), all);
    }
  }
}
