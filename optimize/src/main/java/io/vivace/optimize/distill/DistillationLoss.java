package io.vivace.optimize.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.internal.AttachedLoss;
import io.vivace.optimize.train.internal.Network;
import java.util.List;

/** The weighted sum of what a student learns from. */
record DistillationLoss<Y>(
    List<Term<Y>> terms, Loss<Y> labelLoss, int teachers, List<Match> matches)
    implements Loss<Lesson<Y>>, AttachedLoss<Lesson<Y>> {
  /** One part of the sum. */
  record Term<Y>(double weight, Loss<Lesson<Y>> loss) {}

  @Override
  public NDArray of(NDList outputs, List<Lesson<Y>> lessons) {
    NDArray sum = null;
    for (Term<Y> term : terms) {
      NDArray value = term.loss().of(outputs, lessons);
      NDArray weighted = term.weight() == 1 ? value : value.mul(Loss.number(value, term.weight()));
      sum = sum == null ? weighted : sum.add(weighted);
    }
    return java.util.Objects.requireNonNull(sum);
  }

  @Override
  public void check(List<Lesson<Y>> lessons) {
    List<Y> labels = lessons.stream().flatMap(lesson -> lesson.label().stream()).toList();
    if (!labels.isEmpty()) {
      labelLoss.check(labels);
    }
    for (Lesson<Y> lesson : lessons) {
      require("values", matches.size(), lesson.values().size());
      require("answers", teachers, lesson.answers().size());
    }
  }

  @Override
  public Network attach(Network network, List<Lesson<Y>> lessons) {
    if (network instanceof ObservedStudent) {
      throw new IllegalArgumentException(
          "a student learns by one Distillation at a time: give that one all teachers and matches");
    }
    return new ObservedStudent(network, matches, lessons.get(0));
  }

  private static void require(String what, int wanted, int found) {
    if (found != wanted) {
      throw new IllegalArgumentException(
          "the loss compares %d %s, but a lesson has %d: take both from the same Distillation"
              .formatted(wanted, what, found));
    }
  }
}
