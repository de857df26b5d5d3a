package io.vivace.optimize.train.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Deconvolution;
import ai.djl.nn.core.Embedding;
import ai.djl.util.Pair;
import io.vivace.optimize.graph.ModelWeights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The weights of a block and of the blocks in it, named as {@code Block.getParameters} does. */
final class BlockWeights implements ModelWeights {
  private final Block root;
  private final List<BlockLayer> layers = new ArrayList<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  BlockWeights(Block root) {
    this.root = root;
    collect(root, "");
  }

  private void collect(Block block, String path) {
    for (Pair<String, Parameter> pair : block.getDirectParameters()) {
      Parameter parameter = pair.getValue();
      if (parameter.getType() == Parameter.Type.WEIGHT
          && isMatrix(parameter)
          && seen.add(parameter)) {
        layers.add(
            new BlockLayer(
                path + pair.getKey(),
                parameter.getArray(),
                block instanceof Deconvolution ? 1 : 0,
                block instanceof Embedding<?>));
      }
    }
    for (Pair<String, Block> child : block.getChildren()) {
      if (seen.add(child.getValue())) {
        collect(child.getValue(), path + child.getKey() + "_");
      }
    }
  }

  private static boolean isMatrix(Parameter parameter) {
    NDArray array = parameter.getArray();
    return array.getDataType() == DataType.FLOAT32
        && array.getShape().dimension() >= 2
        && array.size() > 0;
  }

  @Override
  public String name() {
    return "block " + root.getClass().getSimpleName();
  }

  @Override
  public List<BlockLayer> layers() {
    return layers;
  }

  void write() {
    layers.forEach(BlockLayer::write);
  }
}
