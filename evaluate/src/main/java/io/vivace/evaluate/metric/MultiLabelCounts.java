package io.vivace.evaluate.metric;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** The counts of rows that have sets of labels. */
final class MultiLabelCounts extends ClassCounts<MultiLabels, MultiLabelCounts> {
  MultiLabelCounts(IntConsumer check) {
    super(check);
  }

  @Override
  public void update(MultiLabels batch) {
    prepare(batch.labels);
    Arrays.fill(seen, true);
    for (int row = 0; row < batch.size(); row++) {
      count(batch, row, batch.weight(row));
    }
  }

  private void count(MultiLabels batch, int row, double weight) {
    for (int label = 0; label < batch.labels; label++) {
      boolean isTrue = batch.truth(row, label);
      boolean isPredicted = batch.prediction(row, label);
      if (isTrue) {
        actual.add(label, weight);
      }
      if (isPredicted) {
        predicted.add(label, weight);
      }
      if (isTrue && isPredicted) {
        hits.add(label, weight);
      }
    }
  }
}
