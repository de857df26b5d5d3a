package io.vivace.optimize.train.block;

import ai.djl.ndarray.NDArray;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.graph.LayerTensor;
import io.vivace.optimize.graph.Weight;
import java.nio.FloatBuffer;

/** A weight of a block. Other values are kept beside it until all passes are done. */
final class BlockLayer implements LayerTensor {
  private final String name;
  private final NDArray array;
  private final int channelAxis;
  private final boolean table;
  private Weight weight;
  private boolean changed;

  BlockLayer(String name, NDArray array, int channelAxis, boolean table) {
    this.name = name;
    this.array = array;
    this.channelAxis = channelAxis;
    this.table = table;
    this.weight =
        Weight.ofFloats(name, Shape.of(array.getShape().getShape()), array.toFloatArray());
  }

  @Override
  public Weight weight() {
    return weight;
  }

  @Override
  public int channelAxis() {
    return channelAxis;
  }

  @Override
  public boolean isTable() {
    return table;
  }

  @Override
  public void replace(Weight replacement) {
    if (replacement.type() != OnnxElementType.FLOAT
        || !replacement.shape().equals(weight.shape())) {
      throw new IllegalArgumentException(
          "tensor %s cannot take the place of %s".formatted(replacement, weight));
    }
    // Computed now: what fails, fails before the block is changed.
    weight = Weight.ofFloats(name, weight.shape(), replacement.floats());
    changed = true;
  }

  void write() {
    if (changed) {
      array.set(FloatBuffer.wrap(weight.floats()));
    }
  }
}
