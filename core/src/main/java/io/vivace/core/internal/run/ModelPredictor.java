package io.vivace.core.internal.run;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Request;
import io.vivace.core.internal.schedule.Scheduler;
import io.vivace.core.internal.schedule.Sizing;
import io.vivace.core.internal.schedule.SlotPool;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model: a blocking call without a deadline on its own thread where a slot is free, what
 * must wait or be watched through the scheduler.
 */
final class ModelPredictor<I, O> implements Predictor<I, O>, Observed {
  /** One direct run in so many is timed, where runs are short. */
  private static final int SAMPLE = 64;

  /** Runs above this are all timed. */
  private static final long LONG_NANOS = 100_000;

  private final ServedModel served;
  private final SlotPool<Slot> slots;
  private final Preprocessor<I> preprocessor;
  private final RowEngine<O> engine;
  private final Admission admission;
  private final Scheduler<EncodedRow, O, Slot> scheduler;
  private final CallClock clock;
  private final Events events;
  private final int maxBatchSize;
  private final boolean direct;

  /**
   * Takes over a served model.
   *
   * @param maxBatchSize how many items of one call run together
   * @param direct whether calls without a deadline may run on their own threads
   */
  ModelPredictor(
      ServedModel served,
      Preprocessor<I> preprocessor,
      RowEngine<O> engine,
      Admission admission,
      Scheduler<EncodedRow, O, Slot> scheduler,
      CallClock clock,
      int maxBatchSize,
      boolean direct) {
    this.served = served;
    this.slots = served.slots();
    this.preprocessor = preprocessor;
    this.engine = engine;
    this.admission = admission;
    this.scheduler = scheduler;
    this.clock = clock;
    this.events = engine.events();
    this.maxBatchSize = maxBatchSize;
    this.direct = direct && !clock.hasDefault();
  }

  @Override
  public O predict(I item) {
    if (!direct || VirtualThreads.isCurrent()) {
      return waitFor(item, CallOptions.defaults());
    }
    int pending = admission.enter(Request.NO_DEADLINE);
    boolean mine = true;
    long arrived = events.isOn() ? clock.getAsLong() : 0;
    try {
      EncodedRow row = encode(item);
      Slot slot = scheduler.isCrowded() ? null : slots.tryTake();
      if (slot == null) {
        int group = served.layout().group(row);
        Sizing sizing = scheduler.sizing();
        if (slots.isContested()) {
          sizing.contested(group);
        }
        if (sizing.combines(group)) {
          mine = false; // the scheduler gives the permit back
          long now = clock.getAsLong();
          boolean leads = sizing.leads(group);
          return scheduler.call(row, group, 0, now, Request.NO_DEADLINE, pending, leads);
        }
        sizing.look();
        slot = slots.take();
      }
      try {
        return run(slot, row, arrived);
      } finally {
        slots.give(slot);
        scheduler.slotFreed();
      }
    } catch (InferenceException e) {
      if (mine && events.isOn()) {
        events.failed(e, clock.getAsLong() - arrived);
      }
      throw e;
    } finally {
      if (mine) {
        admission.leave();
      }
    }
  }

  private O run(Slot slot, EncodedRow row, long arrived) {
    if (events.isOn() || --slot.untilTimed < 0) {
      return timed(slot, row, arrived);
    }
    runRow(slot, row);
    return slot.decode(0, engine.postprocessor());
  }

  private void runRow(Slot slot, EncodedRow row) {
    try {
      slot.run(row);
    } catch (EngineException e) {
      events.runFailed(1, e);
      throw e;
    }
  }

  private O timed(Slot slot, EncodedRow row, long arrived) {
    long begin = clock.getAsLong();
    runRow(slot, row);
    long ran = clock.getAsLong();
    O answer = slot.decode(0, engine.postprocessor());
    int size = Math.max(1, served.layout().fixedBatch());
    long end = clock.getAsLong();
    scheduler.sizing().learn(served.layout().group(row), size, end - begin);
    slot.untilTimed = end - begin > LONG_NANOS ? 0 : SAMPLE;
    if (events.isOn()) {
      slot.tell(events, 1, end - ran);
      events.completed(begin - arrived, end - arrived);
    }
    return answer;
  }

  @Override
  public O predict(I item, CallOptions options) {
    boolean plain = options != null && options.deadline().isEmpty() && options.priority() == 0;
    return plain ? predict(item) : waitFor(item, options);
  }

  private O waitFor(I item, CallOptions options) {
    long arrived = clock.getAsLong();
    long allowed = clock.allowedNanos(options);
    Admitted admitted = admit(item, arrived, allowed);
    return scheduler.call(
        admitted.row,
        served.layout().group(admitted.row),
        options.priority(),
        arrived,
        CallClock.deadline(arrived, allowed),
        admitted.pending,
        !VirtualThreads.isCurrent());
  }

  private record Admitted(EncodedRow row, int pending) {}

  /** Encodes an item and takes a permit for it. */
  private Admitted admit(I item, long arrived, long allowedNanos) {
    int pending = admission.enter(allowedNanos);
    try {
      return new Admitted(encode(item), pending);
    } catch (Throwable e) {
      events.failed(e, clock.getAsLong() - arrived);
      admission.leave();
      throw e;
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return predictAsync(item, CallOptions.defaults());
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    long arrived = clock.getAsLong();
    long allowed = clock.allowedNanos(options);
    Admitted admitted;
    try {
      admitted = admit(item, arrived, allowed);
    } catch (InferenceException e) {
      return CompletableFuture.failedFuture(e);
    }
    return scheduler.submit(
        admitted.row,
        served.layout().group(admitted.row),
        options.priority(),
        arrived,
        CallClock.deadline(arrived, allowed),
        admitted.pending);
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    return predictEach(items, CallOptions.defaults());
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    Objects.requireNonNull(items, "items must not be null");
    long arrived = clock.getAsLong();
    long allowed = clock.allowedNanos(options);
    admission.enter(allowed);
    try {
      return new BatchCall<>(this, items, arrived, CallClock.deadline(arrived, allowed)).run();
    } finally {
      admission.leave();
    }
  }

  EncodedRow encode(@Nullable I item) {
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

  int maxBatchSize() {
    return maxBatchSize;
  }

  ServedModel served() {
    return served;
  }

  RowEngine<O> engine() {
    return engine;
  }

  Scheduler<EncodedRow, O, Slot> scheduler() {
    return scheduler;
  }

  Admission admission() {
    return admission;
  }

  CallClock clock() {
    return clock;
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
    return served.signature();
  }

  @Override
  public void close() {
    if (admission.close()) {
      scheduler.close();
    }
  }

  @Override
  public String toString() {
    return "Predictor[" + served.name() + ", " + served.signature() + "]";
  }
}
