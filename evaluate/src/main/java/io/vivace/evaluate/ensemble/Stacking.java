package io.vivace.evaluate.ensemble;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.split.Fold;
import io.vivace.evaluate.split.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Learns from the answers of others: each base estimator answers every training example out of
 * fold, a last estimator learns from those answers, and the bases are then fitted to all examples.
 * Immutable; as an estimator it may be cross-validated as any other.
 *
 * <pre>{@code
 * Stacking<float[], Integer, double[], Integer> stacking =
 *     Stacking.of(List.of(forest, bayes), probabilities -> probabilities, logistic);
 * }</pre>
 *
 * <p>Source: Wolpert, "Stacked generalization", Neural Networks 5 (1992).
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #splitter(Splitter) splitter}</td><td>k-fold, 5, shuffled by the fit's seed</td></tr>
 * <tr><td>{@link #passthrough(Function) passthrough}</td><td>none</td></tr>
 * </table>
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <A> the type of the bases' answers
 * @param <O> the type of the answers
 */
public final class Stacking<X, Y, A, O> implements Estimator<X, Y, O> {
  private static final int FOLDS = 5;

  private final List<Estimator<X, Y, A>> bases;
  private final Function<? super A, double[]> features;
  private final Estimator<double[], Y, O> last;
  private final @Nullable Splitter splitter;
  private final @Nullable Function<? super X, double[]> passthrough;

  private Stacking(
      List<Estimator<X, Y, A>> bases,
      Function<? super A, double[]> features,
      Estimator<double[], Y, O> last,
      @Nullable Splitter splitter,
      @Nullable Function<? super X, double[]> passthrough) {
    this.bases = bases;
    this.features = features;
    this.last = last;
    this.splitter = splitter;
    this.passthrough = passthrough;
  }

  /**
   * Stacks estimators.
   *
   * @param bases at least one
   * @param features makes numbers of a base's answer, always equally many; of the probabilities of
   *     two classes one is enough
   * @param last learns from those numbers, base after base
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @param <A> the type of the bases' answers
   * @param <O> the type of the answers
   * @return an estimator
   * @throws IllegalArgumentException if there is no base
   */
  public static <X, Y, A, O> Stacking<X, Y, A, O> of(
      List<? extends Estimator<X, Y, A>> bases,
      Function<? super A, double[]> features,
      Estimator<double[], Y, O> last) {
    if (bases.isEmpty()) {
      throw new IllegalArgumentException("stacking needs at least one base estimator");
    }
    return new Stacking<>(
        List.copyOf(bases),
        Objects.requireNonNull(features, "features"),
        Objects.requireNonNull(last, "last"),
        null,
        null);
  }

  /**
   * Sets the folds in which bases answer.
   *
   * @param folds judges every example at least once, as k-fold, stratified or leave-one-out do; of
   *     an example that is judged several times the first answer counts
   * @return a changed copy
   */
  public Stacking<X, Y, A, O> splitter(Splitter folds) {
    return new Stacking<>(
        bases, features, last, Objects.requireNonNull(folds, "folds"), passthrough);
  }

  /**
   * Gives the last estimator the input too, before the answers.
   *
   * @param inputFeatures makes numbers of an input, always equally many
   * @return a changed copy
   */
  public Stacking<X, Y, A, O> passthrough(Function<? super X, double[]> inputFeatures) {
    return new Stacking<>(
        bases, features, last, splitter, Objects.requireNonNull(inputFeatures, "inputFeatures"));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException also if the folds leave an example unanswered
   * @throws io.vivace.core.InferenceException if a base fails on an example
   */
  @Override
  public Predictor<X, O> fit(Dataset<X, Y> training, FitContext<X, Y> context) {
    Splitter folds = splitter == null ? Splitter.kFold(FOLDS).shuffled(context.seed()) : splitter;
    List<List<A>> answers = outOfFold(training, folds.split(training), context);
    List<double[]> rows = new ArrayList<>(training.size());
    for (int row = 0; row < training.size(); row++) {
      X input = training.inputs().get(row);
      rows.add(row(input, answers.get(row)));
    }
    List<Predictor<X, A>> fitted = Fitting.all(bases, training, context);
    try {
      Predictor<double[], O> combined =
          last.fit(Dataset.of(rows, training.labels()), lastContext(context));
      return new StackedPredictor<>(fitted, combined, this::row);
    } catch (RuntimeException | Error e) {
      Fitting.close(fitted, e);
      throw e;
    }
  }

  /** Validation data is of inputs, not of answers, so the last estimator goes without. */
  private FitContext<double[], Y> lastContext(FitContext<X, Y> context) {
    return FitContext.<double[], Y>defaults()
        .seed(context.seed())
        .progress(context.progress().within("last"))
        .stopSignal(context.stopSignal());
  }

  /** The answers to each example, one per base. */
  private List<List<A>> outOfFold(
      Dataset<X, Y> training, List<Fold> folds, FitContext<X, Y> context) {
    List<@Nullable List<A>> answers = new ArrayList<>(training.size());
    for (int row = 0; row < training.size(); row++) {
      answers.add(null);
    }
    for (int i = 0; i < folds.size(); i++) {
      context.stopSignal().throwIfRequested();
      FitContext<X, Y> own = context.progress(context.progress().within("fold " + (i + 1)));
      List<Predictor<X, A>> fitted = Fitting.all(bases, folds.get(i).of(training).training(), own);
      try {
        answer(fitted, training, folds.get(i).test(), answers);
      } finally {
        fitted.forEach(Predictor::close);
      }
    }
    return complete(answers);
  }

  private void answer(
      List<Predictor<X, A>> fitted,
      Dataset<X, Y> training,
      int[] test,
      List<@Nullable List<A>> answers) {
    List<X> inputs = training.select(test).inputs();
    List<List<Outcome<A>>> outcomes =
        fitted.stream().map(predictor -> predictor.predictEach(inputs)).toList();
    for (int i = 0; i < test.length; i++) {
      int position = i;
      if (answers.get(test[i]) == null) {
        answers.set(test[i], outcomes.stream().map(ofBase -> ofBase.get(position).get()).toList());
      }
    }
  }

  private List<List<A>> complete(List<@Nullable List<A>> answers) {
    List<List<A>> complete = new ArrayList<>(answers.size());
    for (int row = 0; row < answers.size(); row++) {
      List<A> ofRow = answers.get(row);
      if (ofRow == null) {
        throw new IllegalArgumentException(
            "example "
                + row
                + " is judged in no fold; stacking needs a splitter that judges each example");
      }
      complete.add(ofRow);
    }
    return complete;
  }

  private double[] row(X input, List<A> answers) {
    List<double[]> parts = new ArrayList<>();
    if (passthrough != null) {
      parts.add(passthrough.apply(input));
    }
    answers.forEach(answer -> parts.add(features.apply(answer)));
    double[] row = new double[parts.stream().mapToInt(part -> part.length).sum()];
    int offset = 0;
    for (double[] part : parts) {
      System.arraycopy(part, 0, row, offset, part.length);
      offset += part.length;
    }
    return row;
  }

  /** Returns every option with its value. */
  @Override
  public String toString() {
    return String.format(
        "Stacking[bases=%d, splitter=%s, passthrough=%s]",
        bases.size(), splitter == null ? "k-fold 5" : splitter, passthrough != null);
  }
}
