package io.vivace.evaluate.metric;

import java.util.function.ToDoubleFunction;

/** The mean over pairs of classes, each among its own rows. */
final class ClassPairs {
  private final Scores batch;
  private final ToDoubleFunction<Steps> area;

  private ClassPairs(Scores batch, ToDoubleFunction<Steps> area) {
    this.batch = batch;
    this.area = area;
  }

  /** NaN where fewer than two classes occur. */
  static double mean(Scores batch, Averaging averaging, ToDoubleFunction<Steps> area) {
    ClassPairs pairs = new ClassPairs(batch, area);
    double[] actual = OneVsRest.actual(batch);
    double sum = 0;
    double total = 0;
    for (int a = 0; a < batch.classes; a++) {
      for (int b = a + 1; b < batch.classes; b++) {
        if (actual[a] > 0 && actual[b] > 0) {
          double weight = averaging == Averaging.WEIGHTED ? actual[a] + actual[b] : 1;
          int rows = (int) (actual[a] + actual[b]);
          sum += weight * (pairs.area(a, b, rows) + pairs.area(b, a, rows)) / 2;
          total += weight;
        }
      }
    }
    return sum / total;
  }

  private double area(int positive, int negative, int rows) {
    boolean[] truth = new boolean[rows];
    double[] scores = new double[rows];
    int next = 0;
    for (int row = 0; row < batch.size(); row++) {
      int label = batch.truth[row];
      if (label == positive || label == negative) {
        truth[next] = label == positive;
        scores[next++] = batch.scores[row * batch.columns + positive];
      }
    }
    return area.applyAsDouble(Steps.of(truth, scores, null));
  }
}
