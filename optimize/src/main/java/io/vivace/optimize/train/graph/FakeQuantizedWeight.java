package io.vivace.optimize.train.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** A weight that is a whole number times a scale per channel. */
final class FakeQuantizedWeight implements WeightForm {
  private final int channelAxis;
  private final long highest;

  FakeQuantizedWeight(int channelAxis, int bits) {
    this.channelAxis = channelAxis;
    this.highest = (1L << (bits - 1)) - 1;
  }

  @Override
  public NDArray apply(NDArray trained) {
    NDArray scale = scale(trained);
    return FakeQuantization.rounded(trained.div(scale)).mul(scale);
  }

  /** The scale of each channel, in a shape that broadcasts; 1 where all weights are 0. */
  NDArray scale(NDArray trained) {
    NDArray largest = trained.stopGradient().abs();
    for (int axis = 0; axis < trained.getShape().dimension(); axis++) {
      if (axis != channelAxis) {
        largest = largest.max(new int[] {axis}, true);
      }
    }
    NDArray unused = largest.eq(0).toType(largest.getDataType(), true);
    return largest.div((float) highest).add(unused);
  }

  /** The scales as a file states them. */
  float[] scales(NDArray weight) {
    return scale(weight).toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** The whole numbers. */
  long[] codes(NDArray weight) {
    return weight.div(scale(weight)).round().toType(DataType.INT64, true).toLongArray();
  }
}
