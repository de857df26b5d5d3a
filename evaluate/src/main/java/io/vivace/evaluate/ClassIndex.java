package io.vivace.evaluate;

import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.MultiLabelScores;
import io.vivace.evaluate.metric.MultiLabels;
import io.vivace.evaluate.metric.Scores;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the number of a class by its value or its text, and reads answers of several kinds. */
final class ClassIndex {
  private final List<Object> classes;
  private final Map<Object, Integer> byValue = new HashMap<>();
  private final Map<String, Integer> byText = new HashMap<>();

  ClassIndex(List<?> classes) {
    this.classes = List.copyOf(classes);
    if (classes.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one class");
    }
    for (int i = 0; i < classes.size(); i++) {
      if (byValue.put(classes.get(i), i) != null
          || byText.put(classes.get(i).toString(), i) != null) {
        throw new IllegalArgumentException("class " + classes.get(i) + " is named twice");
      }
    }
  }

  int size() {
    return classes.size();
  }

  Labels labels(List<?> truths, List<?> answers) {
    int[] prediction = new int[answers.size()];
    for (int row = 0; row < prediction.length; row++) {
      prediction[row] = predicted(answers.get(row), row);
    }
    return Labels.of(truth(truths), prediction, size());
  }

  Scores scores(List<?> truths, List<?> answers) {
    if (size() == 2 && answers.stream().allMatch(ClassIndex::isScore)) {
      return Scores.binary(truth(truths), Numbers.matrix("answer", answers, 1));
    }
    double[] scores = new double[Math.multiplyExact(answers.size(), size())];
    for (int row = 0; row < answers.size(); row++) {
      copyScores(answers.get(row), scores, row);
    }
    return Scores.of(truth(truths), scores, size());
  }

  private static boolean isScore(Object answer) {
    return answer instanceof Double || answer instanceof Float;
  }

  MultiLabels multiLabels(List<?> truths, List<?> answers) {
    boolean[] truth = new boolean[Math.multiplyExact(truths.size(), size())];
    boolean[] prediction = new boolean[truth.length];
    for (int row = 0; row < truths.size(); row++) {
      mark("truth", truths.get(row), truth, row);
      mark("answer", answers.get(row), prediction, row);
    }
    return MultiLabels.of(truth, prediction, size());
  }

  MultiLabelScores multiLabelScores(List<?> truths, List<?> answers) {
    boolean[] truth = new boolean[Math.multiplyExact(truths.size(), size())];
    for (int row = 0; row < truths.size(); row++) {
      mark("truth", truths.get(row), truth, row);
    }
    return MultiLabelScores.of(truth, Numbers.matrix("answer", answers, size()), size());
  }

  private void mark(String what, Object value, boolean[] target, int row) {
    if (!(value instanceof Collection<?> labels)) {
      throw unfit(what, row, value, "a collection of labels");
    }
    for (Object label : labels) {
      target[row * size() + of(what, label, row)] = true;
    }
  }

  private int[] truth(List<?> truths) {
    int[] truth = new int[truths.size()];
    for (int row = 0; row < truth.length; row++) {
      truth[row] = of("truth", truths.get(row), row);
    }
    return truth;
  }

  private int predicted(Object answer, int row) {
    if (Numbers.isVector(answer)) {
      double[] scores = new double[size()];
      copyScores(answer, scores, 0);
      return highest(scores);
    }
    return of("answer", answer, row);
  }

  /** Of equally high scores the lowest class, as codecs and voting have it. */
  private static int highest(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }

  private void copyScores(Object answer, double[] target, int row) {
    if (Numbers.isVector(answer) && Numbers.length(answer) == size()) {
      Numbers.copy(answer, target, row * size());
    } else if (answer instanceof Classification classification
        && classification.ranked().size() == size()) {
      for (Prediction each : classification.ranked()) {
        target[row * size() + of("answer", each, row)] = each.probability();
      }
    } else {
      throw unfit(
          "answer", row, answer, "a score for each of " + size() + " classes (not the best alone)");
    }
  }

  private int of(String what, Object value, int row) {
    Integer index = find(value);
    if (index == null) {
      throw new IllegalArgumentException(
          String.format(
              "%s %,d is %s, which is none of the %d classes %s",
              what, row, text(value), size(), abbreviated()));
    }
    return index;
  }

  private @Nullable Integer find(Object value) {
    if (value instanceof Classification classification) {
      return byText.get(classification.label());
    }
    if (value instanceof Prediction prediction) {
      return byText.get(prediction.label());
    }
    Integer index = byValue.get(value);
    return index == null && value instanceof String text ? byText.get(text) : index;
  }

  private static String text(Object value) {
    return value.getClass().isArray() ? "an array" : value.toString();
  }

  private String abbreviated() {
    return size() <= 20
        ? classes.toString()
        : classes.subList(0, 20).toString().replace("]", ", ...]");
  }

  private static IllegalArgumentException unfit(String what, int row, Object value, String wanted) {
    String found =
        Numbers.isVector(value)
            ? Arrays.asList(value.getClass().getSimpleName(), Numbers.length(value)).toString()
            : value.getClass().getSimpleName();
    return new IllegalArgumentException(
        String.format("%s %,d must be %s, but is %s", what, row, wanted, found));
  }
}
