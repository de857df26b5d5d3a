package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.internal.djl.TranslatorSlot;
import io.vivace.core.internal.schedule.Batch;
import io.vivace.core.internal.schedule.BatchEngine;
import io.vivace.core.internal.schedule.Events;
import java.util.ArrayList;
import java.util.List;

/** Runs batches of items through a translator. A run of DJL's cannot be asked to end. */
final class TranslatorEngine<I, O> implements BatchEngine<I, O, TranslatorSlot<I, O>> {
  private final Events events;

  TranslatorEngine(Events events) {
    this.events = events;
  }

  Events events() {
    return events;
  }

  @Override
  public void run(TranslatorSlot<I, O> slot, Batch<I, O> batch) {
    new Bisection() {
      @Override
      void attempt(int from, int count) {
        List<I> items = new ArrayList<>(count);
        for (int row = from; row < from + count; row++) {
          items.add(batch.payload(row));
        }
        long begin = events.isOn() ? System.nanoTime() : 0;
        List<O> answers = slot.run(items);
        for (int i = 0; i < count; i++) {
          batch.answer(from + i, answers.get(i));
        }
        if (events.isOn()) {
          events.ran(count, count, 0, System.nanoTime() - begin, 0);
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
    }.run(0, batch.rows());
  }

  @Override
  public void terminate(TranslatorSlot<I, O> slot, boolean terminate) {}
}
