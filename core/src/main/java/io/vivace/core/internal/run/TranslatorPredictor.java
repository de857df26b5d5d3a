package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Signature;
import io.vivace.core.spi.LoadedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Answers items with a DJL translator. DJL's predictors serve one thread each, so there is one for
 * each run that may happen at a time.
 */
final class TranslatorPredictor<I, O> implements Predictor<I, O> {
  private final String name;
  private final LoadedModel model;
  private final ModelArtifact artifact;
  private final SlotPool<TranslatorSlot<I, O>> slots;
  private final Workers workers;
  private final int batchSize;
  private final Lease lease = new Lease(this::destroy);

  /**
   * Takes over a loaded model.
   *
   * @param maxBatchSize how many items go into one batch
   */
  TranslatorPredictor(
      String name,
      LoadedModel model,
      ModelArtifact artifact,
      Supplier<TranslatorSlot<I, O>> slots,
      int concurrency,
      int maxBatchSize,
      Workers workers) {
    this.name = name;
    this.model = model;
    this.artifact = artifact;
    this.workers = workers;
    this.batchSize = maxBatchSize;
    this.slots = new SlotPool<>(concurrency, slots);
  }

  @Override
  public O predict(I item) {
    acquire();
    try {
      return answer(item).get();
    } finally {
      lease.release();
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return lease.acquire()
        ? workers.submit(() -> answer(item).get(), lease)
        : CompletableFuture.failedFuture(Workers.closed(name));
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    Objects.requireNonNull(items, "items must not be null");
    acquire();
    try {
      List<Outcome<O>> outcomes = new ArrayList<>(items.size());
      for (int from = 0; from < items.size(); from += batchSize) {
        int to = Math.min(items.size(), from + batchSize);
        outcomes.addAll(batch(new ArrayList<>(items.subList(from, to))));
      }
      return outcomes;
    } finally {
      lease.release();
    }
  }

  /** Runs items together and, if that fails, each alone, so that only the bad ones fail. */
  private List<Outcome<O>> batch(List<I> items) {
    if (items.size() > 1 && items.stream().allMatch(Objects::nonNull)) {
      try {
        return run(items).stream().map(Outcome::of).toList();
      } catch (InferenceException e) {
        if (e.code() == InferenceException.Code.INTERRUPTED) {
          throw e;
        }
      }
    }
    return items.stream().map(this::answer).toList();
  }

  private Outcome<O> answer(I item) {
    if (item == null) {
      return Outcome.failed(new InvalidInputException("an item must not be null"));
    }
    try {
      return Outcome.of(run(List.of(item)).get(0));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    }
  }

  private List<O> run(List<I> items) {
    TranslatorSlot<I, O> slot = slots.take();
    try {
      return slot.run(items);
    } finally {
      slots.give(slot);
    }
  }

  private void acquire() {
    if (!lease.acquire()) {
      throw Workers.closed(name);
    }
  }

  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public void close() {
    if (lease.close()) {
      workers.close();
    }
  }

  private void destroy() {
    slots.forEach(TranslatorSlot::close);
    model.close();
    artifact.close();
  }

  @Override
  public String toString() {
    return "Predictor[" + name + ", " + signature() + "]";
  }
}
