package io.vivace.optimize.distill;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Progress;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.Signature;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A network that teaches itself, generation by generation: born-again networks (Furlanello et al.,
 * Born Again Neural Networks, 2018, section 3). Immutable: each option returns a changed copy.
 *
 * <p>The first generation learns from the labels alone. Each further one starts afresh, with the
 * same architecture, and learns from the labels and from the scores of the one before it, by the
 * loss of {@link Distillation}: {@code a * L(label) + b * T^2 * KL(softmax(t / T) || softmax(s /
 * T))}, where t are the scores of generation k - 1 and s those of generation k. Inputs without a
 * label, if there are any, are learnt from beginning with the second generation.
 *
 * <pre>{@code
 * SelfDistillation<float[], Integer> again =
 *     SelfDistillation.<float[], Integer>of(
 *         Loss.crossEntropy(),
 *         loss -> Trainer.block(() -> network())
 *             .input(input).output(VectorOutput.floats()).loss(loss).build());
 * try (SelfTaughtModel<float[]> best = again.fit(training, context.validation(heldOut))) {
 *   best.model().export(file);
 * }
 * }</pre>
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #generations generations}</td><td>3</td></tr>
 * <tr><td>{@link #temperature temperature}</td><td>1, as in the paper</td></tr>
 * <tr><td>{@link #weights weights}</td><td>1 and 1</td></tr>
 * <tr><td>{@link #unlabelled unlabelled}</td><td>none</td></tr>
 * <tr><td>{@link #maximize maximize}</td><td>the label loss is made small</td></tr>
 * </table>
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 */
public final class SelfDistillation<X, Y> implements Estimator<X, Y, float[]> {
  private static final int USUAL_GENERATIONS = 3;
  private static final int MOST_GENERATIONS = 100;

  private final Loss<Y> labelLoss;
  private final Function<Loss<Lesson<Y>>, Trainer<X, Lesson<Y>, float[]>> network;
  private final int generations;
  private final double temperature;
  private final double labelWeight;
  private final double teacherWeight;
  private final List<X> unlabelled;
  private final @Nullable ToDoubleBiFunction<List<Y>, List<float[]>> metric;

  private SelfDistillation(
      Loss<Y> labelLoss,
      Function<Loss<Lesson<Y>>, Trainer<X, Lesson<Y>, float[]>> network,
      int generations,
      double temperature,
      double labelWeight,
      double teacherWeight,
      List<X> unlabelled,
      @Nullable ToDoubleBiFunction<List<Y>, List<float[]>> metric) {
    this.labelLoss = labelLoss;
    this.network = network;
    this.generations = generations;
    this.temperature = temperature;
    this.labelWeight = labelWeight;
    this.teacherWeight = teacherWeight;
    this.unlabelled = List.copyOf(unlabelled);
    this.metric = metric;
  }

  /**
   * Takes the network.
   *
   * @param labelLoss the loss of the labels
   * @param network makes the trainer of each generation, with the loss that it is given; its
   *     answers are scores before the softmax, one per class
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the self-distillation, with every option at its default
   */
  public static <X, Y> SelfDistillation<X, Y> of(
      Loss<Y> labelLoss, Function<Loss<Lesson<Y>>, Trainer<X, Lesson<Y>, float[]>> network) {
    Objects.requireNonNull(labelLoss, "labelLoss");
    Objects.requireNonNull(network, "network");
    return new SelfDistillation<>(labelLoss, network, USUAL_GENERATIONS, 1, 1, 1, List.of(), null);
  }

  /**
   * Sets how many networks are trained, one after another.
   *
   * @param count from 2 to 100; default 3
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SelfDistillation<X, Y> generations(int count) {
    if (count < 2 || count > MOST_GENERATIONS) {
      throw new IllegalArgumentException(
          "there must be from 2 to %d generations, but were %d: one alone is a Trainer"
              .formatted(MOST_GENERATIONS, count));
    }
    return new SelfDistillation<>(
        labelLoss, network, count, temperature, labelWeight, teacherWeight, unlabelled, metric);
  }

  /**
   * Sets by how much scores are softened.
   *
   * @param degree from 0.001 to 100; default 1, which leaves the probabilities as they are
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SelfDistillation<X, Y> temperature(double degree) {
    Distillation.requireTemperature(degree);
    return new SelfDistillation<>(
        labelLoss, network, generations, degree, labelWeight, teacherWeight, unlabelled, metric);
  }

  /**
   * Sets what the two losses count from the second generation on.
   *
   * @param label the weight of the labels' loss, at least 0; default 1
   * @param teacher the weight of the predecessor's loss, at least 0; default 1
   * @return a changed copy
   * @throws IllegalArgumentException if one is below 0 or not finite
   */
  public SelfDistillation<X, Y> weights(double label, double teacher) {
    Distillation.require("label weight", label, 0);
    Distillation.require("teacher weight", teacher, 0);
    return new SelfDistillation<>(
        labelLoss, network, generations, temperature, label, teacher, unlabelled, metric);
  }

  /**
   * Adds inputs without a label, which the second and later generations learn from, too.
   *
   * @param inputs the inputs; take the place of those before; default: none
   * @return a changed copy
   */
  public SelfDistillation<X, Y> unlabelled(List<X> inputs) {
    return new SelfDistillation<>(
        labelLoss, network, generations, temperature, labelWeight, teacherWeight, inputs, metric);
  }

  /**
   * Sets by what the best generation is chosen on the validation data.
   *
   * @param score of the truth and of the answers, in the same order; the largest is the best, and
   *     NaN is never; default: the negative label loss of all validation examples
   * @return a changed copy
   */
  public SelfDistillation<X, Y> maximize(ToDoubleBiFunction<List<Y>, List<float[]>> score) {
    return new SelfDistillation<>(
        labelLoss,
        network,
        generations,
        temperature,
        labelWeight,
        teacherWeight,
        unlabelled,
        Objects.requireNonNull(score, "score"));
  }

  /**
   * Trains all generations and keeps the one that is best on the validation data; of equally good
   * ones the earliest. Without validation data the last one is kept.
   *
   * <p>Each generation has a seed of its own, which is the context's plus its number from 0. Its
   * trainer judges with the context's validation data too, by the generation's own loss: that is
   * what early stopping watches. Reports all that the trainer does, the stage led by {@code
   * generation 1} and so on, and after each generation the stage {@code generation} with its {@code
   * score} where there is validation data.
   *
   * @param training the labelled examples, at least one
   * @param context validation data, seed, progress and stop signal, which ends the asking of a
   *     predecessor as well
   * @return the best generation, to be closed by the caller
   * @throws IllegalArgumentException if there are no examples, the trainer's model has other inputs
   *     or outputs than the generation before, or its scores do not fit the labels
   * @throws io.vivace.optimize.train.TrainingException as for {@link Trainer#fit(Dataset,
   *     FitContext)}
   * @throws java.util.concurrent.CancellationException if the stop signal was given before the end
   */
  @Override
  public SelfTaughtModel<X> fit(Dataset<X, Y> training, FitContext<X, Y> context) {
    if (training.isEmpty()) {
      throw new IllegalArgumentException(
          "there are no labelled examples for the first generation to learn from");
    }
    try (Generations<X, Y> line = new Generations<>(context.validation(), this::score)) {
      for (int number = 1; number <= generations; number++) {
        context.stopSignal().throwIfRequested();
        TrainedModel<X, float[]> child = child(line.last(), number, training, context);
        double score = line.add(child, number);
        requireSame(line.signature(), child.signature(), number);
        report(context.progress(), number, score);
      }
      return line.takeBest();
    }
  }

  /**
   * Trains with {@linkplain FitContext#defaults() the defaults}, and keeps the last generation.
   *
   * @param training the labelled examples, at least one
   * @return the last generation, to be closed by the caller
   * @throws IllegalArgumentException as for {@link #fit(Dataset, FitContext)}
   */
  @Override
  public SelfTaughtModel<X> fit(Dataset<X, Y> training) {
    return fit(training, FitContext.defaults());
  }

  private TrainedModel<X, float[]> child(
      Optional<TrainedModel<X, float[]>> parent,
      int number,
      Dataset<X, Y> training,
      FitContext<X, Y> context) {
    Progress progress = context.progress().within("generation " + number);
    FitContext<X, Lesson<Y>> own =
        FitContext.<X, Lesson<Y>>defaults()
            .seed(context.seed() + number - 1)
            .stopSignal(context.stopSignal())
            .progress(progress);
    Distillation<X, Y> lessons =
        parent
            .map(
                teacher ->
                    Distillation.from(teacher, labelLoss)
                        .temperature(temperature)
                        .weights(labelWeight, teacherWeight))
            .orElseGet(() -> Distillation.fromLabels(labelLoss));
    Dataset<X, Lesson<Y>> examples =
        lessons.of(training, parent.isPresent() ? unlabelled : List.of(), own);
    Optional<Dataset<X, Lesson<Y>>> judges =
        context
            .validation()
            .filter(part -> !part.isEmpty())
            .map(part -> lessons.of(part, List.of(), own));
    return network.apply(lessons.loss()).fit(examples, judges.map(own::validation).orElse(own));
  }

  private double score(List<Y> truth, List<float[]> answers) {
    return metric != null
        ? metric.applyAsDouble(truth, answers)
        : -Generations.loss(labelLoss, truth, answers);
  }

  private static void requireSame(Signature first, Signature found, int number) {
    if (!first.equals(found)) {
      throw new IllegalArgumentException(
          "generation %d is not the same network as the first: it has %s, the first %s; give trainers of one architecture"
              .formatted(number, found, first));
    }
  }

  private void report(Progress progress, int number, double score) {
    Map<String, Double> values = Double.isNaN(score) ? Map.of() : Map.of("score", score);
    progress.report(new Progress.Step("generation", number, generations, values));
  }
}
