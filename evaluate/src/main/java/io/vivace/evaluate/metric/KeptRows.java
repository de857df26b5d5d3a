package io.vivace.evaluate.metric;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Keeps all rows, for figures that need them at once: order statistics. 8 bytes for each number.
 */
final class KeptRows extends OutputAccumulator<KeptRows> {
  /** The figure of one output. */
  @FunctionalInterface
  interface Figure {
    /** Computes it; must not depend on the order of the rows. */
    double of(double[] truth, double[] prediction, double[] weights);
  }

  private final Figure figure;
  private final Numbers weights = new Numbers();
  private Numbers[] truth = {};
  private Numbers[] prediction = {};

  KeptRows(Figure figure) {
    this.figure = figure;
  }

  @Override
  void allocate(int outputs) {
    truth = new Numbers[outputs];
    prediction = new Numbers[outputs];
    Arrays.setAll(truth, i -> new Numbers());
    Arrays.setAll(prediction, i -> new Numbers());
    weights.clear();
  }

  @Override
  void gather(Values batch) {
    for (int row = 0; row < batch.size(); row++) {
      weights.add(batch.weight(row));
      for (int output = 0; output < truth.length; output++) {
        truth[output].add(batch.truth(row, output));
        prediction[output].add(batch.prediction(row, output));
      }
    }
  }

  @Override
  void gather(KeptRows other) {
    for (int output = 0; output < truth.length; output++) {
      truth[output].addAll(other.truth[output]);
      prediction[output].addAll(other.prediction[output]);
    }
    weights.addAll(other.weights);
  }

  @Override
  double[] figures() {
    double[] figures = new double[outputs()];
    double[] rowWeights = weights.toArray();
    Arrays.setAll(
        figures,
        output -> figure.of(truth[output].toArray(), prediction[output].toArray(), rowWeights));
    return figures;
  }

  @Override
  void store(DataOutputStream out) throws IOException {
    weights.write(out);
    for (int output = 0; output < truth.length; output++) {
      truth[output].write(out);
      prediction[output].write(out);
    }
  }

  @Override
  void load(DataInputStream in) throws IOException {
    weights.read(in);
    for (int output = 0; output < truth.length; output++) {
      truth[output].read(in);
      prediction[output].read(in);
      Rows.check(
          truth[output].size() == weights.size() && prediction[output].size() == weights.size(),
          "stored rows differ in length");
    }
  }
}
