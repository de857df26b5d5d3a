package io.vivace.optimize.distill;

import io.vivace.core.Predictor;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Loss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 */
public final class Distillation<X, Y> {
  private static final double USUAL_TEMPERATURE = 4;

  private final List<Predictor<X, float[]>> teachers;
  private final List<Double> shares;
  private final Loss<Y> labelLoss;
  private final double temperature;
  private final double labelWeight;
  private final double teacherWeight;
  private final Optional<Path> cache;

  private Distillation(
      List<Predictor<X, float[]>> teachers,
      List<Double> shares,
      Loss<Y> labelLoss,
      double temperature,
      double labelWeight,
      double teacherWeight,
      Optional<Path> cache) {
    this.teachers = List.copyOf(teachers);
    this.shares = List.copyOf(shares);
    this.labelLoss = labelLoss;
    this.temperature = temperature;
    this.labelWeight = labelWeight;
    this.teacherWeight = teacherWeight;
    this.cache = cache;
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
        List.of(teacher), List.of(1.0), labelLoss, USUAL_TEMPERATURE, 1, 1, Optional.empty());
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
        all, weights, labelLoss, temperature, labelWeight, teacherWeight, cache);
  }

  /**
   * Sets by how much scores are softened.
   *
   * @param degree above 0; default 4; 1 leaves the probabilities as they are
   * @return a changed copy
   * @throws IllegalArgumentException if it is not above 0
   */
  public Distillation<X, Y> temperature(double degree) {
    require("temperature", degree, Double.MIN_VALUE);
    return new Distillation<>(
        teachers, shares, labelLoss, degree, labelWeight, teacherWeight, cache);
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
    return new Distillation<>(teachers, shares, labelLoss, temperature, label, teacher, cache);
  }

  /**
   * Keeps the teachers' answers in files, so that they are computed once for the same inputs. A
   * file of other inputs, of a teacher that answers three of them otherwise, or one that is damaged
   * is written anew.
   *
   * @param file the file of the first teacher; those of others have their number appended
   * @return a changed copy
   */
  public Distillation<X, Y> cache(Path file) {
    return new Distillation<>(
        teachers, shares, labelLoss, temperature, labelWeight, teacherWeight, Optional.of(file));
  }

  /**
   * Returns the loss for a trainer of the student, whose first output is the scores.
   *
   * @return the loss
   */
  public Loss<Lesson<Y>> loss() {
    double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
    double[] weights = shares.stream().mapToDouble(share -> share / sum).toArray();
    Loss<Lesson<Y>> soft = new SoftTargets<>(temperature, weights);
    Loss<Lesson<Y>> scaled = (outputs, lessons) -> soft.of(outputs, lessons).mul(teacherWeight);
    return labelWeight == 0 ? scaled : scaled.plus(labelWeight, new KnownLabels<>(labelLoss));
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
    List<X> inputs = new ArrayList<>(labelled.inputs());
    inputs.addAll(unlabelled);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to ask the teachers about");
    }
    List<List<float[]>> answers = new ArrayList<>();
    for (int i = 0; i < teachers.size(); i++) {
      answers.add(TeacherAnswers.of(teachers.get(i), inputs, file(i)));
    }
    List<Lesson<Y>> lessons = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      int row = i;
      Optional<Y> label =
          i < labelled.size() ? Optional.of(labelled.labels().get(i)) : Optional.empty();
      lessons.add(new Lesson<>(label, answers.stream().map(all -> all.get(row)).toList()));
    }
    return Dataset.of(inputs, lessons);
  }

  private Optional<Path> file(int teacher) {
    return cache.map(
        first -> teacher == 0 ? first : first.resolveSibling(first.getFileName() + "." + teacher));
  }

  private static void require(String name, double value, double least) {
    if (!(value >= least) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be a number of at least %s, but was %s".formatted(name, least, value));
    }
  }
}
