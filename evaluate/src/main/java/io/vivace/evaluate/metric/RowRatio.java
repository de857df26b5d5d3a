package io.vivace.evaluate.metric;

/** The ratio of the labels of one row. */
record RowRatio(AveragedMetric<MultiLabels> metric) implements RowMean.Figure<MultiLabels> {
  @Override
  public void check(MultiLabels batch) {
    metric.check(batch.labels);
    if (metric.undefined == UndefinedValue.ERROR) {
      for (int row = 0; row < batch.size(); row++) {
        of(batch, row); // throws before anything is gathered
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
