package io.vivace.core.internal.run;

import io.vivace.core.CallOptions;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Request;
import io.vivace.core.internal.schedule.Scheduler;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers items with a DJL translator. DJL's predictors serve one thread each, so there is one for
 * each run that may happen at a time.
 */
final class TranslatorPredictor<I, O> implements Predictor<I, O>, Observed {
  private final TranslatedModel<I, O> served;
  private final Admission admission;
  private final Scheduler<I, O, TranslatorSlot<I, O>> scheduler;
  private final CallClock clock;
  private final Events events;
  private final int batchSize;

  /**
   * Takes over a loaded model.
   *
   * @param batchSize how many items of one call go into one batch
   */
  TranslatorPredictor(
      TranslatedModel<I, O> served,
      Admission admission,
      Scheduler<I, O, TranslatorSlot<I, O>> scheduler,
      CallClock clock,
      int batchSize) {
    this.served = served;
    this.admission = admission;
    this.scheduler = scheduler;
    this.clock = clock;
    this.events = scheduler.events();
    this.batchSize = batchSize;
  }

  @Override
  public O predict(I item) {
    return predict(item, CallOptions.defaults());
  }

  @Override
  public O predict(I item, CallOptions options) {
    long allowed = clock.allowedNanos(options);
    if (allowed == Request.NO_DEADLINE && !VirtualThreads.isCurrent()) {
      return direct(item);
    }
    long arrived = clock.getAsLong();
    int pending = admit(item, arrived, allowed);
    long deadline = CallClock.deadline(arrived, allowed);
    return scheduler.call(item, 0, options.priority(), arrived, deadline, pending, false);
  }

  private O direct(I item) {
    long arrived = clock.getAsLong();
    admission.enter(Request.NO_DEADLINE);
    try {
      O answer = run(checked(item));
      events.completed(0, clock.getAsLong() - arrived);
      return answer;
    } catch (InferenceException e) {
      events.failed(e, clock.getAsLong() - arrived);
      throw e;
    } finally {
      admission.leave();
    }
  }

  private O run(I item) {
    TranslatorSlot<I, O> slot = served.slots().take();
    try {
      return slot.run(List.of(item)).get(0);
    } finally {
      give(slot);
    }
  }

  private void give(TranslatorSlot<I, O> slot) {
    served.slots().give(slot);
    scheduler.slotFreed();
  }

  private int admit(I item, long arrived, long allowedNanos) {
    int pending = admission.enter(allowedNanos);
    try {
      checked(item);
      return pending;
    } catch (InvalidInputException e) {
      admission.leave();
      events.failed(e, clock.getAsLong() - arrived);
      throw e;
    }
  }

  private static <I> I checked(@Nullable I item) {
    if (item == null) {
      throw new InvalidInputException("an item must not be null");
    }
    return item;
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return predictAsync(item, CallOptions.defaults());
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    long arrived = clock.getAsLong();
    long allowed = clock.allowedNanos(options);
    int pending;
    try {
      pending = admit(item, arrived, allowed);
    } catch (InferenceException e) {
      return CompletableFuture.failedFuture(e);
    }
    long deadline = CallClock.deadline(arrived, allowed);
    return scheduler.submit(item, 0, options.priority(), arrived, deadline, pending);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    Objects.requireNonNull(items, "items must not be null");
    long arrived = clock.getAsLong();
    admission.enter(Request.NO_DEADLINE);
    try {
      List<Outcome<O>> outcomes = new ArrayList<>(items.size());
      for (int from = 0; from < items.size(); from += batchSize) {
        int to = Math.min(items.size(), from + batchSize);
        outcomes.addAll(batch(new ArrayList<>(items.subList(from, to))));
      }
      tell(outcomes, arrived);
      return outcomes;
    } finally {
      admission.leave();
    }
  }

  private void tell(List<Outcome<O>> outcomes, long arrived) {
    long total = clock.getAsLong() - arrived;
    for (Outcome<O> outcome : outcomes) {
      if (outcome.isAnswered()) {
        events.completed(0, total);
      } else {
        events.failed(outcome.error(), total);
      }
    }
  }

  private List<Outcome<O>> batch(List<I> items) {
    List<Integer> places = new ArrayList<>();
    @Nullable Outcome<O>[] outcomes = newOutcomes(items.size());
    for (int i = 0; i < outcomes.length; i++) {
      if (items.get(i) == null) {
        outcomes[i] = Outcome.failed(new InvalidInputException("an item must not be null"));
      } else {
        places.add(i);
      }
    }
    if (!places.isEmpty()) {
      TranslatorSlot<I, O> slot = served.slots().take();
      try {
        new Part(slot, items, places, outcomes).run(0, places.size());
      } finally {
        give(slot);
      }
    }
    return java.util.Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  @SuppressWarnings("unchecked") // an array of a generic type
  private static <O> @Nullable Outcome<O>[] newOutcomes(int size) {
    return (Outcome<O>[]) new Outcome<?>[size];
  }

  /** Runs the items of a call on one slot. */
  private final class Part extends Bisection {
    private final TranslatorSlot<I, O> slot;
    private final List<I> items;
    private final List<Integer> places;
    private final @Nullable Outcome<O>[] outcomes;

    Part(
        TranslatorSlot<I, O> slot,
        List<I> items,
        List<Integer> places,
        @Nullable Outcome<O>[] outcomes) {
      this.slot = slot;
      this.items = items;
      this.places = places;
      this.outcomes = outcomes;
    }

    @Override
    void attempt(int from, int count) {
      List<O> answers =
          slot.run(places.subList(from, from + count).stream().map(items::get).toList());
      for (int i = 0; i < count; i++) {
        outcomes[places.get(from + i)] = Outcome.of(answers.get(i));
      }
    }

    @Override
    void fail(int row, InferenceException error) {
      outcomes[places.get(row)] = Outcome.failed(error);
    }

    @Override
    void failed(int count, Throwable error) {
      events.runFailed(count, error);
    }
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    Objects.requireNonNull(items, "items must not be null");
    long allowed = clock.allowedNanos(options);
    if (allowed == Request.NO_DEADLINE) {
      return predictEach(items);
    }
    List<CompletableFuture<O>> futures = new ArrayList<>(items.size());
    for (I item : items) {
      futures.add(predictAsync(item, options));
    }
    return futures.stream().map(TranslatorPredictor::outcome).toList();
  }

  private static <O> Outcome<O> outcome(CompletableFuture<O> future) {
    try {
      return Outcome.of(future.join());
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof InferenceException error) {
        return Outcome.failed(error);
      }
      throw e;
    }
  }

  @Override
  public ModelVersion modelVersion() {
    return scheduler.events().model();
  }

  @Override
  public List<ModelVersion> models() {
    return List.of(modelVersion());
  }

  @Override
  public Signature signature() {
    return served.model().signature();
  }

  @Override
  public void close() {
    if (admission.close()) {
      scheduler.close();
    }
  }

  @Override
  public String toString() {
    return "Predictor[" + served.name() + ", " + signature() + "]";
  }
}
