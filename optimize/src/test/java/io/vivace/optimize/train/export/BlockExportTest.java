package io.vivace.optimize.train.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.ParameterStore;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.train.Branches;
import io.vivace.optimize.train.TestBlocks;
import io.vivace.optimize.train.internal.TrainingEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The block on PyTorch and its ONNX file on ONNX Runtime give the same numbers. */
class BlockExportTest {
  @TempDir Path folder;

  private static Block chain(Block... parts) {
    return new SequentialBlock().addAll(parts);
  }

  private static Block conv2d(int filters, int kernel, int stride, int padding, int groups) {
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(padding, padding))
        .optGroups(groups)
        .setFilters(filters)
        .build();
  }

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  private static Block branching() {
    return chain(
        conv2d(4, 3, 1, 1, 1),
        Branches.residual(chain(conv2d(4, 3, 1, 1, 2), Activation.reluBlock())),
        Branches.concatenation(1, conv2d(2, 1, 1, 0, 1), conv2d(3, 3, 1, 1, 1)),
        Pool.globalAvgPool2dBlock(),
        linear(3));
  }

  static Stream<Arguments> blocks() {
    return Stream.of(
        Arguments.of("fashion", TestBlocks.fashion(), new long[] {1, 28, 28}),
        Arguments.of("dropped", TestBlocks.dropped(8, 3), new long[] {12}),
        Arguments.of(
            "no bias", Linear.builder().setUnits(3).optBias(false).build(), new long[] {5}),
        Arguments.of("linear, rank 3", linear(4), new long[] {3, 5}),
        Arguments.of("branches", branching(), new long[] {3, 8, 8}),
        Arguments.of(
            "conv1d",
            chain(
                Conv1d.builder()
                    .setKernelShape(new Shape(3))
                    .optStride(new Shape(2))
                    .optPadding(new Shape(1))
                    .setFilters(4)
                    .build(),
                Pool.maxPool1dBlock(new Shape(3), new Shape(2), new Shape(1))),
            new long[] {2, 16}),
        Arguments.of(
            "pools",
            chain(
                Pool.maxPool2dBlock(new Shape(3, 2), new Shape(2, 1), new Shape(1, 0)),
                Pool.avgPool2dBlock(new Shape(2, 3), new Shape(1, 2), new Shape(0, 1))),
            new long[] {2, 13, 11}),
        Arguments.of(
            "pools that keep the rest",
            chain(
                Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), true),
                Pool.avgPool2dBlock(
                    new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false, false)),
            new long[] {2, 13, 11}),
        Arguments.of("global maximum", Pool.globalMaxPool2dBlock(), new long[] {3, 5, 4}),
        Arguments.of(
            "activations",
            chain(
                linear(9),
                Activation.leakyReluBlock(0.2f),
                Activation.eluBlock(0.7f),
                linear(9),
                Activation.seluBlock(),
                Activation.geluBlock(),
                linear(9),
                Activation.swishBlock(1),
                Activation.mishBlock(),
                linear(9),
                Activation.softPlusBlock(),
                Activation.softSignBlock(),
                linear(9),
                Activation.tanhBlock(),
                linear(9),
                Activation.relu6Block(),
                Activation.sigmoidBlock(),
                Blocks.identityBlock()),
            new long[] {6}),
        Arguments.of(
            "layer norm",
            chain(linear(6), LayerNorm.builder().axis(2).optEpsilon(1e-3f).build()),
            new long[] {4, 5}),
        Arguments.of(
            "norm",
            chain(
                conv2d(3, 3, 1, 0, 1),
                BatchNorm.builder().optEpsilon(0.1f).build(),
                Dropout.builder().build()),
            new long[] {2, 6, 6}),
        Arguments.of(
            "lstm", LSTM.builder().setStateSize(5).setNumLayers(2).build(), new long[] {4, 3}),
        Arguments.of(
            "two-way lstm",
            LSTM.builder()
                .setStateSize(5)
                .setNumLayers(1)
                .optBidirectional(true)
                .optHasBiases(false)
                .build(),
            new long[] {4, 3}),
        Arguments.of(
            "gru", GRU.builder().setStateSize(6).setNumLayers(2).build(), new long[] {5, 3}));
  }

  /** Makes it compute in double precision: in single, some machines get this wrong. */
  private static void widen(Block block, NDManager manager) {
    for (Parameter parameter : block.getParameters().values()) {
      NDArray wide = parameter.getArray().toType(DataType.FLOAT64, true);
      parameter.close();
      parameter.setInitializer((on, shape, type) -> wide);
      parameter.initialize(manager, DataType.FLOAT64);
    }
  }

  /** An input in double precision with the state of an LSTM of two layers, or directions, of 5. */
  private static NDList wide(NDArray input) {
    NDArray state = input.getManager().zeros(new Shape(2, 1, 5), DataType.FLOAT64);
    return new NDList(input.toType(DataType.FLOAT64, false), state, state.duplicate());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void write_computesTheSame(String name, Block block, long[] row) {
    Path file = folder.resolve("block.onnx");
    Random random = new Random(3);
    float[][] items = new float[3][(int) new Shape(row).size()];
    for (float[] item : items) {
      for (int i = 0; i < item.length; i++) {
        item[i] = (float) random.nextGaussian();
      }
    }
    float[][] expected = new float[items.length][];
    try (NDManager manager = TrainingEngine.newManager()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(3).addAll(new Shape(row)));
      shake(block, random);
      BlockExport.write(block, file);
      boolean recurrent = block instanceof LSTM;
      if (recurrent) {
        widen(block, manager);
      }
      ParameterStore store = new ParameterStore(manager, false);
      for (int i = 0; i < items.length; i++) {
        NDArray input = manager.create(items[i], new Shape(1).addAll(new Shape(row)));
        NDList asked = recurrent ? wide(input) : new NDList(input);
        NDArray answer = block.forward(store, asked, false).head();
        expected[i] = answer.toType(DataType.FLOAT32, false).toFloatArray();
      }
    }
    try (Predictor<float[], float[]> predictor = open(file, row)) {
      for (int i = 0; i < items.length; i++) {
        assertThat(predictor.predict(items[i])).containsExactly(expected[i], within(1e-4f));
      }
    }
  }

  /** Moves all parameters off their starting values; variances stay above 0. */
  private static void shake(Block block, Random random) {
    block
        .getParameters()
        .forEach(
            pair -> {
              NDArray array = pair.getValue().getArray().stopGradient();
              float scale = Math.min(0.2f, 4f / array.size());
              float[] noise = new float[(int) array.size()];
              for (int i = 0; i < noise.length; i++) {
                noise[i] = scale * random.nextFloat();
              }
              array.addi(array.getManager().create(noise, array.getShape()));
            });
  }

  private static Predictor<float[], float[]> open(Path file, long... row) {
    return Predictor.builder()
        .model(ModelSource.path(file))
        .input(VectorInput.floats(io.vivace.core.model.Shape.of(row)))
        .output(VectorOutput.floats())
        .build();
  }

  @Test
  void write_lambdaThatNobodyKnows_isRefusedByName() {
    refused(chain(linear(3), new LambdaBlock(list -> list)), "02LambdaBlock", "anonymous");
    refused(
        chain(linear(3), new LambdaBlock(list -> new NDList(list.head().add(1)), "ReLU")),
        "02LambdaBlock",
        "something else");
    refused(Pool.lpPool2dBlock(2, new Shape(2, 2)), "lpPool2d");
  }

  private void refused(Block block, String... words) {
    Path file = folder.resolve("refused.onnx");
    try (NDManager manager = TrainingEngine.newManager()) {
      long[] shape = words[0].startsWith("lp") ? new long[] {1, 1, 8, 8} : new long[] {1, 4};
      block.initialize(manager, DataType.FLOAT32, new Shape(shape));
      assertThatThrownBy(() -> BlockExport.write(block, file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(Arrays.copyOf(words, words.length));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void write_blockWithoutParameters_isRefused() {
    assertThatThrownBy(() -> BlockExport.write(linear(3), folder.resolve("x.onnx")))
        .hasMessageContaining("not initialized");
  }
}
