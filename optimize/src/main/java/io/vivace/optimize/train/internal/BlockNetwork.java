package io.vivace.optimize.train.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import io.vivace.optimize.internal.AtomicFile;
import io.vivace.optimize.train.export.BlockExport;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A DJL block. Inner values are the outputs of its parts, named as the block names them. */
public final class BlockNetwork implements Network {
  private final Block block;
  private final Optional<Initializer> initializer;
  private final NDManager manager;
  private final ParameterStore store;
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> state = new LinkedHashMap<>();

  /**
   * Takes a block.
   *
   * @param block a fresh block, or one that has its parameters already
   * @param initializer what the weights of a fresh block are; empty for the block's own choice
   */
  public BlockNetwork(Block block, Optional<Initializer> initializer) {
    this.block = block;
    this.initializer = initializer;
    this.manager = TrainingEngine.newManager();
    this.store = new ReadingStore(manager);
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public void initialize(NDList inputs) {
    if (!block.isInitialized()) {
      initializer.ifPresent(chosen -> block.setInitializer(chosen, BlockNetwork::isMatrix));
      block.initialize(manager, DataType.FLOAT32, inputs.getShapes());
    }
    sortParameters();
  }

  /** Vectors keep their own start: Xavier and He are defined for matrices. */
  private static boolean isMatrix(Parameter parameter) {
    return parameter.getType() == Parameter.Type.WEIGHT;
  }

  private void sortParameters() {
    parameters.clear();
    state.clear();
    block
        .getParameters()
        .forEach(
            pair -> {
              Parameter parameter = pair.getValue();
              NDArray array = parameter.getArray();
              array.attach(manager);
              array.setRequiresGradient(parameter.requiresGradient());
              (parameter.requiresGradient() ? parameters : state).put(pair.getKey(), array);
            });
  }

  /**
   * Returns the block.
   *
   * @return the block that is trained
   */
  public Block block() {
    return block;
  }

  @Override
  public Map<String, NDArray> parameters() {
    return parameters;
  }

  @Override
  public Map<String, NDArray> state() {
    return state;
  }

  @Override
  public void freeze(Predicate<String> names) {
    block
        .getParameters()
        .forEach(
            pair -> {
              if (names.test(pair.getKey())) {
                pair.getValue().freeze(true);
              }
            });
    sortParameters();
  }

  @Override
  public NDList forward(NDList inputs, boolean training) {
    return block.forward(store, inputs, training);
  }

  @Override
  public NDList forward(NDList inputs, boolean training, List<String> inner) {
    if (inner.isEmpty()) {
      return forward(inputs, training);
    }
    InnerValues values = new InnerValues(block, store, training);
    NDList outputs = new NDList(values.run(inputs));
    inner.forEach(name -> outputs.add(values.value(name)));
    return outputs;
  }

  @Override
  public void save(Path target) {
    AtomicFile.write(target, this::writeParameters);
  }

  private void writeParameters(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out));
    block.saveParameters(data);
    data.flush();
  }

  @Override
  public void export(Path target) {
    BlockExport.write(block, target);
  }

  @Override
  public void close() {
    manager.close();
  }

  /**
   * Gives arrays that have no history where nothing is trained, so that the engine keeps none.
   * DJL's own store gives the same arrays in both cases.
   */
  private static final class ReadingStore extends ParameterStore {
    ReadingStore(NDManager manager) {
      super(manager, false);
    }

    @Override
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      if (parameter == null) {
        return null;
      }
      NDArray array = parameter.getArray();
      return training || !array.hasGradient() ? array : array.stopGradient();
    }
  }
}
