package io.vivace.optimize.graph;

/**
 * A pass that gives weights other values and leaves all else as it is, so that it needs no graph:
 * it works on ONNX files, TorchScript archives and DJL blocks alike.
 */
public interface WeightPass extends GraphPass {
  /**
   * Changes weights.
   *
   * @param model the weights; changed in place. After an exception they are no longer used
   * @param context how much of the machine to use, and who listens
   * @throws GraphException if the pass cannot do with these weights what was asked
   * @throws java.util.concurrent.CancellationException if the stop signal was given
   */
  void change(ModelWeights model, PassContext context);

  @Override
  default void apply(ModelGraph model, PassContext context) {
    change(model, context);
  }
}
