package io.vivace.core.internal.run;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.Outcome;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.internal.run.Batches.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
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
  private final LongAdder nanos = new LongAdder();
  private final LongAdder timedRows = new LongAdder();

  BatchCall(ModelPredictor<I, O> predictor, List<? extends I> items) {
    this.predictor = predictor;
    this.served = predictor.served();
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
    long nanosPerRow = predictor.nanosPerRow();
    this.worthSharing = served.slots().size() > 1 && count * nanosPerRow > WORTH_SHARING_NANOS;
    int threads = worthSharing ? served.slots().size() : 1;
    this.runs =
        Batches.cut(served.layout(), rows, count, predictor.maxBatchSize(), threads, nanosPerRow);
    this.unfinished = new CountDownLatch(runs.size());
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
    if (worthSharing) {
      for (int helper = 1; helper < Math.min(served.slots().size(), runs.size()); helper++) {
        predictor.workers().offer(this::help);
      }
    }
    work();
    try {
      unfinished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException("interrupted while the last rows were running", e);
    }
    if (timedRows.sum() > 0) {
      predictor.nanosPerRow(nanos.sum() / timedRows.sum());
    }
    return outcomes();
  }

  /** A worker's part: takes a lease of its own, for the caller may be interrupted and leave. */
  private void help() {
    if (served.lease().acquire()) {
      try {
        work();
      } finally {
        served.lease().release();
      }
    }
  }

  private void work() {
    for (int i = next.getAndIncrement(); i < runs.size(); i = next.getAndIncrement()) {
      Run run = runs.get(i);
      try {
        answer(run);
      } catch (InferenceException e) {
        fail(run, e);
      } catch (Throwable e) { // a run that was taken must end, or the caller would wait forever
        fail(run, new EngineException("the run failed: " + e, e));
      } finally {
        unfinished.countDown();
      }
    }
  }

  private void answer(Run run) {
    Slot slot = served.slots().take();
    try {
      long begin = System.nanoTime();
      if (runTogether(slot, run)) {
        nanos.add(System.nanoTime() - begin);
        timedRows.add(run.count());
      } else {
        for (int i = run.from(); i < run.from() + run.count(); i++) {
          runAlone(slot, i);
        }
      }
    } finally {
      served.slots().give(slot);
    }
  }

  /** False if the engine failed on a run of many: each row then gets its own answer or error. */
  private boolean runTogether(Slot slot, Run run) {
    try {
      slot.run(rows, run.from(), run.count(), rowFailures);
    } catch (EngineException e) {
      if (run.count() > 1) {
        return false;
      }
      throw e;
    }
    for (int i = 0; i < run.count(); i++) {
      if (rowFailures[run.from() + i] == null) {
        decode(slot, i, run.from() + i);
      }
    }
    return true;
  }

  private void runAlone(Slot slot, int row) {
    if (rowFailures[row] != null) {
      return;
    }
    try {
      slot.run(rows[row]);
      decode(slot, 0, row);
    } catch (RuntimeException e) {
      rowFailures[row] = e instanceof InferenceException known ? known : Slot.invalid(e);
    }
  }

  private void decode(Slot slot, int slotRow, int row) {
    try {
      answers[row] = slot.decode(slotRow, predictor.postprocessor());
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
    @Nullable Object[] byPosition = new Object[size];
    for (int i = 0; i < rows.length; i++) {
      byPosition[positions[i]] = answers[i];
      itemFailures[positions[i]] = rowFailures[i];
    }
    List<Outcome<O>> outcomes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      InferenceException failure = itemFailures[i];
      @SuppressWarnings("unchecked") // only decode() writes answers
      O answer = (O) byPosition[i];
      outcomes.add(
          failure != null ? Outcome.failed(failure) : Outcome.of(Objects.requireNonNull(answer)));
    }
    return outcomes;
  }
}
