package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets rows run alone for a while after several batches failed: as long as bad rows keep coming,
 * running them with others costs everybody a second run.
 */
final class Quarantine {
  /** So many failed batches without as many good ones between them begin it. */
  private static final int TRIGGER = 3;

  /** It ends after so many good runs. */
  private static final int PENANCE = 64;

  /** A good batch takes away one failure in so many. */
  private static final int FORGIVING = 8;

  private final AtomicInteger suspicion = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();

  int limit() {
    return left.get() > 0 ? 1 : Integer.MAX_VALUE;
  }

  void note(Batch<?, ?> batch) {
    if (batch.isStopped()) {
      return;
    }
    if (batch.isClean()) {
      if (left.get() > 0) {
        left.decrementAndGet();
      } else if (suspicion.get() > 0) {
        suspicion.decrementAndGet();
      }
    } else if (left.get() > 0) {
      left.set(PENANCE);
    } else if (suspicion.addAndGet(FORGIVING) >= TRIGGER * FORGIVING - FORGIVING / 2) {
      suspicion.set(0);
      left.set(PENANCE);
    }
  }
}
