package io.vivace.core.serve;

import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import java.util.List;

/**
 * A predictor whose model can be replaced while it serves. Thread-safe.
 *
 * <pre>{@code
 * try (SwappablePredictor<float[], Classification> predictor = Predictor.builder()
 *     .model(ModelSource.path(Path.of("digits-1.onnx")))
 *     .input(VectorInput.floats(64))
 *     .output(ClassificationOutput.softmax(labels))
 *     .buildSwappable()) {
 *   predictor.predict(pixels);                                     // version 1
 *   predictor.swap(ModelSource.path(Path.of("digits-2.onnx")));    // others go on predicting
 *   predictor.predict(pixels);                                     // version 2
 *   predictor.rollback();                                          // digits-1.onnx again
 * }
 * }</pre>
 *
 * <p>A swap opens the new model with the same codecs and options, checks that its signature is that
 * of the old one, warms it up, and only then lets it take over, in one step. A request that has
 * begun is finished by the version that it began with, also a call of many items and one whose
 * answer comes later; after the last of them the old model is closed. If anything fails before the
 * new model takes over, the old one serves on and nothing is left of the new one.
 *
 * <p>Both models are in memory while one takes over from the other. Swaps and rollbacks happen one
 * after the other; requests never wait for them.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public interface SwappablePredictor<I, O> extends Predictor<I, O> {
  /**
   * Replaces the model. Returns when the new one has taken over; the old one may still be finishing
   * requests then.
   *
   * @param source the new model; give each version a file of its own, so that a rollback finds what
   *     was there
   * @return the version that serves now
   * @throws io.vivace.core.ModelLoadException if the model cannot be opened, or has other inputs or
   *     outputs than the one that serves; the message lists the differences
   * @throws IllegalArgumentException if the codecs or options do not fit the model
   * @throws io.vivace.core.PredictorClosedException if the predictor is closed, before or meanwhile
   * @throws io.vivace.core.InferenceInterruptedException if the thread is interrupted while it
   *     waits for another swap
   */
  ServedVersion swap(ModelSource source);

  /**
   * Goes back to the model before the current one: opens it again from its source and swaps it in,
   * as a new version. Called twice, it goes back by two. At most 100 steps are remembered.
   *
   * @return the version that serves now
   * @throws IllegalStateException if there is no earlier model
   * @throws io.vivace.core.ModelLoadException if the model cannot be opened again; the current one
   *     serves on
   * @throws io.vivace.core.PredictorClosedException if the predictor is closed, before or meanwhile
   * @throws io.vivace.core.InferenceInterruptedException if the thread is interrupted while it
   *     waits for another swap
   */
  ServedVersion rollback();

  /**
   * Returns the version that takes requests.
   *
   * @return the current version; the last one if the predictor is closed
   */
  ServedVersion version();

  /**
   * Returns the versions there were.
   *
   * @return the oldest first; all that are not closed yet, and the last ones that are, 100 at most
   */
  List<ServedVersion> versions();

  /**
   * Holds on to the current version: the predictor that is returned is answered by it for as long
   * as it is open, whatever is swapped meanwhile. For work of many calls that must agree with each
   * other. The old model stays in memory until the pinned predictor is closed.
   *
   * @return a predictor to be closed by the caller; closing it does not close this one, and closing
   *     this one leaves it open
   * @throws io.vivace.core.PredictorClosedException if this predictor is closed
   */
  Predictor<I, O> pin();
}
