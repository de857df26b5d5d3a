package io.vivace.optimize.train.block;

import ai.djl.nn.Block;
import io.vivace.core.StopSignal;
import io.vivace.optimize.factorize.Factorization;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.WeightPass;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Compresses a DJL block in memory, as between two times of training. Immutable: each pass and
 * option returns a changed copy.
 *
 * <pre>{@code
 * BlockCompression.of(block).prune(Pruning.magnitude().sparsity(0.8)).apply(); // in place
 * Block thin = BlockCompression.factorized(block, Factorization.size(0.5)); // a new block
 * }</pre>
 *
 * <p>Passes see the weights of two or more axes of single precision, by the names that {@code
 * Block.getParameters()} gives, as {@code 01Linear_weight}. A parameter that several parts share is
 * one. Biases and the parameters of normalizations stay. Passes that change a graph (quantization
 * to integers, structural pruning, packing) are for files: write the block with {@link
 * io.vivace.optimize.train.export.BlockExport} first.
 *
 * <p>Defaults: a thread per processor, the stop signal is never given.
 */
public final class BlockCompression {
  private final Block block;
  private final List<WeightPass> passes;
  private final PassContext context;

  private BlockCompression(Block block, List<WeightPass> passes, PassContext context) {
    this.block = block;
    this.passes = List.copyOf(passes);
    this.context = context;
  }

  /**
   * Takes a block.
   *
   * @param block a block that has its parameters
   * @return the compression, without a pass
   * @throws IllegalArgumentException if the block is not initialized
   */
  public static BlockCompression of(Block block) {
    requireInitialized(block);
    return new BlockCompression(block, List.of(), PassContext.defaults());
  }

  private static void requireInitialized(Block block) {
    if (!block.isInitialized()) {
      throw new IllegalArgumentException(
          "the block is not initialized: train it, or call initialize with the shape of its input");
    }
  }

  /**
   * Adds pruning.
   *
   * @param pruning for example {@code Pruning.magnitude().sparsity(0.8)}
   * @return a changed copy
   */
  public BlockCompression prune(WeightPass pruning) {
    return pass(pruning);
  }

  /**
   * Adds weight sharing.
   *
   * @param sharing for example {@code WeightSharing.kMeans(16)}
   * @return a changed copy
   */
  public BlockCompression share(WeightPass sharing) {
    return pass(sharing);
  }

  /**
   * Adds any pass over weights.
   *
   * @param pass runs after those that were added before
   * @return a changed copy
   */
  public BlockCompression pass(WeightPass pass) {
    List<WeightPass> more = new ArrayList<>(passes);
    more.add(Objects.requireNonNull(pass, "pass"));
    return new BlockCompression(block, more, context);
  }

  /**
   * Sets how many threads compute. Results do not depend on it.
   *
   * @param count 1 to 1,024; default: the number of processors
   * @return a changed copy
   * @throws IllegalArgumentException if {@code count} is out of this range
   */
  public BlockCompression threads(int count) {
    return new BlockCompression(block, passes, context.threads(count));
  }

  /**
   * Sets the signal that ends the work.
   *
   * @param signal the signal
   * @return a changed copy
   */
  public BlockCompression stopSignal(StopSignal signal) {
    return new BlockCompression(block, passes, context.stopSignal(signal));
  }

  /**
   * Runs the passes, and then gives the block's own arrays the new values: all or none of them.
   *
   * @return the block, changed in place
   * @throws io.vivace.optimize.graph.GraphException if a pass cannot do with these weights what was
   *     asked; the block is as it was
   * @throws java.util.concurrent.CancellationException if the stop signal was given; likewise
   */
  public Block apply() {
    BlockWeights weights = new BlockWeights(block);
    for (WeightPass pass : passes) {
      context.stopSignal().throwIfRequested();
      pass.change(weights, context);
    }
    context.stopSignal().throwIfRequested();
    weights.write();
    return block;
  }

  /**
   * Replaces {@code Linear} and {@code Conv2d} blocks by chains of thinner ones, where that saves
   * weights: the block itself, and those in {@code SequentialBlock}s at any depth. Blocks inside
   * others stay, and so do convolutions in groups. A weight has the name it has in {@code
   * Block.getParameters()}. Blocks of another precision keep it, but factors are computed in single
   * precision.
   *
   * @param block a block that has its parameters; it is left as it was
   * @param factorization how ranks are chosen, by the weights alone: {@code energy}, {@code size}
   *     or {@code ranks}
   * @return a new block that computes nearly the same; its other parts are those of the given block
   *     themselves, not copies. The given block, if nothing was replaced
   * @throws IllegalArgumentException if the block is not initialized
   * @throws io.vivace.optimize.graph.GraphException if a weight is not finite
   */
  public static Block factorized(Block block, Factorization factorization) {
    requireInitialized(block);
    return new ThinnerBlocks(factorization).of(block, "");
  }

  @Override
  public String toString() {
    return "BlockCompression[block=%s, passes=%s]"
        .formatted(block.getClass().getSimpleName(), passes);
  }
}
