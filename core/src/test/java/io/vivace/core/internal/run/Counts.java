package io.vivace.core.internal.run;

import io.vivace.core.InferenceException;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.observe.ShedReason;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that counts. */
final class Counts implements InferenceListener {
  final AtomicInteger queued = new AtomicInteger();
  final AtomicInteger mostPending = new AtomicInteger();
  final AtomicInteger completed = new AtomicInteger();
  final AtomicInteger failed = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicInteger shed = new AtomicInteger();
  final AtomicInteger rows = new AtomicInteger();
  final AtomicInteger zombiesBegan = new AtomicInteger();
  final AtomicInteger zombiesEnded = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final ConcurrentMap<ShedReason, AtomicInteger> reasons = new ConcurrentHashMap<>();

  /** Waits until so many requests have been queued since the beginning. */
  synchronized void awaitQueued(int count) throws InterruptedException {
    while (queued.get() < count) {
      wait();
    }
  }

  int ended() {
    return completed.get() + failed.get() + cancelled.get() + shed.get();
  }

  int shed(ShedReason reason) {
    return reasons.getOrDefault(reason, new AtomicInteger()).get();
  }

  @Override
  public void queued(ModelVersion model, int pending) {
    mostPending.accumulateAndGet(pending, Math::max);
    synchronized (this) {
      queued.incrementAndGet();
      notifyAll();
    }
  }

  @Override
  public void shed(ModelVersion model, ShedReason reason, long waitedNanos) {
    reasons.computeIfAbsent(reason, r -> new AtomicInteger()).incrementAndGet();
    shed.incrementAndGet();
  }

  @Override
  public void ran(ModelVersion model, int count, int size, long assemble, long run, long split) {
    rows.addAndGet(count);
  }

  @Override
  public void completed(ModelVersion model, long queueNanos, long totalNanos) {
    completed.incrementAndGet();
  }

  @Override
  public void failed(ModelVersion model, InferenceException.Code code, long totalNanos) {
    failed.incrementAndGet();
  }

  @Override
  public void cancelled(ModelVersion model, long totalNanos) {
    cancelled.incrementAndGet();
  }

  @Override
  public void zombieBegan(ModelVersion model) {
    zombiesBegan.incrementAndGet();
  }

  @Override
  public void zombieEnded(ModelVersion model, long nanos) {
    zombiesEnded.incrementAndGet();
  }

  @Override
  public void closed(ModelVersion model) {
    closed.incrementAndGet();
  }
}
