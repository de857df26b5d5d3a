package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.model.Signature;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Runs a model on the calling thread: lease, slot, one native call, answer. */
final class ModelPredictor<I, O> implements Predictor<I, O> {
  private final ServedModel served;
  private final Preprocessor<I> preprocessor;
  private final Postprocessor<O> postprocessor;
  private final Workers workers;
  private final int maxBatchSize;

  /** What a row has cost lately. Racy on purpose: any thread's recent value will do. */
  private long nanosPerRow;

  ModelPredictor(
      ServedModel served,
      Preprocessor<I> preprocessor,
      Postprocessor<O> postprocessor,
      Workers workers,
      int maxBatchSize,
      long nanosPerRow) {
    this.nanosPerRow = nanosPerRow;
    this.served = served;
    this.preprocessor = preprocessor;
    this.postprocessor = postprocessor;
    this.workers = workers;
    this.maxBatchSize = maxBatchSize;
  }

  @Override
  public O predict(I item) {
    lease();
    try {
      return run(encode(item));
    } finally {
      served.lease().release();
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    if (!served.lease().acquire()) {
      return CompletableFuture.failedFuture(Workers.closed(served.name()));
    }
    EncodedRow row;
    try {
      row = encode(item);
    } catch (InferenceException e) {
      served.lease().release();
      return CompletableFuture.failedFuture(e);
    }
    return workers.submit(() -> run(row), served.lease());
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    Objects.requireNonNull(items, "items must not be null");
    lease();
    try {
      return new BatchCall<>(this, items).run();
    } finally {
      served.lease().release();
    }
  }

  EncodedRow encode(I item) {
    if (item == null) {
      throw new InvalidInputException("an item must not be null");
    }
    try {
      EncodedRow row = preprocessor.encode(item);
      if (served.layout().isOpen()) {
        served.layout().check(row);
      }
      return row;
    } catch (RuntimeException e) {
      throw Slot.invalid(e);
    }
  }

  private O run(EncodedRow row) {
    Slot slot = served.slots().take();
    try {
      slot.run(row);
      return slot.decode(0, postprocessor);
    } finally {
      served.slots().give(slot);
    }
  }

  private void lease() {
    if (!served.lease().acquire()) {
      throw Workers.closed(served.name());
    }
  }

  ServedModel served() {
    return served;
  }

  Postprocessor<O> postprocessor() {
    return postprocessor;
  }

  Workers workers() {
    return workers;
  }

  int maxBatchSize() {
    int fixed = served.layout().fixedBatch();
    return fixed == Layout.ANY_BATCH ? maxBatchSize : fixed;
  }

  long nanosPerRow() {
    return nanosPerRow;
  }

  void nanosPerRow(long nanos) {
    nanosPerRow = nanos;
  }

  @Override
  public Signature signature() {
    return served.signature();
  }

  @Override
  public void close() {
    if (served.lease().close()) {
      workers.close();
    }
  }

  @Override
  public String toString() {
    return "Predictor[" + served.name() + ", " + served.signature() + "]";
  }
}
