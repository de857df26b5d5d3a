package io.vivace.examples.benchmarks;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.vivace.core.codec.VectorInput;
import java.util.List;
import java.util.function.Supplier;

/**
 * A network of Han, Mao and Dally (2016, "Deep Compression"), what they reached with it on MNIST,
 * and how it is compressed here.
 *
 * @param name the name in figures
 * @param input how an image becomes a row
 * @param block makes the network, untrained
 * @param batch how many images a step learns from
 * @param rate the learning rate at the start
 * @param decay the decay of weights while it is pruned and shared, by validation images
 * @param denseEpochs how long it is trained before anything is pruned
 * @param sparsities how sparse it is made, one after the other, from each result on
 * @param rampEpochs how long each of these takes
 * @param values how many values the weights of a layer may share; each is tried
 * @param convolutionValues how many those of a convolution may
 * @param sharedEpochs how long shared values are tuned
 * @param paper what the paper reports
 * @param bar the ratio that is asked for
 */
record LeNet(
    String name,
    VectorInput<float[]> input,
    Supplier<Block> block,
    int batch,
    double rate,
    double decay,
    int denseEpochs,
    List<Double> sparsities,
    int rampEpochs,
    List<Integer> values,
    int convolutionValues,
    int sharedEpochs,
    Paper paper,
    double bar) {
  /**
   * Table 1 of the paper.
   *
   * @param before the error before, in percent
   * @param after the error after
   * @param ratio how many times smaller the network became
   */
  record Paper(double before, double after, double ratio) {}

  /** Three layers: 784, 300, 100 and 10. */
  static LeNet fullyConnected() {
    return new LeNet(
        "lenet-300-100",
        VectorInput.floats(784),
        () ->
            new SequentialBlock()
                .add(Linear.builder().setUnits(300).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(100).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(10).build()),
        512,
        2e-3,
        0.2,
        Scale.count(40, 2),
        List.of(0.905),
        Scale.count(30, 1),
        List.of(10, 16),
        16,
        Scale.count(3, 1),
        new Paper(1.64, 1.58, 40),
        40);
  }

  /** The variant of Caffe: 20 and 50 kernels of 5 by 5, without a function between, 500 and 10. */
  static LeNet convolutional() {
    return new LeNet(
        "lenet-5",
        VectorInput.floats(io.vivace.core.model.Shape.of(1, 28, 28)),
        () ->
            new SequentialBlock()
                .add(kernels(20))
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(kernels(50))
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(500).build())
                .add(Activation.reluBlock())
                .add(Linear.builder().setUnits(10).build()),
        256,
        1e-3,
        0.05,
        Scale.count(12, 1),
        List.of(0.93),
        Scale.count(14, 1),
        List.of(16, 32),
        64,
        Scale.count(2, 1),
        new Paper(0.80, 0.74, 39),
        45);
  }

  private static Block kernels(int count) {
    return Conv2d.builder().setFilters(count).setKernelShape(new Shape(5, 5)).build();
  }
}
