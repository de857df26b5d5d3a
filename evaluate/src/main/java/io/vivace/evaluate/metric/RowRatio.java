package io.vivace.evaluate.metric;

/** The ratio of the labels of one row. */
record RowRatio(AveragedMetric<MultiLabels> metric) implements RowMean.Figure<MultiLabels> {
  @Override
  public void check(MultiLabels batch) {
    int[] subset = metric.subset;
    if (subset != null) {
      for (int label : subset) {
        Rows.check(label < batch.labels, "there is no label %d of %d", label, batch.labels);
      }
    }
  }

  @Override
  public double of(MultiLabels batch, int row) {
    int[] subset = metric.subset;
    int labels = subset == null ? batch.labels : subset.length;
    int hits = 0;
    int predicted = 0;
    int actual = 0;
    for (int i = 0; i < labels; i++) {
      int label = subset == null ? i : subset[i];
      boolean isTrue = batch.truth(row, label);
      boolean isPredicted = batch.prediction(row, label);
      actual += isTrue ? 1 : 0;
      predicted += isPredicted ? 1 : 0;
      hits += isTrue && isPredicted ? 1 : 0;
    }
    return metric.ratio.of(hits, predicted, actual, metric.undefined);
  }
}
