package io.vivace.core;

import ai.djl.translate.Translator;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.run.Assembly;
import io.vivace.core.internal.run.Plan;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.serve.SwappablePredictor;
import io.vivace.core.spi.EngineOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Builds a {@link Predictor}: the model, its input and its output first, then options, each of
 * which has a default.
 *
 * <table>
 * <caption>Options and their defaults</caption>
 * <tr><th>option</th><th>default</th></tr>
 * <tr><td>{@link #engine(String) engine}</td><td>the one that opens the model's format</td></tr>
 * <tr><td>{@link #name(String) name}</td><td>the model's name</td></tr>
 * <tr><td>{@link #concurrency(int) concurrency}</td><td>processors / threads per run</td></tr>
 * <tr><td>{@link #maxBatchSize(int) maxBatchSize}</td><td>64</td></tr>
 * <tr><td>{@link #batching(Batching) batching}</td><td>adaptive</td></tr>
 * <tr><td>{@link #maxPending(int) maxPending}</td><td>10,000</td></tr>
 * <tr><td>{@link #overflow(Overflow) overflow}</td><td>reject</td></tr>
 * <tr><td>{@link #deadline(Duration) deadline}</td><td>none</td></tr>
 * <tr><td>{@link #listener(InferenceListener) listener}</td><td>none</td></tr>
 * <tr><td>{@link #executor(Executor) executor}</td><td>the common fork-join pool</td></tr>
 * <tr><td>{@link #warmUp(boolean) warmUp}</td><td>true</td></tr>
 * <tr><td>{@link #onnxLimits(OnnxLimits) onnxLimits}</td><td>standard</td></tr>
 * </table>
 *
 * <p>Not thread-safe. A builder may build more than one predictor.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class PredictorBuilder<I, O> {
  private final Plan<I, O> plan;

  private PredictorBuilder(Plan<I, O> plan) {
    this.plan = plan;
  }

  /** The first stage: which model. */
  public interface ModelStage {
    /**
     * Names the model.
     *
     * @param source where it comes from
     * @return the next stage
     */
    InputStage model(ModelSource source);
  }

  /** The second stage: what goes in. */
  public interface InputStage {
    /**
     * Says how an item becomes a row of the model's inputs.
     *
     * @param preprocessor the codec
     * @param <I> the type of the items
     * @return the next stage
     */
    <I> OutputStage<I> input(Preprocessor<I> preprocessor);

    /**
     * Leaves input and output to a DJL translator, with DJL's own semantics: its batchifier decides
     * how {@link Predictor#predictAll} makes batches, and with none each item runs alone. As in
     * DJL, the translator is prepared when it is first used; there is no run to warm up.
     *
     * <p>The arrays that the translator works with are PyTorch's where PyTorch is on the class
     * path. Else they are on the Java heap and have the operations that translators use most; one
     * that is missing fails with an {@link EngineException} that names it.
     *
     * @param translator the translator; must be thread-safe, as DJL asks of translators
     * @param <I> the type of the items
     * @param <O> the type of the answers
     * @return the builder, for options
     */
    <I, O> PredictorBuilder<I, O> translator(Translator<I, O> translator);
  }

  /**
   * The third stage: what comes out.
   *
   * @param <I> the type of the items
   */
  public interface OutputStage<I> {
    /**
     * Says how a row of the model's outputs becomes an answer.
     *
     * @param postprocessor the codec
     * @param <O> the type of the answers
     * @return the builder, for options
     */
    <O> PredictorBuilder<I, O> output(Postprocessor<O> postprocessor);
  }

  static ModelStage start() {
    return source ->
        new InputStage() {
          @Override
          public <I> OutputStage<I> input(Preprocessor<I> preprocessor) {
            return new OutputStage<>() {
              @Override
              public <O> PredictorBuilder<I, O> output(Postprocessor<O> postprocessor) {
                return new PredictorBuilder<>(Plan.codecs(source, preprocessor, postprocessor));
              }
            };
          }

          @Override
          public <I, O> PredictorBuilder<I, O> translator(Translator<I, O> translator) {
            return new PredictorBuilder<>(Plan.translator(source, translator));
          }
        };
  }

  /**
   * Names the engine, with its default options.
   *
   * <p>Default: the engine on the class path that opens the model's format.
   *
   * @param name an engine's name, for example {@code OnnxRuntime}; {@link #build()} fails if there
   *     is no such engine, and lists those there are
   * @return this builder
   */
  public PredictorBuilder<I, O> engine(String name) {
    return engine(name, Map.of());
  }

  /**
   * Names the engine, with options as a configuration file has them.
   *
   * @param name an engine's name
   * @param options names and values; {@link #build()} fails on an unknown name, and lists the known
   *     ones
   * @return this builder
   */
  public PredictorBuilder<I, O> engine(String name, Map<String, String> options) {
    plan.engine(name, options);
    return this;
  }

  /**
   * Chooses the engine by its typed options.
   *
   * @param options options of an engine module
   * @return this builder
   */
  public PredictorBuilder<I, O> engine(EngineOptions options) {
    plan.engine(options);
    return this;
  }

  /**
   * Names the predictor in messages, thread names and logs.
   *
   * <p>Default: the model's name.
   *
   * @param name a name, not blank
   * @return this builder
   */
  public PredictorBuilder<I, O> name(String name) {
    plan.name(name);
    return this;
  }

  /**
   * Sets how many native runs may happen at the same time. Further callers wait for their turn.
   *
   * <p>Default: available processors divided by the engine's threads per run, at least 1. Each run
   * has buffers of its own, so memory grows with this number.
   *
   * @param runs from 1 to 1,024
   * @return this builder
   */
  public PredictorBuilder<I, O> concurrency(int runs) {
    plan.concurrency(runs);
    return this;
  }

  /**
   * Sets how many rows one native run may have at most.
   *
   * <p>Default: 64. A model with a fixed batch axis is run with that size.
   *
   * @param rows from 1 to 65,536
   * @return this builder
   */
  public PredictorBuilder<I, O> maxBatchSize(int rows) {
    plan.maxBatchSize(rows);
    return this;
  }

  /**
   * Says whether and how calls of different callers run together.
   *
   * <p>Default: {@link Batching#adaptive()}, which needs no tuning.
   *
   * @param batching the kind of batching
   * @return this builder
   */
  public PredictorBuilder<I, O> batching(Batching batching) {
    plan.batching(batching);
    return this;
  }

  /**
   * Sets how many calls may be pending: those that wait and those that run, blocking ones included.
   * A call of many items counts as one. What happens to one more, {@link #overflow(Overflow)} says.
   *
   * <p>Default: 10,000.
   *
   * @param calls from 1 to 1,000,000
   * @return this builder
   */
  public PredictorBuilder<I, O> maxPending(int calls) {
    plan.maxPending(calls);
    return this;
  }

  /**
   * Says what happens to a call when {@link #maxPending(int)} calls are pending.
   *
   * <p>Default: {@link Overflow#reject()}.
   *
   * @param overflow the policy
   * @return this builder
   */
  public PredictorBuilder<I, O> overflow(Overflow overflow) {
    plan.overflow(overflow);
    return this;
  }

  /**
   * Sets how long a call may take that sets no deadline of its own. Without an answer by then it
   * fails with {@link DeadlineExceededException}: while it waits it is not run any more; a run that
   * only such calls are waiting for is ended where the engine can, and otherwise goes on without
   * them. What would confidently be late is turned away before it runs.
   *
   * <p>A blocking call with a deadline is run by a thread of the predictor, so that the caller can
   * be let go in time. That costs some 10 microseconds.
   *
   * <p>Default: none.
   *
   * @param deadline above 0, at most 365 days
   * @return this builder
   */
  public PredictorBuilder<I, O> deadline(Duration deadline) {
    plan.deadline(deadline);
    return this;
  }

  /**
   * Sets who hears what the predictor does.
   *
   * <p>Default: {@link InferenceListener#NONE}. Use {@link InferenceListener#all} for several.
   *
   * @param listener the listener; it is called on the threads that work
   * @return this builder
   */
  public PredictorBuilder<I, O> listener(InferenceListener listener) {
    plan.listener(listener);
    return this;
  }

  /**
   * Sets where futures of {@link Predictor#predictAsync} complete, and so where actions that depend
   * on them run.
   *
   * <p>Default: {@link java.util.concurrent.ForkJoinPool#commonPool()}.
   *
   * @param executor the executor; it is not shut down with the predictor
   * @return this builder
   */
  public PredictorBuilder<I, O> executor(Executor executor) {
    plan.executor(executor);
    return this;
  }

  /**
   * Says whether {@link #build()} runs the model on zeros, at the batch sizes that pay, so that the
   * first calls are not slow, what runs take is known, and a model that states no signature is
   * checked.
   *
   * <p>Default: true.
   *
   * @param warmUp whether to run the model while building
   * @return this builder
   */
  public PredictorBuilder<I, O> warmUp(boolean warmUp) {
    plan.warmUp(warmUp);
    return this;
  }

  /**
   * Sets what an ONNX file may ask for. Files are checked in Java before native code sees them.
   *
   * <p>Default: {@link OnnxLimits#standard()}.
   *
   * @param limits the limits; raise them only for files that you trust
   * @return this builder
   */
  public PredictorBuilder<I, O> onnxLimits(OnnxLimits limits) {
    plan.onnxLimits(limits);
    return this;
  }

  /**
   * Checks every option, opens the model, matches its signature with the codecs and warms up.
   *
   * @return a predictor that is ready
   * @throws IllegalArgumentException if options or codecs are at fault; the message lists all
   *     faults
   * @throws ModelLoadException if the model cannot be opened
   */
  public Predictor<I, O> build() {
    return Assembly.assemble(plan);
  }

  /**
   * Builds like {@link #build()} a predictor whose model can be replaced while it serves. Later
   * changes of this builder do not reach the models that are swapped in.
   *
   * @return a predictor that is ready
   * @throws IllegalArgumentException if options or codecs are at fault; the message lists all
   *     faults
   * @throws ModelLoadException if the model cannot be opened
   */
  public SwappablePredictor<I, O> buildSwappable() {
    return Assembly.assembleSwappable(plan);
  }

  /**
   * Returns every option with its value.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "PredictorBuilder" + plan;
  }
}
