package io.vivace.optimize.quantize;

import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.GraphException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A few rows of an activation from the first samples, with the extremes of each channel there, and
 * the largest absolute value of each channel over all samples.
 */
final class ActivationRows {
  private static final int MOST_SAMPLES = 16;
  private static final int ROWS_PER_SAMPLE = 4;

  private final String name;
  private final List<Part> parts = new ArrayList<>();
  private float[] largest = new float[0];

  /** What is kept of a sample: some rows, and the extremes of each channel in all of them. */
  static final class Part {
    private final float[][] rows;
    private final float[] lowest;
    private final float[] highest;

    Part(float[][] rows, float[] lowest, float[] highest) {
      this.rows = rows;
      this.lowest = lowest;
      this.highest = highest;
    }

    float[][] rows() {
      return rows;
    }

    float lowest(int channel) {
      return lowest[channel];
    }

    float highest(int channel) {
      return highest[channel];
    }
  }

  ActivationRows(String name) {
    this.name = name;
  }

  void add(Tensor tensor) {
    int rank = tensor.shape().rank();
    if (tensor.type() != ElementType.FLOAT32 || rank < 1 || tensor.size() == 0) {
      return;
    }
    int width = Math.toIntExact(tensor.shape().dimension(rank - 1));
    int count = tensor.size() / width;
    if (largest.length == 0) {
      largest = new float[width];
    }
    float[] lowest = new float[width];
    float[] highest = new float[width];
    int kept = parts.size() < MOST_SAMPLES ? Math.min(count, ROWS_PER_SAMPLE) : 0;
    float[][] rows = new float[kept][];
    FloatBuffer data = tensor.data().asFloatBuffer();
    for (int i = 0; i < count; i++) {
      float[] row = new float[width];
      data.get(row);
      observe(row, lowest, highest);
      if (kept > 0 && i * kept / count != (i + 1) * kept / count) {
        rows[i * kept / count] = row;
      }
    }
    if (kept > 0) {
      parts.add(new Part(rows, lowest, highest));
    }
  }

  private void observe(float[] row, float[] lowest, float[] highest) {
    for (int j = 0; j < row.length; j++) {
      lowest[j] = Math.min(lowest[j], row[j]);
      highest[j] = Math.max(highest[j], row[j]);
      largest[j] = Math.max(largest[j], Math.abs(row[j]));
      if (!Float.isFinite(row[j])) {
        throw new GraphException(
            "value \"%s\" holds %s in the calibration data; repair the samples"
                .formatted(name, row[j]));
      }
    }
  }

  int width() {
    return largest.length;
  }

  List<Part> parts() {
    return parts;
  }

  float largest(int channel) {
    return largest[channel];
  }
}
