package io.vivace.optimize.train.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs a chain of blocks one by one and keeps what each gives. Chains inside chains are followed;
 * their parts are named {@code outer/inner}.
 */
final class InnerValues {
  private final Block block;
  private final ParameterStore store;
  private final boolean training;
  private final Map<String, NDArray> values = new LinkedHashMap<>();

  InnerValues(Block block, ParameterStore store, boolean training) {
    this.block = block;
    this.store = store;
    this.training = training;
  }

  NDList run(NDList inputs) {
    return run(block, inputs, "");
  }

  private NDList run(Block part, NDList inputs, String path) {
    if (!(part instanceof SequentialBlock chain) || chain.isReturnIntermediate()) {
      return part.forward(store, inputs, training);
    }
    NDList current = inputs;
    for (Pair<String, Block> child : chain.getChildren()) {
      String name = path.isEmpty() ? child.getKey() : path + '/' + child.getKey();
      current = run(child.getValue(), current, name);
      values.put(name, current.head());
    }
    return current;
  }

  NDArray value(String name) {
    NDArray found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "the block has no part \"%s\" whose value can be had, there are %s"
              .formatted(name, NearNames.of(name, values.keySet())));
    }
    return found;
  }
}
