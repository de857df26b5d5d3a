package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;

/**
 * A small network in two versions that can be told apart by every answer: about {@code 1000 *
 * version + key}, where the key is the first number of the row, from 0 to 15. Another key makes
 * ONNX Runtime fail on the whole batch that the row is in.
 */
final class Lookup {
  static final int POISON = 99;

  private static final int SIZE = 64;
  private static final double NOISE = 100; // the network's part of an answer is far below

  private Lookup() {}

  static ModelSource version(int version) {
    return ModelSource.path(
        Models.file("/io/vivace/examples/benchmarks/lookup-" + version + ".onnx"));
  }

  static PredictorBuilder<float[], float[]> builder() {
    return Predictor.builder()
        .model(version(1))
        .input(VectorInput.floats(SIZE))
        .output(VectorOutput.floats());
  }

  static float[] row(int key) {
    float[] row = new float[SIZE];
    row[0] = key;
    for (int i = 1; i < SIZE; i++) {
      row[i] = (i * 37 + key) % 11 / 11f;
    }
    return row;
  }

  /** The version that gave an answer; 0 if none can have. */
  static int versionOf(float[] answer, int key) {
    double value = answer[0] - key;
    for (int version = 1; version <= 2; version++) {
      if (Math.abs(value - 1_000 * version) < NOISE) {
        return version;
      }
    }
    return 0;
  }
}
