package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Gathers the largest absolute error of each output. Rows that weigh nothing do not count. */
final class LargestErrors extends OutputAccumulator<LargestErrors> {
  private double[] largest = {};

  @Override
  void allocate(int outputs) {
    largest = new double[outputs];
    Arrays.fill(largest, Double.NaN);
  }

  @Override
  void gather(Values batch) {
    for (int row = 0; row < batch.size(); row++) {
      if (batch.weight(row) > 0) {
        for (int output = 0; output < largest.length; output++) {
          take(output, Math.abs(batch.truth(row, output) - batch.prediction(row, output)));
        }
      }
    }
  }

  private void take(int output, double error) {
    if (!(error <= largest[output])) {
      largest[output] = error;
    }
  }

  @Override
  void gather(LargestErrors other) {
    for (int output = 0; output < largest.length; output++) {
      if (!Double.isNaN(other.largest[output])) {
        take(output, other.largest[output]);
      }
    }
  }

  @Override
  double[] figures() {
    return Arrays.copyOf(largest, outputs());
  }

  @Override
  void store(DataOutputStream out) throws IOException {
    Stored.writeDoubles(out, largest, largest.length);
  }

  @Override
  void load(DataInputStream in) throws IOException {
    double[] stored = Stored.readDoubles(in);
    Rows.check(stored.length == outputs(), "stored errors have %d outputs", stored.length);
    largest = stored;
  }
}
