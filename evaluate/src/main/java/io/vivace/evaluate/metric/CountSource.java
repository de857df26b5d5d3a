package io.vivace.evaluate.metric;

/** Where the counts of an averaged metric come from. */
abstract class CountSource<B extends Batch> {
  static final CountSource<Labels> LABELS =
      new CountSource<>() {
        @Override
        Class<Labels> batchType() {
          return Labels.class;
        }

        @Override
        MetricState<Labels> state(AveragedMetric<Labels> metric) {
          return MetricState.of(metric, new LabelCounts(metric::check), metric::value);
        }

        @Override
        ClassCounts<?, ?> counts(Labels batch) {
          return LabelCounts.of(batch);
        }
      };

  static final CountSource<MultiLabels> MULTI_LABELS =
      new CountSource<>() {
        @Override
        Class<MultiLabels> batchType() {
          return MultiLabels.class;
        }

        @Override
        MetricState<MultiLabels> state(AveragedMetric<MultiLabels> metric) {
          return metric.averaging == Averaging.SAMPLES
              ? MetricState.of(metric, new RowMean<>(new RowRatio(metric)), RowMean::mean)
              : MetricState.of(metric, new MultiLabelCounts(metric::check), metric::value);
        }

        @Override
        ClassCounts<?, ?> counts(MultiLabels batch) {
          MultiLabelCounts counts = new MultiLabelCounts(labels -> {});
          counts.update(batch);
          return counts;
        }
      };

  abstract Class<B> batchType();

  abstract MetricState<B> state(AveragedMetric<B> metric);

  abstract ClassCounts<?, ?> counts(B batch);
}
