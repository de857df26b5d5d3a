package io.vivace.evaluate;

import io.vivace.evaluate.metric.Batch;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.MultiLabelScores;
import io.vivace.evaluate.metric.MultiLabels;
import io.vivace.evaluate.metric.Rankings;
import io.vivace.evaluate.metric.Scores;
import io.vivace.evaluate.metric.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Turns truths and a model's answers into the arrays that metrics see. Immutable and thread-safe.
 *
 * <table>
 * <caption>Ready-made scorers</caption>
 * <tr><th>task</th><th>truth</th><th>answer</th><th>batches</th></tr>
 * <tr><td>{@link #classification}</td><td>one of the classes</td>
 *     <td>{@code Classification}, a class, or {@code double[]}/{@code float[]} of scores</td>
 *     <td>{@code Labels}, {@code Scores}</td></tr>
 * <tr><td>{@link #multiLabel}</td><td>a collection of labels</td>
 *     <td>a collection of labels or of {@code Prediction}</td><td>{@code MultiLabels}</td></tr>
 * <tr><td></td><td></td><td>{@code double[]}/{@code float[]} of a score per label</td>
 *     <td>{@code MultiLabelScores}</td></tr>
 * <tr><td>{@link #regression}</td><td colspan="2">a number, or an array of numbers (a vector, as an
 *     embedding)</td><td>{@code Values}</td></tr>
 * <tr><td>{@link #ranking}</td><td>the relevance of each candidate, an array</td>
 *     <td>the score of each</td><td>{@code Rankings}</td></tr>
 * </table>
 *
 * @param <Y> the type of the truths
 * @param <O> the type of the answers
 */
public final class Scorer<Y, O> {
  private final String task;
  private final Map<Class<?>, Maker<Y, O>> makers;

  private interface Maker<Y, O> {
    Batch make(List<? extends Y> truths, List<? extends O> answers);
  }

  private Scorer(String task, Map<Class<?>, Maker<Y, O>> makers) {
    this.task = task;
    this.makers = makers;
  }

  /**
   * Scores a choice of one class. Of two classes the second is the positive one. The class of a row
   * of scores is that of the highest; of equally high ones the lowest.
   *
   * @param classes in the order of the scores; a {@code Classification} is matched by text
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return a scorer
   * @throws IllegalArgumentException if there is no class, or one is named twice
   */
  public static <Y, O> Scorer<Y, O> classification(List<?> classes) {
    ClassIndex index = new ClassIndex(classes);
    return Scorer.<Y, O>start("classification")
        .with(Labels.class, index::labels)
        .with(Scores.class, index::scores);
  }

  /**
   * Scores a choice of any number of labels.
   *
   * @param labels all there are, in the order that figures per label have
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return a scorer
   * @throws IllegalArgumentException if there is no label, or one is named twice
   */
  public static <Y, O> Scorer<Y, O> multiLabel(List<?> labels) {
    ClassIndex index = new ClassIndex(labels);
    return Scorer.<Y, O>start("multi-label")
        .with(MultiLabels.class, index::multiLabels)
        .with(MultiLabelScores.class, index::multiLabelScores);
  }

  /**
   * Scores numbers, or vectors of one length.
   *
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return a scorer
   */
  public static <Y, O> Scorer<Y, O> regression() {
    return Scorer.<Y, O>start("regression").with(Values.class, Scorer::values);
  }

  /**
   * Scores the order of candidates; a row is a query.
   *
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @return a scorer
   */
  public static <Y, O> Scorer<Y, O> ranking() {
    return Scorer.<Y, O>start("ranking")
        .with(
            Rankings.class,
            (truths, answers) ->
                Rankings.of(Numbers.rows("truth", truths), Numbers.rows("answer", answers)));
  }

  /**
   * Makes a scorer of a function.
   *
   * @param batchType what it makes
   * @param batch makes it of truths and answers, row by row
   * @param <Y> the type of the truths
   * @param <O> the type of the answers
   * @param <B> what it makes
   * @return a scorer
   */
  public static <Y, O, B extends Batch> Scorer<Y, O> of(
      Class<B> batchType, BiFunction<List<? extends Y>, List<? extends O>, B> batch) {
    return Scorer.<Y, O>start("custom").with(batchType, batch);
  }

  private static <Y, O> Scorer<Y, O> start(String task) {
    return new Scorer<>(task, Map.of());
  }

  /** The scorer that suits the labels of a data set. */
  static <Y, O> Scorer<Y, O> byType(List<? extends Y> labels) {
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("there are no examples");
    }
    Object first = labels.get(0);
    if (first instanceof Double || first instanceof Float || Numbers.isVector(first)) {
      return regression();
    }
    return first instanceof Iterable<?>
        ? multiLabel(Universe.ofSets(labels))
        : classification(Universe.of(labels));
  }

  /**
   * Teaches this scorer another kind of batch.
   *
   * @param batchType what the function makes
   * @param batch makes it of truths and answers, row by row
   * @param <B> what it makes
   * @return a changed copy
   */
  public <B extends Batch> Scorer<Y, O> with(
      Class<B> batchType, BiFunction<List<? extends Y>, List<? extends O>, B> batch) {
    Objects.requireNonNull(batch, "batch");
    Map<Class<?>, Maker<Y, O>> more = new LinkedHashMap<>(makers);
    more.put(Objects.requireNonNull(batchType, "batchType"), batch::apply);
    return new Scorer<>(task, Map.copyOf(more));
  }

  /**
   * Makes a batch.
   *
   * @param batchType what a metric sees
   * @param truths one per row, at least one
   * @param answers one per row
   * @param <B> what a metric sees
   * @return the batch
   * @throws IllegalArgumentException if this scorer makes no such batch, or truths and answers do
   *     not fit: other lengths, a label that is no class, no score for each class
   */
  public <B extends Batch> B batch(
      Class<B> batchType, List<? extends Y> truths, List<? extends O> answers) {
    requireBatch(batchType);
    if (truths.size() != answers.size()) {
      throw new IllegalArgumentException(
          String.format("there are %,d truths and %,d answers", truths.size(), answers.size()));
    }
    return batchType.cast(Objects.requireNonNull(makers.get(batchType)).make(truths, answers));
  }

  void requireBatch(Class<?> batchType) {
    if (!makers.containsKey(batchType)) {
      throw new IllegalArgumentException(
          String.format(
              "a scorer of %s makes no %s, which the metric needs, but %s: take another metric or"
                  + " another scorer, or teach this one by with(...)",
              task,
              batchType.getSimpleName(),
              makers.keySet().stream()
                  .map(Class::getSimpleName)
                  .sorted()
                  .collect(Collectors.joining(" and "))));
    }
  }

  private static Values values(List<?> truths, List<?> answers) {
    int outputs = Numbers.isNumeric(truths.get(0)) ? Numbers.length(truths.get(0)) : 1;
    return Values.of(
        Numbers.matrix("truth", truths, outputs),
        Numbers.matrix("answer", answers, outputs),
        outputs);
  }

  /** Returns the task. */
  @Override
  public String toString() {
    return "Scorer[" + task + ']';
  }
}
