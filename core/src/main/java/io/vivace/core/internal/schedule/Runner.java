package io.vivace.core.internal.schedule;

import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import java.util.function.LongSupplier;

/** Runs batches that were picked, and learns from what they took and how they ended. */
final class Runner<P, O, S> {
  private final BatchEngine<P, O, S> engine;
  private final Sizing sizing;
  private final Quarantine quarantine = new Quarantine();
  private final Events events;
  private final LongSupplier clock;

  Runner(BatchEngine<P, O, S> engine, Sizing sizing, Events events, LongSupplier clock) {
    this.engine = engine;
    this.sizing = sizing;
    this.events = events;
    this.clock = clock;
  }

  /** How many rows may run together as long as bad ones keep coming. */
  int limit() {
    return quarantine.limit();
  }

  /** Answers or fails every row. */
  void run(S slot, Batch<P, O> batch) {
    long begin = clock.getAsLong();
    batch.begin(() -> engine.terminate(slot, true));
    try {
      engine.run(slot, batch);
    } catch (InferenceException e) {
      batch.failOpen(e);
    } catch (Throwable e) { // whatever it is, it belongs to the batch
      batch.failOpen(new EngineException("the run failed: " + e, e));
    }
    long end = clock.getAsLong();
    long zombieNanos = batch.end(end);
    if (batch.isStopped()) {
      engine.terminate(slot, false);
    }
    if (zombieNanos >= 0) {
      events.zombieEnded(zombieNanos);
    }
    learn(batch, end - begin);
    quarantine.note(batch);
  }

  private void learn(Batch<P, O> batch, long nanos) {
    int group = batch.members().get(0).group;
    if (batch.isClean()) {
      sizing.learn(group, batch.size(), nanos);
    } else if (batch.isStopped()) {
      sizing.learnStopped(group, batch.size(), nanos);
    }
  }
}
