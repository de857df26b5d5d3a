package io.vivace.optimize.distill;

import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The asking of all teachers, a few inputs at a time: it tells how far it is and can be ended. */
final class Asking {
  /** So many inputs go to a teacher between two looks at the stop signal. */
  static final int CHUNK = 64;

  private static final String STAGE = "teacher";

  private final FitContext<?, ?> context;
  private final long total;
  private long done;

  /** Takes the number of answers that all teachers are to give. */
  Asking(FitContext<?, ?> context, long total) {
    this.context = context;
    this.total = total;
  }

  /** Asks one teacher; its answers are checked as they come, so that a bad one ends it at once. */
  <X> List<float[]> ask(Predictor<X, float[]> teacher, List<X> inputs) {
    List<float[]> answers = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += CHUNK) {
      context.stopSignal().throwIfRequested();
      int to = Math.min(inputs.size(), from + CHUNK);
      answers.addAll(teacher.predictAll(inputs.subList(from, to)));
      check(answers, from);
      have(to - from);
    }
    context.stopSignal().throwIfRequested();
    return answers;
  }

  /** Counts answers that are there. */
  void have(int answers) {
    done += answers;
    context.progress().report(new Progress.Step(STAGE, done, total, Map.of()));
  }

  private static void check(List<float[]> answers, int from) {
    int length = answers.get(0).length;
    for (int i = from; i < answers.size(); i++) {
      if (answers.get(i).length != length) {
        throw new IllegalArgumentException(
            "the teacher's answers differ in length: %d for example 0, %d for example %d"
                .formatted(length, answers.get(i).length, i));
      }
      for (float score : answers.get(i)) {
        if (!Float.isFinite(score)) {
          throw new IllegalArgumentException(
              "the teacher's answer for example %d holds %s".formatted(i, score));
        }
      }
    }
  }
}
