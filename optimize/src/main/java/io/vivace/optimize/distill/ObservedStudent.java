package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.XavierInitializer;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A student whose outputs are followed by the values that are compared with a teacher's, named by
 * their number. Its parameters include the projections.
 */
final class ObservedStudent implements Network {
  private final Network student;
  private final List<Match> matches;
  private final Lesson<?> example;
  private final List<String> names;
  private final Map<String, NDArray> projections = new LinkedHashMap<>();

  ObservedStudent(Network student, List<Match> matches, Lesson<?> example) {
    this.student = student;
    this.matches = matches;
    this.example = example;
    this.names = matches.stream().flatMap(match -> match.value().stream()).distinct().toList();
  }

  static String name(int match) {
    return AttachedLoss.PREFIX + match;
  }

  private static String projection(int match) {
    return "projection." + match;
  }

  /** Compares the shapes with the teachers': what does not fit is refused before training. */
  @Override
  public void initialize(NDList inputs) {
    student.initialize(inputs);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList outputs = student.forward(inputs, false, names);
      requireScores(outputs.head().getShape());
      for (int i = 0; i < matches.size(); i++) {
        int own = outputs.size() - names.size();
        prepare(i, value(matches.get(i), inputs, outputs, own).getShape());
      }
    }
  }

  private void requireScores(Shape found) {
    for (int teacher = 0; teacher < example.answers().size(); teacher++) {
      int scores = example.answers().get(teacher).length;
      if (found.dimension() != 2 || found.get(1) != scores) {
        throw new IllegalArgumentException(
            "teacher %d gives %d scores, but the student's first output has shape %s: both must know the same classes"
                .formatted(teacher, scores, found));
      }
    }
  }

  private void prepare(int number, Shape found) {
    Match match = matches.get(number);
    Shape wanted = ValuesLoss.shape(example, number, found.get(0));
    int axis = axis(found);
    if (match.isProjected()) {
      if (found.dimension() < 2 || found.dimension() != wanted.dimension()) {
        throw new IllegalArgumentException(
            "%s cannot be projected: the student's value has shape %s, the teacher's %s"
                .formatted(match, found, wanted));
      }
      project(number, found.get(axis), wanted.get(axis));
      long[] sizes = found.getShape().clone();
      sizes[axis] = wanted.get(axis);
      check(match, new Shape(sizes), wanted);
    } else {
      check(match, found, wanted);
    }
  }

  private static void check(Match match, Shape found, Shape wanted) {
    try {
      match.loss().check(found, wanted);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(match + " cannot be compared: " + e.getMessage(), e);
    }
  }

  private void project(int number, long from, long to) {
    NDArray weight =
        new XavierInitializer()
            .initialize(student.manager(), new Shape(to, from), DataType.FLOAT32)
            .transpose(1, 0)
            .duplicate();
    NDScope.unregister(weight);
    weight.attach(student.manager());
    weight.setRequiresGradient(true);
    projections.put(projection(number), weight);
  }

  @Override
  public NDList forward(NDList inputs, boolean training) {
    return forward(inputs, training, List.of());
  }

  @Override
  public NDList forward(NDList inputs, boolean training, List<String> inner) {
    List<String> wanted =
        java.util.stream.Stream.concat(names.stream(), inner.stream()).distinct().toList();
    NDList found = student.forward(inputs, training, wanted);
    int own = found.size() - wanted.size();
    NDList outputs = new NDList(found.subList(0, own));
    inner.forEach(name -> outputs.add(found.get(own + wanted.indexOf(name))));
    for (int i = 0; i < matches.size(); i++) {
      NDArray value = projected(i, value(matches.get(i), inputs, found, own), training);
      NDArray named = value.reshape(value.getShape());
      named.setName(name(i));
      outputs.add(named);
    }
    return outputs;
  }

  /** A value of the student; those named follow its own outputs. */
  private NDArray value(Match match, NDList inputs, NDList found, int own) {
    NDArray value =
        match.value().map(name -> found.get(own + names.indexOf(name))).orElse(found.head());
    return match.mask().map(input -> averaged(value, mask(input, inputs))).orElse(value);
  }

  private NDArray mask(String input, NDList inputs) {
    List<String> known = student.signature().inputs().stream().map(TensorSpec::name).toList();
    if (!known.contains(input)) {
      throw new IllegalArgumentException(
          "the student has no input \"%s\" to average over, it has %s".formatted(input, known));
    }
    return inputs.get(known.indexOf(input));
  }

  private static NDArray averaged(NDArray value, NDArray mask) {
    if (value.getShape().dimension() != 3
        || !value.getShape().slice(0, 2).equals(mask.getShape())) {
      throw new IllegalArgumentException(
          "a value of shape %s cannot be averaged over a mask of shape %s: they must be [batch, tokens, width] and [batch, tokens]"
              .formatted(value.getShape(), mask.getShape()));
    }
    NDArray shares = mask.toType(DataType.FLOAT32, false);
    shares = shares.div(shares.sum(new int[] {1}, true).maximum(1f));
    return value.mul(shares.expandDims(2)).sum(new int[] {1});
  }

  private NDArray projected(int number, NDArray value, boolean training) {
    NDArray kept = projections.get(projection(number));
    if (kept == null) {
      return value;
    }
    NDArray weight = training ? kept : kept.stopGradient();
    return axis(value.getShape()) == 1 && value.getShape().dimension() == 4
        ? value.transpose(0, 2, 3, 1).matMul(weight).transpose(0, 3, 1, 2)
        : value.matMul(weight);
  }

  private static int axis(Shape shape) {
    return shape.dimension() == 4 ? 1 : shape.dimension() - 1;
  }

  @Override
  public Map<String, NDArray> parameters() {
    Map<String, NDArray> all = new LinkedHashMap<>(student.parameters());
    all.putAll(projections);
    return all;
  }

  @Override
  public Network trained() {
    projections.values().forEach(NDArray::close);
    projections.clear();
    return student;
  }

  @Override
  public NDManager manager() {
    return student.manager();
  }

  @Override
  public Signature signature() {
    return student.signature();
  }

  @Override
  public Map<String, NDArray> state() {
    return student.state();
  }

  @Override
  public void freeze(Predicate<String> frozen) {
    student.freeze(frozen);
  }

  @Override
  public void afterStep(long step) {
    student.afterStep(step);
  }

  @Override
  public boolean isSettled(long step) {
    return student.isSettled(step);
  }

  @Override
  public void save(Path target) {
    student.save(target);
  }

  @Override
  public void export(Path target) {
    student.export(target);
  }

  @Override
  public void close() {
    student.close();
  }
}
