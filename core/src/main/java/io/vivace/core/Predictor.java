package io.vivace.core;

import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers items with a model. Thread-safe: one predictor serves any number of threads, and may be
 * closed while they call it.
 *
 * <p>Implementations run a native model, but also stubs, fallbacks and ensembles are predictors, so
 * that code written against this interface is tested without an engine.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public interface Predictor<I, O> extends AutoCloseable {
  /**
   * Starts building a predictor that runs a model.
   *
   * @return the first stage: which model
   */
  static PredictorBuilder.ModelStage builder() {
    return PredictorBuilder.start();
  }

  /**
   * Makes a predictor of a function, as for a model that is written in Java.
   *
   * <p>It answers on the calling thread, or in the common pool if asked asynchronously; its
   * signature is {@link Signature#UNDECLARED}. What the function throws becomes an {@link
   * EngineException}, unless it is an {@link InferenceException} already; null is no answer.
   *
   * @param function gives the answer of an item; must be thread-safe
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return the predictor
   */
  static <I, O> Predictor<I, O> of(Function<? super I, ? extends O> function) {
    return new FunctionPredictor<>(function);
  }

  /**
   * Answers one item on the calling thread.
   *
   * @param item the item
   * @return the answer
   * @throws InvalidInputException if the item is null or does not fit the model
   * @throws EngineException if the engine fails
   * @throws PredictorClosedException if the predictor is closed
   * @throws InferenceInterruptedException if the thread is interrupted while it waits for its turn
   */
  O predict(I item);

  /**
   * Answers one item with options for this call.
   *
   * <p>The default implementation calls {@link #predict(Object)} and keeps the deadline in so far
   * as an answer that came too late is not returned.
   *
   * @param item the item
   * @param options deadline, priority and key
   * @return the answer
   * @throws InvalidInputException if the item is null or does not fit the model
   * @throws DeadlineExceededException if there is no answer in time
   * @throws OverloadedException if too much is pending
   * @throws EngineException if the engine fails
   * @throws PredictorClosedException if the predictor is closed
   * @throws InferenceInterruptedException if the thread is interrupted while it waits for its turn
   */
  default O predict(I item, CallOptions options) {
    LateAnswers late = new LateAnswers(options);
    return late.check(predict(item));
  }

  /**
   * Answers many items, in batches where the model allows it.
   *
   * @param items the items; may be empty
   * @return one answer per item, in order
   * @throws PartialResultException if items failed: it carries the answers of the others and the
   *     error of each that failed
   * @throws PredictorClosedException if the predictor is closed before the call
   */
  default List<O> predictAll(List<? extends I> items) {
    return PartialResultException.answers(predictEach(items));
  }

  /**
   * Answers many items with options for this call.
   *
   * @param items the items; may be empty
   * @param options deadline of the whole call, priority and key
   * @return one answer per item, in order
   * @throws PartialResultException if items failed, be it for want of time: it carries the answers
   *     of the others and the error of each that failed
   * @throws PredictorClosedException if the predictor is closed before the call
   */
  default List<O> predictAll(List<? extends I> items, CallOptions options) {
    return PartialResultException.answers(predictEach(items, options));
  }

  /**
   * Answers many items, in batches where the model allows it, and never fails as a whole for the
   * sake of one item.
   *
   * @param items the items; may be empty
   * @return an answer or an error per item, in order
   * @throws PredictorClosedException if the predictor is closed before the call
   */
  List<Outcome<O>> predictEach(List<? extends I> items);

  /**
   * Answers many items with options for this call, and never fails as a whole for the sake of one.
   *
   * <p>The default implementation calls {@link #predictEach(List)} and keeps the deadline in so far
   * as answers that came too late are failures.
   *
   * @param items the items; may be empty
   * @param options deadline of the whole call, priority and key
   * @return an answer or an error per item, in order
   * @throws PredictorClosedException if the predictor is closed before the call
   */
  default List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    LateAnswers late = new LateAnswers(options);
    return late.check(predictEach(items));
  }

  /**
   * Answers one item on a thread of the predictor. The item must not be changed before the answer
   * is there.
   *
   * @param item the item
   * @return the answer to come; it fails with what {@link #predict} throws, and with {@link
   *     OverloadedException} at once if too much is pending
   */
  CompletableFuture<O> predictAsync(I item);

  /**
   * Answers one item on a thread of the predictor, with options for this call. The item must not be
   * changed before the answer is there. Cancelling the future takes the call back.
   *
   * <p>The default implementation calls {@link #predictAsync(Object)}, and fails and cancels what
   * has no answer in time.
   *
   * @param item the item
   * @param options deadline, priority and key
   * @return the answer to come; it fails with what {@link #predict(Object, CallOptions)} throws
   */
  default CompletableFuture<O> predictAsync(I item, CallOptions options) {
    LateAnswers late = new LateAnswers(options);
    return late.check(predictAsync(item));
  }

  /**
   * Returns the inputs and outputs of the model.
   *
   * @return the signature
   */
  Signature signature();

  /**
   * Returns the models that answer now, with the engine and the device of each, as for a record of
   * what made a result.
   *
   * @return the models; by default none, as for a function, or where a predictor does not say
   * @throws PredictorClosedException if the model can be swapped and the predictor is closed
   */
  default List<ModelVersion> models() {
    return List.of();
  }

  /**
   * Stops taking calls, lets what runs finish and frees the model. May be called twice, and while
   * other threads predict: each of them gets its answer or a {@link PredictorClosedException}.
   */
  @Override
  void close();
}
