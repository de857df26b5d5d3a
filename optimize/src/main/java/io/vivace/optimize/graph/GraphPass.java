package io.vivace.optimize.graph;

/**
 * A change to a model: quantization, pruning, or one of your own. Passes run one after the other on
 * the same graph.
 */
@FunctionalInterface
public interface GraphPass {
  /**
   * Changes a model.
   *
   * @param model the model; changed in place. After an exception it is no longer used
   * @param context how much of the machine to use, and who listens
   * @throws GraphException if the pass cannot do with this graph what was asked
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  void apply(ModelGraph model, PassContext context);
}
