package io.vivace.optimize.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.Signature;
import io.vivace.optimize.train.internal.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A trained network, which answers at once: on the engine that trained it, one call at a time. To
 * serve it, {@linkplain #export export} it to ONNX and open that with {@link Predictor#builder()}.
 *
 * @param <X> the type of the items
 * @param <O> the type of the answers
 */
public final class TrainedModel<X, O> implements Predictor<X, O> {
  private static final int LARGEST_BATCH = 64;

  private final Network network;
  private final Preprocessor<X> input;
  private final Encoder<X> encoder;
  private final Postprocessor<O> output;
  private final LearningCurve curve;
  private boolean closed;

  TrainedModel(
      Network network,
      Preprocessor<X> input,
      Encoder<X> encoder,
      Postprocessor<O> output,
      LearningCurve curve) {
    this.network = network;
    this.input = input;
    this.encoder = encoder;
    this.output = output;
    this.curve = curve;
  }

  /**
   * Returns what was measured in each epoch.
   *
   * @return the learning curve
   */
  public LearningCurve learningCurve() {
    return curve;
  }

  /**
   * Writes the weights in the model's own form: of a block DJL's parameter file, which {@code
   * Block.loadParameters} reads; of an ONNX graph the ONNX file.
   *
   * @param target the file; it is replaced at once when all is written
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   */
  public synchronized void save(Path target) {
    requireOpen();
    network.save(target);
  }

  /**
   * Writes an ONNX file, for any engine that runs those. Dropout is left out.
   *
   * @param target the file; it is replaced at once when all is written
   * @throws IllegalArgumentException if a part of a block has no form in ONNX, as a lambda without
   *     a name; the message names it
   * @throws java.io.UncheckedIOException if it cannot be written; the file is as it was
   */
  public synchronized void export(Path target) {
    requireOpen();
    network.export(target);
  }

  @Override
  public O predict(X item) {
    return predictEach(java.util.Collections.singletonList(item)).get(0).get();
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends X> items) {
    List<@Nullable Outcome<O>> outcomes = new ArrayList<>(items.size());
    List<X> good = new ArrayList<>();
    for (X item : items) {
      Outcome<O> failed = fault(item);
      outcomes.add(failed);
      if (failed == null) {
        good.add(item);
      }
    }
    List<Outcome<O>> answers = new ArrayList<>(good.size());
    for (int from = 0; from < good.size(); from += LARGEST_BATCH) {
      answers.addAll(answers(good.subList(from, Math.min(good.size(), from + LARGEST_BATCH))));
    }
    List<Outcome<O>> result = new ArrayList<>(items.size());
    int next = 0;
    for (Outcome<O> failed : outcomes) {
      result.add(failed != null ? failed : answers.get(next++));
    }
    requireOpen();
    return result;
  }

  private @Nullable Outcome<O> fault(@Nullable X item) {
    if (item == null) {
      return Outcome.failed(new InvalidInputException("the item must not be null"));
    }
    try {
      var row = input.encode(item);
      return row == null ? Outcome.failed(new EngineException("the preprocessor gave null")) : null;
    } catch (InferenceException e) {
      return Outcome.failed(e);
    }
  }

  private synchronized List<Outcome<O>> answers(List<X> items) {
    requireOpen();
    List<Integer> none = java.util.Collections.nCopies(items.size(), 0);
    try (NDManager manager = network.manager().newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Batch<Integer> batch = encoder.batch(Dataset.of(items, none));
      NDList outputs = network.forward(batch.arrays(manager), false);
      return OutputRow.of(outputs, batch, encoder.signature()).stream().map(this::answer).toList();
    } catch (InferenceException e) {
      return java.util.Collections.nCopies(items.size(), Outcome.failed(e));
    }
  }

  private Outcome<O> answer(OutputRow row) {
    try {
      return Outcome.of(output.decode(row));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(X item) {
    return CompletableFuture.supplyAsync(() -> predict(item));
  }

  @Override
  public Signature signature() {
    return encoder.signature();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      network.close();
    }
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new PredictorClosedException("the trained model is closed");
    }
  }
}
