package io.vivace.optimize.train.block;

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
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import io.vivace.optimize.factorize.ConvolutionFactors;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.ZeroedWeights;
import io.vivace.optimize.quantize.Rounding;
import io.vivace.optimize.share.WeightSharing;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCompressionTest {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  /** Convolution, normalization, ReLU, and a chain of two layers. */
  private SequentialBlock network() {
    SequentialBlock head =
        new SequentialBlock()
            .add(Linear.builder().setUnits(20).build())
            .add(Activation.reluBlock())
            .add(Linear.builder().setUnits(5).optBias(false).build());
    SequentialBlock network =
        new SequentialBlock()
            .add(
                Conv2d.builder()
                    .setKernelShape(new Shape(3, 3))
                    .setFilters(8)
                    .optPadding(new Shape(1, 2))
                    .optStride(new Shape(2, 1))
                    .optDilation(new Shape(1, 2))
                    .build())
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(Blocks.batchFlattenBlock())
            .add(head);
    network.initialize(manager, DataType.FLOAT32, new Shape(2, 4, 8, 8));
    return network;
  }

  private float[] run(Block block, Shape shape) {
    NDArray input = manager.arange((float) shape.size()).mul(0.37f).sin().reshape(shape);
    return block
        .forward(new ParameterStore(manager, false), new NDList(input), false)
        .singletonOrThrow()
        .toFloatArray();
  }

  private static float[] values(Block block, String name) {
    return block.getParameters().get(name).getArray().toFloatArray();
  }

  private static String weight(Block block, int number) {
    return block.getParameters().keys().stream()
        .filter(name -> name.endsWith("_weight"))
        .toList()
        .get(number);
  }

  private static long zeros(float... values) {
    long count = 0;
    for (float value : values) {
      count += value == 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void apply_passes_changeTheBlockItself() {
    SequentialBlock network = network();
    float[] before = run(network, new Shape(2, 4, 8, 8));
    Block same =
        BlockCompression.of(network)
            .prune(Pruning.magnitude().sparsity(0.5))
            .share(WeightSharing.kMeans(4))
            .apply();
    assertThat(same).isSameAs(network);
    for (int i = 0; i < 3; i++) {
      float[] values = values(network, weight(network, i));
      assertThat(zeros(values)).isGreaterThanOrEqualTo(values.length / 2);
      Set<Float> distinct = new HashSet<>();
      for (float value : values) {
        distinct.add(value);
      }
      assertThat(distinct).hasSizeLessThanOrEqualTo(4);
    }
    assertThat(run(network, new Shape(2, 4, 8, 8))).isNotEqualTo(before).hasSameSizeAs(before);
  }

  @Test
  void factorized_doublePrecision_keepsIt() {
    SequentialBlock network =
        new SequentialBlock()
            .add(Linear.builder().setUnits(24).build())
            .add(Linear.builder().setUnits(12).optBias(false).build());
    network.initialize(manager, DataType.FLOAT64, new Shape(1, 16));
    for (String name : network.getParameters().keys()) {
      NDArray array = network.getParameters().get(name).getArray();
      // Weights of rank 1, and a bias that no single-precision number is.
      double[] values = new double[(int) array.size()];
      int width = (int) (array.size() / array.getShape().get(0));
      for (int i = 0; i < values.length; i++) {
        values[i] = (1 + i / width) / (width == 1 ? 3.0 : 7.0);
      }
      array.set(values);
    }
    Block thin = BlockCompression.factorized(network, Factorization.energy(0.99999));
    assertThat(thin.getParameters().values())
        .hasSize(5)
        .allMatch(each -> each.getArray().getDataType() == DataType.FLOAT64);
    NDArray input = manager.arange(16f).toType(DataType.FLOAT64, false).reshape(1, 16);
    double[] wanted = forward(network, input).toDoubleArray();
    double[] found = forward(thin, input).toDoubleArray();
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i] / wanted[i]).isCloseTo(1, within(1e-6));
    }
    assertThat(thin.getParameters().values())
        .anyMatch(
            each ->
                each.getArray().getShape().equals(new Shape(24))
                    && each.getArray().toDoubleArray()[0] == 1.0 / 3);
  }

  private NDArray forward(Block block, NDArray input) {
    return block
        .forward(new ParameterStore(manager, false), new NDList(input), false)
        .singletonOrThrow();
  }

  @Test
  void apply_rounding_valuesAsTheFormulaSays() {
    Linear layer = Linear.builder().setUnits(2).optBias(false).build();
    layer.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    NDArray array = layer.getParameters().valueAt(0).getArray();
    array.set(new float[] {0.7f, -0.26f, 0.04f, 3, 1.4f, 0});
    BlockCompression.of(layer).pass(Rounding.bits(3)).apply();
    // Three steps to each side: of 0.7 / 3, and of 1.
    assertThat(array.toFloatArray())
        .containsExactly(new float[] {0.7f, -0.7f / 3, 0, 3, 1, 0}, within(1e-6f));
  }

  @Test
  void apply_layerThatIsUsedTwice_isOne() {
    Linear layer = Linear.builder().setUnits(6).build();
    SequentialBlock network = new SequentialBlock().add(layer).add(layer);
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 6));
    BlockWeights weights = new BlockWeights(network);
    assertThat(weights.layers()).hasSize(1);
    BlockCompression.of(network)
        .prune(ZeroedWeights.slices(weights.layers().get(0).name(), 0, 2, 4))
        .apply();
    assertThat(zeros(values(network, network.getParameters().keys().get(0)))).isEqualTo(12);
  }

  @Test
  void apply_failsOrCancelled_blockIsAsItWas() {
    SequentialBlock network = network();
    float[] before = values(network, weight(network, 1));
    BlockCompression pruned = BlockCompression.of(network).prune(Pruning.magnitude());
    assertThatThrownBy(() -> pruned.share(WeightSharing.kMeans(4).exclude("none")).apply())
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("block SequentialBlock has no layer weight named [none]");
    assertThatThrownBy(() -> pruned.stopSignal(() -> true).apply())
        .isInstanceOf(CancellationException.class);
    assertThat(values(network, weight(network, 1))).isEqualTo(before);
    Linear fresh = Linear.builder().setUnits(2).build();
    assertThatThrownBy(() -> BlockCompression.of(fresh))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not initialized");
  }

  @Test
  void factorized_layerOfLowRank_answersStay() {
    Linear layer = Linear.builder().setUnits(30).build();
    layer.initialize(manager, DataType.FLOAT32, new Shape(2, 40));
    NDArray left = manager.randomNormal(new Shape(30, 3));
    NDArray right = manager.randomNormal(new Shape(3, 40));
    layer.getDirectParameters().get("weight").getArray().set(left.matMul(right).toFloatArray());
    layer.getDirectParameters().get("bias").getArray().set(left.get(":, 0").toFloatArray());
    Block thin = BlockCompression.factorized(layer, Factorization.energy(0.99999));
    assertThat(thin.getChildren()).hasSize(2);
    long weights =
        thin.getParameters().values().stream().mapToLong(each -> each.getArray().size()).sum();
    assertThat(weights).isEqualTo(3 * 40 + 30 * 3 + 30);
    assertThat(run(thin, new Shape(2, 40)))
        .containsExactly(run(layer, new Shape(2, 40)), within(1e-3f));
  }

  @ParameterizedTest
  @EnumSource(ConvolutionFactors.class)
  void factorized_convolutionOfTwoProducts_answersStay(ConvolutionFactors way) {
    SequentialBlock network = network();
    network.getParameters().get(weight(network, 0)).getArray().set(sumOfTwoProducts());
    float[] before = run(network, new Shape(2, 4, 8, 8));
    Map<String, List<Integer>> full =
        Map.of(weight(network, 0), way == ConvolutionFactors.TUCKER ? List.of(2, 2) : List.of(2));
    Block thin = BlockCompression.factorized(network, Factorization.ranks(full).convolutions(way));
    assertThat(run(network, new Shape(2, 4, 8, 8))).isEqualTo(before);
    if (way == ConvolutionFactors.NONE) {
      assertThat(thin).isSameAs(network);
      return;
    }
    assertThat(thin).isNotSameAs(network);
    assertThat(thin.getChildren().valueAt(0).getChildren())
        .hasSize(way == ConvolutionFactors.TUCKER ? 3 : 2);
    assertThat(thin.getChildren().valueAt(4)).isSameAs(network.getChildren().valueAt(4));
    assertThat(run(thin, new Shape(2, 4, 8, 8))).containsExactly(before, within(1e-4f));
  }

  /** Of 8 outputs, 4 inputs, 3 rows and 3 columns each. */
  private static float[] sumOfTwoProducts() {
    float[] weights = new float[8 * 4 * 9];
    for (int i = 0; i < weights.length; i++) {
      int output = i / 36;
      int input = i / 9 % 4;
      int row = i / 3 % 3;
      int column = i % 3;
      weights[i] =
          (float)
              (0.3 * Math.sin(output + 1) * Math.cos(input) * (row - 0.6) * (column + 0.2)
                  + 0.2 * Math.cos(3 * output) * (input - 1.4) * (2 - row) * (column * column - 1));
    }
    return weights;
  }

  @Test
  void factorized_halfTheSize_hasFewerWeightsAndTrainsOn() {
    SequentialBlock network = network();
    Block thin = BlockCompression.factorized(network, Factorization.size(0.5));
    assertThat(size(thin)).isLessThan(0.65 * size(network));
    assertThat(thin.isInitialized()).isTrue();
    assertThat(thin.getOutputShapes(new Shape[] {new Shape(2, 4, 8, 8)})[0])
        .isEqualTo(new Shape(2, 5));
  }

  private static double size(Block block) {
    return block.getParameters().values().stream().mapToLong(each -> each.getArray().size()).sum();
  }
}
