package io.vivace.examples.pipeline;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/** The networks that learn: two convolutions and two fully connected layers, wide or narrow. */
final class Networks {
  private Networks() {}

  /** The teacher, of 105,962 parameters. */
  static Block large() {
    return network(16, 64);
  }

  /** The student. */
  static Block small(int filters) {
    return network(filters, 32);
  }

  private static Block network(int filters, int hidden) {
    SequentialBlock network = new SequentialBlock();
    for (int width : new int[] {filters, 2 * filters}) {
      network
          .add(convolution(width))
          .add(BatchNorm.builder().build())
          .add(Activation.reluBlock())
          .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
    }
    return network
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(hidden).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(Images.LABELS.size()).build());
  }

  private static Block convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .setFilters(filters)
        .build();
  }
}
