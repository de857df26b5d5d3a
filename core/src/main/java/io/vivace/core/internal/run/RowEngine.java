package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Postprocessor;
import io.vivace.core.internal.schedule.Batch;
import io.vivace.core.internal.schedule.BatchEngine;
import io.vivace.core.internal.schedule.Events;
import org.jspecify.annotations.Nullable;

/** Runs batches of encoded rows on slots. */
final class RowEngine<O> implements BatchEngine<EncodedRow, O, Slot> {
  private final Postprocessor<O> postprocessor;
  private final Events events;

  RowEngine(Postprocessor<O> postprocessor, Events events) {
    this.postprocessor = postprocessor;
    this.events = events;
  }

  Postprocessor<O> postprocessor() {
    return postprocessor;
  }

  Events events() {
    return events;
  }

  @Override
  public void run(Slot slot, Batch<EncodedRow, O> batch) {
    EncodedRow[] rows = new EncodedRow[batch.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = batch.payload(i);
    }
    new RowRun(slot, rows, batch).run(0, rows.length);
  }

  @Override
  public void terminate(Slot slot, boolean terminate) {
    slot.terminate(terminate);
  }

  private final class RowRun extends Bisection {
    private final Slot slot;
    private final EncodedRow[] rows;
    private final Batch<EncodedRow, O> batch;
    private final @Nullable InferenceException[] failures;

    RowRun(Slot slot, EncodedRow[] rows, Batch<EncodedRow, O> batch) {
      this.slot = slot;
      this.rows = rows;
      this.batch = batch;
      this.failures = new InferenceException[rows.length];
    }

    @Override
    void attempt(int from, int count) {
      int size = count == rows.length ? batch.size() : count;
      slot.run(rows, from, count, size, failures);
      long begin = events.isOn() ? System.nanoTime() : 0;
      for (int i = 0; i < count; i++) {
        answer(i, from + i);
      }
      if (events.isOn()) {
        slot.tell(events, count, System.nanoTime() - begin);
      }
    }

    private void answer(int slotRow, int row) {
      InferenceException failure = failures[row];
      if (failure != null) {
        batch.fail(row, failure);
        return;
      }
      try {
        batch.answer(row, slot.decode(slotRow, postprocessor));
      } catch (InferenceException e) {
        batch.fail(row, e);
      }
    }

    @Override
    void fail(int row, InferenceException error) {
      batch.fail(row, error);
    }

    @Override
    void failed(int count, Throwable error) {
      batch.spoil();
      events.runFailed(count, error);
    }

    @Override
    boolean isStopped() {
      return batch.isStopped();
    }
  }
}
