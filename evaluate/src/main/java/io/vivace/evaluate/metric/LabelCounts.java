package io.vivace.evaluate.metric;

import java.util.function.IntConsumer;

/** The counts of rows that have one class each. */
final class LabelCounts extends ClassCounts<Labels, LabelCounts> {
  LabelCounts() {
    this(classes -> {});
  }

  LabelCounts(IntConsumer check) {
    super(check);
  }

  static LabelCounts of(Labels batch) {
    LabelCounts counts = new LabelCounts();
    counts.update(batch);
    return counts;
  }

  @Override
  public void update(Labels batch) {
    prepare(batch.classes);
    double[] weights = batch.weights;
    if (weights == null) {
      count(batch.truth, batch.prediction);
    } else {
      count(batch.truth, batch.prediction, weights);
    }
  }

  private void count(int[] truth, int[] prediction) {
    for (int row = 0; row < truth.length; row++) {
      int t = truth[row];
      int p = prediction[row];
      actual.whole[t]++;
      predicted.whole[p]++;
      if (t == p) {
        hits.whole[t]++;
      }
    }
    for (int k = 0; k < seen.length; k++) {
      seen[k] |= actual.whole[k] > 0 || predicted.whole[k] > 0;
    }
  }

  private void count(int[] truth, int[] prediction, double[] weights) {
    for (int row = 0; row < truth.length; row++) {
      int t = truth[row];
      int p = prediction[row];
      seen[t] = true;
      seen[p] = true;
      actual.add(t, weights[row]);
      predicted.add(p, weights[row]);
      if (t == p) {
        hits.add(t, weights[row]);
      }
    }
  }
}
