package io.vivace.core.internal.run;

import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.Outcome;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.internal.run.Batches.Run;
import io.vivace.core.internal.schedule.Events;
import io.vivace.core.internal.schedule.Request;
import io.vivace.core.internal.schedule.Sizing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One call of many items: encodes them, cuts them into runs, and lets workers take some of the runs
 * where there is enough to do.
 */
final class BatchCall<I, O> {
  /** Below this much work a second thread costs more than it saves. */
  private static final long WORTH_SHARING_NANOS = 300_000;

  private final ModelPredictor<I, O> predictor;
  private final ServedModel served;
  private final int size;
  private final int[] positions;
  private final EncodedRow[] rows;
  private final @Nullable InferenceException[] itemFailures;
  private final @Nullable InferenceException[] rowFailures;
  private final @Nullable Object[] answers;
  private final List<Run> runs;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch unfinished;
  private final boolean worthSharing;
  private final long arrivedNanos;
  private final long deadlineNanos;
  private volatile boolean over;

  /** The runs in progress, so that they can be stopped. Guarded by itself. */
  private final Set<Slot> running = new HashSet<>();

  BatchCall(
      ModelPredictor<I, O> predictor,
      List<? extends I> items,
      long arrivedNanos,
      long deadlineNanos) {
    this.predictor = predictor;
    this.served = predictor.served();
    this.arrivedNanos = arrivedNanos;
    this.deadlineNanos = deadlineNanos;
    this.size = items.size();
    this.itemFailures = new InferenceException[size];
    EncodedRow[] encoded = new EncodedRow[size];
    int[] places = new int[size];
    int count = encode(items, encoded, places);
    int[] order = Batches.order(served.layout(), encoded, count);
    this.rows = new EncodedRow[count];
    this.positions = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = encoded[order[i]];
      positions[i] = places[order[i]];
    }
    this.rowFailures = new InferenceException[count];
    this.answers = new Object[count];
    Sizing sizing = predictor.scheduler().sizing();
    int middle = count == 0 ? 0 : served.layout().group(rows[count / 2]);
    this.worthSharing =
        served.slots().size() > 1 && count * sizing.nanosPerRow(middle) > WORTH_SHARING_NANOS;
    int threads = worthSharing ? served.slots().size() : 1;
    this.runs = Batches.cut(served.layout(), rows, count, limit(), threads, sizing);
    this.unfinished = new CountDownLatch(runs.size());
  }

  private int limit() {
    int fixed = served.layout().fixedBatch();
    return fixed == Layout.ANY_BATCH ? predictor.maxBatchSize() : fixed;
  }

  private int encode(List<? extends I> items, EncodedRow[] encoded, int[] places) {
    int count = 0;
    int position = 0;
    for (I item : items) {
      try {
        encoded[count] = predictor.encode(item);
        places[count++] = position;
      } catch (InferenceException e) {
        itemFailures[position] = e;
      }
      position++;
    }
    return count;
  }

  List<Outcome<O>> run() {
    boolean watched = deadlineNanos != Request.NO_DEADLINE;
    int threads = worthSharing ? Math.min(served.slots().size(), runs.size()) : 1;
    for (int helper = watched ? 0 : 1; helper < threads && !runs.isEmpty(); helper++) {
      predictor.scheduler().offer(this::help);
    }
    if (!watched) {
      work();
    }
    try {
      await(watched);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      throw new InferenceInterruptedException("interrupted while the last rows were running", e);
    }
    return outcomes();
  }

  private void await(boolean watched) throws InterruptedException {
    if (!watched) {
      unfinished.await();
    } else if (!unfinished.await(
        deadlineNanos - predictor.clock().getAsLong(), TimeUnit.NANOSECONDS)) {
      stop();
    }
  }

  /** Nobody waits any more: what has not begun does not begin, what runs is asked to end. */
  private void stop() {
    synchronized (running) {
      over = true;
      running.forEach(slot -> slot.terminate(true));
    }
  }

  /** A worker's part: holds the model by itself, for the caller may leave before it is done. */
  private void help() {
    if (predictor.admission().hold()) {
      try {
        work();
      } finally {
        predictor.admission().letGo();
      }
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < runs.size(); i = next.getAndIncrement()) {
      Run run = runs.get(i);
      try {
        if (!over) {
          answer(run);
        }
      } catch (Throwable e) { // a run that was taken must end, or the caller would wait forever
        InferenceException error =
            e instanceof InferenceException known
                ? known
                : new EngineException("the run failed: " + e, e);
        fail(run, error);
      } finally {
        unfinished.countDown();
      }
    }
  }

  private void answer(Run run) {
    Slot slot = served.slots().take();
    try {
      if (begin(slot)) {
        new Part(slot).run(run.from(), run.count());
        end(slot);
      }
    } finally {
      served.slots().give(slot);
      predictor.scheduler().slotFreed();
    }
  }

  private boolean begin(Slot slot) {
    synchronized (running) {
      return !over && running.add(slot);
    }
  }

  private void end(Slot slot) {
    synchronized (running) {
      running.remove(slot);
      if (over) {
        slot.terminate(false);
      }
    }
  }

  /** Runs rows on one slot. */
  private final class Part extends Bisection {
    private final Slot slot;

    Part(Slot slot) {
      this.slot = slot;
    }

    @Override
    void attempt(int from, int count) {
      long begin = System.nanoTime();
      slot.run(rows, from, count, count, rowFailures);
      long ran = System.nanoTime();
      for (int i = 0; i < count; i++) {
        if (rowFailures[from + i] == null) {
          decode(slot, i, from + i);
        }
      }
      long end = System.nanoTime();
      if (Integer.bitCount(count) == 1) {
        int group = served.layout().group(rows[from]);
        predictor.scheduler().sizing().learn(group, count, end - begin);
      }
      if (predictor.engine().events().isOn()) {
        slot.tell(predictor.engine().events(), count, end - ran);
      }
    }

    @Override
    void fail(int row, InferenceException error) {
      if (rowFailures[row] == null) {
        rowFailures[row] = error;
      }
    }

    @Override
    void failed(int count, Throwable error) {
      predictor.engine().events().runFailed(count, error);
    }

    @Override
    boolean isStopped() {
      return over;
    }
  }

  private void decode(Slot slot, int slotRow, int row) {
    try {
      answers[row] = slot.decode(slotRow, predictor.engine().postprocessor());
    } catch (InferenceException e) {
      rowFailures[row] = e;
    }
  }

  private void fail(Run run, InferenceException error) {
    for (int i = run.from(); i < run.from() + run.count(); i++) {
      if (answers[i] == null && rowFailures[i] == null) {
        rowFailures[i] = error;
      }
    }
  }

  private List<Outcome<O>> outcomes() {
    boolean late = predictor.clock().getAsLong() > deadlineNanos;
    @Nullable Object[] byPosition = new Object[size];
    for (int i = 0; i < rows.length; i++) {
      byPosition[positions[i]] = late ? null : answers[i];
      itemFailures[positions[i]] = rowFailures[i];
    }
    List<Outcome<O>> outcomes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      InferenceException failure = itemFailures[i];
      @SuppressWarnings("unchecked") // only decode() writes answers
      O answer = (O) byPosition[i];
      if (failure == null && answer == null) {
        failure = late();
      }
      outcomes.add(
          failure != null ? Outcome.failed(failure) : Outcome.of(Objects.requireNonNull(answer)));
    }
    tell(outcomes);
    return outcomes;
  }

  private InferenceException late() {
    return new DeadlineExceededException(
        String.format(
            "no answer within the deadline of %.3f ms for all %d items of the call. Allow more time"
                + " or send less.",
            (deadlineNanos - arrivedNanos) / 1e6, size));
  }

  private void tell(List<Outcome<O>> outcomes) {
    Events events = predictor.engine().events();
    if (events.isOn()) {
      long total = predictor.clock().getAsLong() - arrivedNanos;
      for (Outcome<O> outcome : outcomes) {
        if (outcome.isAnswered()) {
          events.completed(0, total);
        } else {
          events.failed(outcome.error(), total);
        }
      }
    }
  }
}
