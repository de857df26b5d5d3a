package io.vivace.core;

import io.vivace.core.model.Signature;
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
   * Answers many items, in batches where the model allows it.
   *
   * @param items the items; may be empty
   * @return one answer per item, in order
   * @throws PartialResultException if items failed: it carries the answers of the others and the
   *     error of each that failed
   * @throws PredictorClosedException if the predictor is closed before the call
   */
  default List<O> predictAll(List<? extends I> items) {
    List<Outcome<O>> outcomes = predictEach(items);
    for (Outcome<O> outcome : outcomes) {
      if (!outcome.isAnswered()) {
        throw new PartialResultException(outcomes);
      }
    }
    return outcomes.stream().map(Outcome::get).toList();
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
   * Answers one item on a thread of the predictor. The item must not be changed before the answer
   * is there.
   *
   * @param item the item
   * @return the answer to come; it fails with what {@link #predict} throws, and with {@link
   *     OverloadedException} at once if too much is pending
   */
  CompletableFuture<O> predictAsync(I item);

  /**
   * Returns the inputs and outputs of the model.
   *
   * @return the signature
   */
  Signature signature();

  /**
   * Stops taking calls, lets what runs finish and frees the model. May be called twice, and while
   * other threads predict: each of them gets its answer or a {@link PredictorClosedException}.
   */
  @Override
  void close();
}
