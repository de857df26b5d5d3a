package io.vivace.optimize.distill;

import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.train.Loss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a small network, the student, learns from larger models, the teachers. Immutable: each
 * option returns a changed copy.
 *
 * <p>The loss is that of Hinton et al. (Distilling the Knowledge in a Neural Network, 2015): {@code
 * a * L(label) + b * T^2 * KL(softmax(t / T) || softmax(s / T))}, the mean over the rows, where s
 * are the student's scores and t a teacher's. The factor T squared keeps the size of the gradients
 * when the temperature changes. Several teachers are averaged after the softmax. Rows without a
 * label have the second part only.
 *
 * <pre>{@code
 * Distillation<float[], Integer> lessons =
 *     Distillation.from(teacher, Loss.crossEntropy()).temperature(4);
 * Trainer<float[], Lesson<Integer>, float[]> trainer =
 *     Trainer.block(() -> student())
 *         .input(input).output(VectorOutput.floats()).loss(lessons.loss()).build();
 * trainer.fit(lessons.of(labelled, unlabelled));
 * }</pre>
 *
 * <p>A student also learns from values: those inside a teacher, or a teacher's embeddings. What is
 * compared with what, how, and what that counts says a {@link Match}; each adds to the loss above.
 *
 * <pre>{@code
 * Distillation<String, Integer> sentences =
 *     Distillation.<String, Integer>fromValues()
 *         .match(
 *             Match.of("last_hidden_state", ValueLoss.cosine()).averagedOver("attention_mask"),
 *             embedder);
 * }</pre>
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 */
public final class Distillation<X, Y> {
  private static final double USUAL_TEMPERATURE = 4;
  private static final double LEAST_TEMPERATURE = 0.001;
  private static final double LARGEST_TEMPERATURE = 100;

  private final List<Predictor<X, float[]>> teachers;
  private final List<Double> shares;
  private final Loss<Y> labelLoss;
  private final double temperature;
  private final double labelWeight;
  private final double teacherWeight;
  private final Optional<Path> cache;
  private final List<Comparison<X>> comparisons;

  private Distillation(
      List<Predictor<X, float[]>> teachers,
      List<Double> shares,
      Loss<Y> labelLoss,
      double temperature,
      double labelWeight,
      double teacherWeight,
      Optional<Path> cache,
      List<Comparison<X>> comparisons) {
    this.teachers = List.copyOf(teachers);
    this.shares = List.copyOf(shares);
    this.labelLoss = labelLoss;
    this.temperature = temperature;
    this.labelWeight = labelWeight;
    this.teacherWeight = teacherWeight;
    this.cache = cache;
    this.comparisons = List.copyOf(comparisons);
  }

  /**
   * Takes a teacher, with a temperature of 4 and both losses at a weight of 1.
   *
   * @param teacher gives scores before the softmax, one per class; on any engine. It stays open
   * @param labelLoss the loss of the labels, where there are any
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels
   * @return the distillation
   */
  public static <X, Y> Distillation<X, Y> from(Predictor<X, float[]> teacher, Loss<Y> labelLoss) {
    return new Distillation<>(
        List.of(teacher),
        List.of(1.0),
        labelLoss,
        USUAL_TEMPERATURE,
        1,
        1,
        Optional.empty(),
        List.of());
  }

  /**
   * Starts without scores and without labels: for {@linkplain #match matches} alone.
   *
   * @param <X> the type of the inputs
   * @param <Y> the type of the labels, which are not used
   * @return the distillation, to be given at least one match
   */
  public static <X, Y> Distillation<X, Y> fromValues() {
    return new Distillation<>(
        List.of(),
        List.of(),
        (outputs, labels) -> outputs.head().sum().mul(Loss.number(outputs.head(), 0)),
        USUAL_TEMPERATURE,
        0,
        1,
        Optional.empty(),
        List.of());
  }

  /**
   * Compares a value of the student with a teacher's embedding, or its scores.
   *
   * @param match which value, how, and what it counts
   * @param teacher gives vectors of one length; on any engine. It stays open
   * @return a changed copy
   */
  public Distillation<X, Y> match(Match match, Predictor<X, float[]> teacher) {
    return with(new Comparison<>(match, teacher, Optional.empty()));
  }

