package io.vivace.optimize.train.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.Weight;
import java.util.ArrayList;
import java.util.List;

/** Builds blocks that have chains of thinner layers in the place of others. */
final class ThinnerBlocks {
  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";

  private final Factorization factorization;

  ThinnerBlocks(Factorization factorization) {
    this.factorization = factorization;
  }

  /** The block itself where nothing in it is replaced. */
  Block of(Block block, String path) {
    if (block instanceof SequentialBlock chain) {
      return chain(chain, path);
    }
    boolean single =
        block instanceof Linear || (block instanceof Conv2d conv && conv.getGroups() == 1);
    if (!single) {
      return block;
    }
    List<Weight> factors = factorization.factors(weight(block, path + WEIGHT));
    return factors.isEmpty() ? block : thinner(block, factors);
  }

  private Block chain(SequentialBlock chain, String path) {
    List<Block> parts = new ArrayList<>();
    for (Pair<String, Block> child : chain.getChildren()) {
      parts.add(of(child.getValue(), path + child.getKey() + "_"));
    }
    if (parts.equals(chain.getChildren().values())) {
      return chain;
    }
    SequentialBlock changed = new SequentialBlock();
    changed.setReturnIntermediate(chain.isReturnIntermediate());
    changed.addAll(parts);
    NDArray first = chain.getParameters().valueAt(0).getArray();
    changed.initialize(first.getManager(), first.getDataType(), chain.getInputShapes());
    return changed;
  }

  private static Weight weight(Block block, String name) {
    NDArray array = block.getDirectParameters().get(WEIGHT).getArray();
    return Weight.ofFloats(
        name, io.vivace.core.model.Shape.of(array.getShape().getShape()), floats(array));
  }

  private static float[] floats(NDArray array) {
    try (NDArray single = array.toType(DataType.FLOAT32, true)) {
      return single.toFloatArray();
    }
  }

  private static void set(Block part, String parameter, float[] values) {
    NDArray array = part.getDirectParameters().get(parameter).getArray();
    try (NDArray single = array.getManager().create(values, array.getShape());
        NDArray same = single.toType(array.getDataType(), true)) {
      same.copyTo(array);
    }
  }

  private static Block thinner(Block block, List<Weight> factors) {
    boolean biased = block.getDirectParameters().contains(BIAS);
    SequentialBlock chain = new SequentialBlock();
    for (int i = 0; i < factors.size(); i++) {
      Weight factor = factors.get(i);
      boolean last = i == factors.size() - 1;
      chain.add(
          block instanceof Conv2d conv
              ? convolution(conv, factor, i, factors.size(), last && biased)
              : Linear.builder()
                  .setUnits(factor.shape().dimension(0))
                  .optBias(last && biased)
                  .build());
    }
    NDArray whole = block.getDirectParameters().get(WEIGHT).getArray();
    chain.initialize(whole.getManager(), whole.getDataType(), block.getInputShapes());
    for (int i = 0; i < factors.size(); i++) {
      set(chain.getChildren().valueAt(i), WEIGHT, factors.get(i).floats());
    }
    if (biased) {
      // As it is: only weights are rounded to single precision.
      NDArray bias = block.getDirectParameters().get(BIAS).getArray();
      Block last = chain.getChildren().valueAt(factors.size() - 1);
      bias.copyTo(last.getDirectParameters().get(BIAS).getArray());
    }
    return chain;
  }

  /**
   * Stride, padding and dilation of an axis belong to the part that has its pixels: the core of
   * three, the first of two for the columns and the second for the rows; with one pixel the first.
   */
  private static Conv2d convolution(
      Conv2d whole, Weight factor, int number, int count, boolean biased) {
    long[] stride = {1, 1};
    long[] padding = {0, 0};
    long[] dilation = {1, 1};
    for (int axis = 0; axis < 2; axis++) {
      boolean onePixel = whole.getKernelShape().size() == 1;
      int owner = count == 3 ? 1 : onePixel ? 0 : axis;
      if (number == owner) {
        stride[axis] = whole.getStride().get(axis);
        padding[axis] = whole.getPadding().get(axis);
        dilation[axis] = whole.getDilation().get(axis);
      }
    }
    io.vivace.core.model.Shape shape = factor.shape();
    return Conv2d.builder()
        .setKernelShape(new Shape(shape.dimension(2), shape.dimension(3)))
        .setFilters((int) shape.dimension(0))
        .optStride(new Shape(stride))
        .optPadding(new Shape(padding))
        .optDilation(new Shape(dilation))
        .optBias(biased)
        .build();
  }
}
