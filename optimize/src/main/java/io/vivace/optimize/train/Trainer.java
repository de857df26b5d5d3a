package io.vivace.optimize.train;

import ai.djl.nn.Block;
import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.train.graph.FineTuning;
import io.vivace.optimize.train.internal.BlockNetwork;
import io.vivace.optimize.train.internal.Network;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Trains a network: supervised, on DJL's PyTorch engine.
 *
 * <pre>{@code
 * Trainer<float[], Integer, Classification> trainer =
 *     Trainer.block(() -> new SequentialBlock()
 *             .add(Linear.builder().setUnits(64).build())
 *             .add(Activation.reluBlock())
 *             .add(Linear.builder().setUnits(10).build()))
 *         .input(VectorInput.floats(784))
 *         .output(ClassificationOutput.softmax(labels))
 *         .loss(Loss.crossEntropy())
 *         .optimizer(Optimizer.adam(0.001))
 *         .epochs(50)
 *         .earlyStopping(EarlyStopping.minimize("validationLoss"))
 *         .build();
 * TrainedModel<float[], Classification> model =
 *     trainer.fit(training, FitContext.<float[], Integer>defaults().validation(heldOut));
 * }</pre>
 *
 * <p>A trainer is an immutable description and thread-safe; since the engine finds the gradients of
 * one run at a time, a second {@link #fit} waits for the first. The same data, seed and options
 * give the same weights where the engine runs with one thread (system property {@code
 * ai.djl.pytorch.num_threads=1}, read when the engine starts).
 *
 * @param <X> the type of the inputs
 * @param <Y> the type of the labels
 * @param <O> the type of the answers
 */
public final class Trainer<X, Y, O> implements Estimator<X, Y, O> {
  private final TrainerOptions<X, Y, O> options;

  Trainer(TrainerOptions<X, Y, O> options) {
    this.options = options;
  }

  /**
   * Starts describing the training of a DJL block.
   *
   * @param block makes the block: each call of {@link #fit} trains a fresh one. A block that has
   *     its parameters already is trained from there
   * @return the first stage: what goes in
   */
  public static InputStage block(Supplier<? extends Block> block) {
    return stage(start -> new BlockNetwork(block.get(), start.map(Initialization::initializer)));
  }

  /**
   * Starts describing the training of an ONNX model, all of whose weights are free.
   *
   * @param source the model, an ONNX file; never changed
   * @return the first stage: what goes in
   */
  public static InputStage graph(ModelSource source) {
    return graph(FineTuning.of(source));
  }

  /**
   * Starts describing the training of an ONNX model that keeps its structure: zeros, shared values,
   * quantization. Each call of {@link #fit} opens the model anew.
   *
   * @param tuning the model, and what of it stays
   * @return the first stage: what goes in
   */
  public static InputStage graph(FineTuning tuning) {
    return stage(start -> tuning.open());
  }

  static InputStage stage(Function<Optional<Initialization>, Network> model) {
    return new InputStage() {
      @Override
      public <X> OutputStage<X> input(Preprocessor<X> preprocessor) {
        return new OutputStage<>() {
          @Override
          public <O> LossStage<X, O> output(Postprocessor<O> postprocessor) {
            return new LossStage<>() {
              @Override
              public <Y> TrainerBuilder<X, Y, O> loss(Loss<Y> loss) {
                return new TrainerBuilder<>(model, preprocessor, postprocessor, loss);
              }
            };
          }
        };
      }
    };
  }

  /** The first stage: what goes in. */
  public interface InputStage {
    /**
     * Says how an item becomes a row of the model's inputs, in training and after it.
     *
     * @param preprocessor the codec
     * @param <X> the type of the items
     * @return the next stage
     */
    <X> OutputStage<X> input(Preprocessor<X> preprocessor);
  }

  /**
   * The second stage: what comes out.
   *
   * @param <X> the type of the items
   */
  public interface OutputStage<X> {
    /**
     * Says how a row of the model's outputs becomes an answer, for metrics and after training.
     *
     * @param postprocessor the codec
     * @param <O> the type of the answers
     * @return the next stage
     */
    <O> LossStage<X, O> output(Postprocessor<O> postprocessor);
  }

  /**
   * The third stage: what is to become small.
   *
   * @param <X> the type of the items
   * @param <O> the type of the answers
   */
  public interface LossStage<X, O> {
    /**
     * Sets the loss.
     *
     * @param loss the loss
     * @param <Y> the type of the labels
     * @return the builder, for options
     */
    <Y> TrainerBuilder<X, Y, O> loss(Loss<Y> loss);
  }

  /**
   * Trains.
   *
   * <p>Reports after each epoch, stage {@code epoch}: {@code loss}, {@code learningRate}, with
   * validation data {@code validationLoss} and each metric, and {@code secondsLeft} if all epochs
   * are run.
   *
   * @param training the examples to learn from, at least one
   * @param context validation data, seed, progress and stop signal
   * @return the trained model, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples: there are none,
   *     one does not fit the codec or the loss, or a feature is not finite
   * @throws TrainingException if the loss diverges, a checkpoint cannot be used, or the engine is
   *     missing
   * @throws java.util.concurrent.CancellationException if the stop signal was given before the end
   */
  @Override
  public TrainedModel<X, O> fit(Dataset<X, Y> training, FitContext<X, Y> context) {
    return Fit.run(options, training, context);
  }

  /**
   * Trains with {@linkplain FitContext#defaults() the defaults}.
   *
   * @param training the examples to learn from, at least one
   * @return the trained model, to be closed by the caller
   * @throws IllegalArgumentException if nothing can be learnt from such examples
   * @throws TrainingException as for {@link #fit(Dataset, FitContext)}
   */
  @Override
  public TrainedModel<X, O> fit(Dataset<X, Y> training) {
    return fit(training, FitContext.defaults());
  }

  /**
   * Starts training whose examples come later, one part after another.
   *
   * @param example any input; only its shape matters, for a block that has no parameters yet
   * @param seed where all randomness comes from
   * @return training that has not learnt yet, to be closed by the caller
   * @throws IllegalArgumentException if the example does not fit the codec, or the trainer has
   *     options that need epochs: holdOut, metrics, early stopping, augmentation, checkpoints; or
   *     its loss looks inside the network, as that of a {@link
   *     io.vivace.optimize.distill.Distillation} with matches
   * @throws TrainingException if the engine is missing
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while another
   *     training of this JVM runs
   */
  public OnlineTraining<X, Y, O> online(X example, long seed) {
    return OnlineTraining.start(options, example, seed);
  }

  /**
   * Returns the options.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "Trainer[%s, epochs=%d, batchSize=%d]"
        .formatted(options.optimizer(), options.epochs(), options.batchSize());
  }
}