  /**
   * Compares a value of the student with one of a teacher's outputs, of any shape. {@link
   * InnerOutputs} makes an output of a value inside an ONNX model. The teacher is asked for each
   * match; all its values are kept in memory.
   *
   * @param match which value, how, and what it counts
   * @param teacher gives its outputs by name, as with {@code TensorOutput}; on any engine. It stays
   *     open
   * @param output which of them; of the same shape for all inputs
   * @return a changed copy
   */
  public Distillation<X, Y> match(
      Match match, Predictor<X, Map<String, Tensor>> teacher, String output) {
    return with(new Comparison<>(match, teacher, Optional.of(output)));
  }

  /** Labels alone, without any teacher: what the first of several generations learns from. */
  static <X, Y> Distillation<X, Y> fromLabels(Loss<Y> labelLoss) {
    return new Distillation<>(
        List.of(), List.of(), labelLoss, USUAL_TEMPERATURE, 1, 1, Optional.empty(), List.of());
  }

  private Distillation<X, Y> with(Comparison<X> comparison) {
    List<Comparison<X>> all = new ArrayList<>(comparisons);
    all.add(comparison);
    return new Distillation<>(
        teachers, shares, labelLoss, temperature, labelWeight, teacherWeight, cache, all);
  }

  /**
   * Adds a teacher.
   *
   * @param teacher knows the same classes as the others
   * @param share its weight beside the others, above 0; the first one's is 1
   * @return a changed copy
   * @throws IllegalArgumentException if the share is not above 0
   */
  public Distillation<X, Y> teacher(Predictor<X, float[]> teacher, double share) {
    require("share", share, Double.MIN_VALUE);
    List<Predictor<X, float[]>> all = new ArrayList<>(teachers);
    all.add(teacher);
    List<Double> weights = new ArrayList<>(shares);
    weights.add(share);
    return new Distillation<>(
        all, weights, labelLoss, temperature, labelWeight, teacherWeight, cache, comparisons);
  }

  /**
   * Sets by how much scores are softened.
   *
   * @param degree from 0.001 to 100; default 4; 1 leaves the probabilities as they are
   * @return a changed copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Distillation<X, Y> temperature(double degree) {
    requireTemperature(degree);
    return new Distillation<>(
        teachers, shares, labelLoss, degree, labelWeight, teacherWeight, cache, comparisons);
  }

  /**
   * Sets what the two losses count.
   *
   * @param label the weight of the labels' loss, at least 0; default 1
   * @param teacher the weight of the teachers' loss, at least 0; default 1
   * @return a changed copy
   * @throws IllegalArgumentException if one is below 0
   */
  public Distillation<X, Y> weights(double label, double teacher) {
    require("label weight", label, 0);
    require("teacher weight", teacher, 0);
    return new Distillation<>(
        teachers, shares, labelLoss, temperature, label, teacher, cache, comparisons);
  }

  /**
   * Keeps the teachers' answers in files, so that they are computed once for the same inputs. A
   * file of other inputs, of a teacher that answers three of them otherwise, or one that is damaged
   * is written anew.
   *
   * @param file the file of the first teacher; those of others have their number appended, those of
   *     matches {@code .match} and theirs
   * @return a changed copy
   */
  public Distillation<X, Y> cache(Path file) {
    return new Distillation<>(
        teachers,
        shares,
        labelLoss,
        temperature,
        labelWeight,
        teacherWeight,
        Optional.of(file),
        comparisons);
  }

  /**
   * Returns the loss for a trainer of the student, whose first output is the scores where a teacher
   * gives scores. What does not fit the student is refused before the first step.
   *
   * @return the loss
   * @throws IllegalStateException if there is neither a teacher nor a match
   */
  public Loss<Lesson<Y>> loss() {
    List<DistillationLoss.Term<Y>> terms = new ArrayList<>();
    if (!teachers.isEmpty()) {
      double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
      double[] weights = shares.stream().mapToDouble(share -> share / sum).toArray();
      terms.add(
          new DistillationLoss.Term<>(teacherWeight, new SoftTargets<>(temperature, weights)));
    }
    if (labelWeight > 0) {
      terms.add(new DistillationLoss.Term<>(labelWeight, new KnownLabels<>(labelLoss)));
    }
    List<Match> matches = comparisons.stream().map(Comparison::match).toList();
    if (!matches.isEmpty()) {
      terms.add(new DistillationLoss.Term<>(1, new ValuesLoss<>(matches)));
    }
    if (terms.isEmpty()) {
      throw new IllegalStateException("there is nothing to learn from: add a teacher or a match");
    }
    return new DistillationLoss<>(List.copyOf(terms), labelLoss, teachers.size(), matches);
  }

