package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** Gathers the weighted mean loss of each output. */
final class PointSums extends OutputAccumulator<PointSums>
    implements Refillable<Values, PointSums> {
  private final PointLoss loss;
  private final DoubleUnaryOperator finish;
  private ExactSum[] sums = {};
  private Tally weight = new Tally(1);

  PointSums(PointLoss loss, DoubleUnaryOperator finish) {
    this.loss = loss;
    this.finish = finish;
  }

  @Override
  void check(Values batch) {
    if (loss.domain() != Double.NEGATIVE_INFINITY) {
      checkAbove("truth", batch.truth);
      checkAbove("prediction", batch.prediction);
    }
  }

  private void checkAbove(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] > loss.domain())) {
        throw new IllegalArgumentException(
            "%s must be above %s for this metric, but element %,d is %s"
                .formatted(name, loss.domain(), i, values[i]));
      }
    }
  }

  @Override
  void allocate(int outputs) {
    sums = new ExactSum[outputs];
    Arrays.setAll(sums, i -> new ExactSum());
    weight = new Tally(1);
  }

  @Override
  void gather(Values batch) {
    for (int row = 0; row < batch.size(); row++) {
      double rowWeight = batch.weight(row);
      weight.add(0, rowWeight);
      for (int output = 0; output < sums.length; output++) {
        double value = loss.of(batch.truth(row, output), batch.prediction(row, output));
        if (rowWeight == 1) {
          sums[output].add(value);
        } else {
          sums[output].addProduct(value, rowWeight);
        }
      }
    }
  }

  /** The losses of an output, row by row. */
  double[] losses(Values batch, int output) {
    check(batch);
    double[] losses = new double[batch.size()];
    Arrays.setAll(losses, row -> loss.of(batch.truth(row, output), batch.prediction(row, output)));
    return losses;
  }

  /** What becomes of a mean loss; grows with it. */
  double finished(double mean) {
    return finish.applyAsDouble(mean);
  }

  @Override
  public Function<int[], PointSums> refill(Values batch) {
    double[][] losses = new double[batch.outputs][];
    Arrays.setAll(losses, output -> losses(batch, output));
    return times -> {
      PointSums refilled = new PointSums(loss, finish);
      refilled.prepare(batch.outputs);
      double total = 0;
      for (int row = 0; row < times.length; row++) {
        total += times[row] * batch.weight(row);
      }
      refilled.weight.add(0, total);
      for (int output = 0; output < losses.length; output++) {
        double sum = 0;
        for (int row = 0; row < times.length; row++) {
          sum += times[row] * batch.weight(row) * losses[output][row];
        }
        refilled.sums[output].add(sum);
      }
      return refilled;
    };
  }

  @Override
  void gather(PointSums other) {
    for (int output = 0; output < sums.length; output++) {
      sums[output].merge(other.sums[output]);
    }
    weight.merge(other.weight);
  }

  @Override
  double[] figures() {
    double total = weight.value(0);
    return Arrays.stream(sums)
        .mapToDouble(sum -> finish.applyAsDouble(sum.value() / total))
        .toArray();
  }

  @Override
  void store(DataOutputStream out) throws IOException {
    weight.write(out);
    for (ExactSum sum : sums) {
      sum.write(out);
    }
  }

  @Override
  void load(DataInputStream in) throws IOException {
    Tally stored = Tally.read(in);
    Rows.check(stored.size() == 1, "a stored mean has %d weights", stored.size());
    weight = stored;
    for (ExactSum sum : sums) {
      sum.read(in);
    }
  }
}
