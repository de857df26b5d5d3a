package io.vivace.optimize.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import java.util.Objects;

/**
 * A DJL block whose parts all get its input, and whose outputs are added or joined. Other than a
 * {@code ParallelBlock} it says which, so that it can be exported.
 *
 * <pre>{@code
 * Block residual = Branches.residual(
 *     new SequentialBlock().add(convolution(16)).add(Activation.reluBlock()).add(convolution(16)));
 * }</pre>
 */
public final class Branches extends AbstractBlock {
  private static final int SUM = -1;

  private final int axis;

  private Branches(int axis, List<Block> parts) {
    this.axis = axis;
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one part");
    }
    parts.forEach(part -> addChildBlock(part.getClass().getSimpleName(), part));
  }

  /**
   * Adds its input to what a block makes of it (He et al., Deep Residual Learning, 2016).
   *
   * @param body a block whose output has the shape of its input
   * @return the block
   */
  public static Branches residual(Block body) {
    return sum(body, Blocks.identityBlock());
  }

  /**
   * Adds the outputs of blocks.
   *
   * @param parts blocks of one output each, of equal shape
   * @return the block
   * @throws IllegalArgumentException if there is none
   */
  public static Branches sum(Block... parts) {
    return new Branches(SUM, List.of(parts));
  }

  /**
   * Joins the outputs of blocks along an axis.
   *
   * @param axis from 1, the axis after the batch's
   * @param parts blocks of one output each, of equal shape but for that axis
   * @return the block
   * @throws IllegalArgumentException if there is none, or the axis is below 1
   */
  public static Branches concatenation(int axis, Block... parts) {
    Numbers.requireFrom("axis", axis, 1, Integer.MAX_VALUE);
    return new Branches(axis, List.of(parts));
  }

  /**
   * Tells how outputs are put together.
   *
   * @return true if they are joined, false if they are added
   */
  public boolean isConcatenated() {
    return axis != SUM;
  }

  /**
   * Returns along which axis outputs are joined.
   *
   * @return at least 1; -1 if they are added
   */
  public int axis() {
    return axis;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    NDList outputs = new NDList();
    for (Block part : children.values()) {
      outputs.add(
          part.forward(parameterStore, new NDList(inputs), training, params).singletonOrThrow());
    }
    if (isConcatenated()) {
      return new NDList(outputs.size() == 1 ? outputs.head() : joined(outputs));
    }
    NDArray sum = outputs.head();
    for (NDArray output : outputs.subList(1, outputs.size())) {
      sum = sum.add(output);
    }
    return new NDList(sum);
  }

  private NDArray joined(NDList outputs) {
    return NDArrays.concat(outputs, axis);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long[] sizes = null;
    for (Block part : children.values()) {
      long[] found = part.getOutputShapes(inputShapes)[0].getShape();
      if (sizes == null) {
        sizes = found.clone();
      } else if (isConcatenated()) {
        sizes[axis] += found[axis];
      }
    }
    return new Shape[] {new Shape(Objects.requireNonNull(sizes))};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    for (Block part : children.values()) {
      part.initialize(manager, dataType, inputShapes);
    }
  }
}