  /**
   * Asks the teachers about labelled examples.
   *
   * @param labelled examples with their labels
   * @return the examples with the teachers' answers
   * @throws IllegalArgumentException if the teachers' answers differ in length or are not finite
   */
  public Dataset<X, Lesson<Y>> of(Dataset<X, Y> labelled) {
    return of(labelled, List.of());
  }

  /**
   * Asks the teachers about labelled examples and about inputs without a label.
   *
   * @param labelled examples with their labels; may be empty
   * @param unlabelled further inputs; may be empty
   * @return all examples with the teachers' answers, the labelled ones first
   * @throws IllegalArgumentException if there are none, or the teachers' answers differ in length
   *     or are not finite
   */
  public Dataset<X, Lesson<Y>> of(Dataset<X, Y> labelled, List<X> unlabelled) {
    return of(labelled, unlabelled, FitContext.defaults());
  }

  /**
   * Asks the teachers as {@link #of(Dataset, List)}, which can take long, in the sight of a
   * listener and a stop signal: all are asked before training starts, 64 inputs at a time.
   *
   * <p>After each of those it reports, stage {@code teacher}, how many answers there are of all
   * that the teachers and matches are to give, and looks at the signal. The file of a teacher that
   * was not asked to the end is as it was, or not there; those of teachers before it are whole and
   * are used when it is asked again.
   *
   * @param labelled examples with their labels; may be empty
   * @param unlabelled further inputs; may be empty
   * @param context progress and stop signal; the rest is not looked at
   * @return all examples with the teachers' answers, the labelled ones first
   * @throws IllegalArgumentException if there are none, or the teachers' answers differ in length
   *     or are not finite
   * @throws java.util.concurrent.CancellationException if the stop signal was given before the end
   */
  public Dataset<X, Lesson<Y>> of(
      Dataset<X, Y> labelled, List<X> unlabelled, FitContext<?, ?> context) {
    List<X> inputs = new ArrayList<>(labelled.inputs());
    inputs.addAll(unlabelled);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to ask the teachers about");
    }
    context.stopSignal().throwIfRequested();
    Asking asking =
        new Asking(context, (long) inputs.size() * (teachers.size() + comparisons.size()));
    List<List<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < teachers.size(); i++) {
      answers.add(TeacherAnswers.of(teachers.get(i), inputs, file(i), asking));
    }
    List<List<Tensor>> values = new ArrayList<>();
    for (int i = 0; i < comparisons.size(); i++) {
      values.add(comparisons.get(i).values(inputs, valuesFile(i), asking));
    }
    List<Lesson<Y>> lessons = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      int row = i;
      Optional<Y> label =
          i < labelled.size() ? Optional.of(labelled.labels().get(i)) : Optional.empty();
      lessons.add(
          new Lesson<>(
              label,
              answers.stream().map(all -> all.get(row)).toList(),
              values.stream().map(all -> all.get(row)).toList()));
    }
    return Dataset.of(inputs, lessons);
  }

  private Optional<Path> file(int teacher) {
    return cache.map(
        first -> teacher == 0 ? first : first.resolveSibling(first.getFileName() + "." + teacher));
  }

  private Optional<Path> valuesFile(int match) {
    return cache.map(first -> first.resolveSibling(first.getFileName() + ".match" + match));
  }

  static void requireTemperature(double value) {
    if (!(value >= LEAST_TEMPERATURE && value <= LARGEST_TEMPERATURE)) {
      throw new IllegalArgumentException(
          "the temperature must be from %s to %s, but was %s"
              .formatted(LEAST_TEMPERATURE, LARGEST_TEMPERATURE, value));
    }
  }

  static void require(String name, double value, double least) {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be a number of at least %s, but was %s".formatted(name, least, value));
    }
  }
}
