package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Function;

/** Gathers the weighted mean of a figure that each row has of its own. */
final class RowMean<B extends Batch>
    implements Accumulator<B, RowMean<B>>, Refillable<B, RowMean<B>> {
  /** The figure of a row. */
  @FunctionalInterface
  interface Figure<B> {
    /** Computes it; NaN leaves the row out of the mean. */
    double of(B batch, int row);

    /** Refuses a batch that does not suit. */
    default void check(B batch) {}
  }

  private final Figure<? super B> figure;
  private final ExactSum sum = new ExactSum();
  private Tally weight = new Tally(1);

  RowMean(Figure<? super B> figure) {
    this.figure = figure;
  }

  /** A metric that is such a mean. */
  static <B extends Batch> Metric<B> metric(
      String name,
      Goal goal,
      double lowest,
      double highest,
      Class<B> batchType,
      Figure<? super B> figure) {
    return Metric.of(
        name, goal, lowest, highest, batchType, () -> new RowMean<B>(figure), RowMean::mean);
  }

  @Override
  public void update(B batch) {
    figure.check(batch);
    for (int row = 0; row < batch.size(); row++) {
      double value = figure.of(batch, row);
      if (!Double.isNaN(value)) {
        double rowWeight = batch.weight(row);
        sum.addProduct(value, rowWeight);
        weight.add(0, rowWeight);
      }
    }
  }

  /** The figure of each row; NaN where it has none. */
  double[] figures(B batch) {
    figure.check(batch);
    double[] figures = new double[batch.size()];
    for (int row = 0; row < figures.length; row++) {
      figures[row] = figure.of(batch, row);
    }
    return figures;
  }

  @Override
  public Function<int[], RowMean<B>> refill(B batch) {
    double[] products = figures(batch);
    double[] weights = new double[products.length];
    for (int row = 0; row < products.length; row++) {
      weights[row] = Double.isNaN(products[row]) ? 0 : batch.weight(row);
      products[row] = weights[row] == 0 ? 0 : products[row] * weights[row];
    }
    return times -> {
      double total = 0;
      double totalWeight = 0;
      for (int row = 0; row < times.length; row++) {
        total += times[row] * products[row];
        totalWeight += times[row] * weights[row];
      }
      RowMean<B> refilled = new RowMean<>(figure);
      refilled.sum.add(total);
      refilled.weight.add(0, totalWeight);
      return refilled;
    };
  }

  /** NaN where nothing weighs anything. */
  double mean() {
    return sum.value() / weight.value(0);
  }

  @Override
  public void merge(RowMean<B> other) {
    sum.merge(other.sum);
    weight.merge(other.weight);
  }

  @Override
  public void reset() {
    sum.reset();
    weight = new Tally(1);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    sum.write(out);
    weight.write(out);
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    sum.read(in);
    Tally stored = Tally.read(in);
    Rows.check(stored.size() == 1, "a stored mean has %d weights", stored.size());
    weight = stored;
  }
}
