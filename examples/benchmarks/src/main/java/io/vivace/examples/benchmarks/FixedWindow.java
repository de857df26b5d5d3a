package io.vivace.examples.benchmarks;

import io.vivace.examples.benchmarks.Service.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The batcher that servers have: workers take the first request, wait a fixed time for more, up to
 * a fixed size, and run them as one batch in pinned memory. Size 1 is batching off with a queue.
 */
final class FixedWindow<I> implements Service<I> {
  /** The size and the delay, by which the best one is sought. */
  record Setting(int size, long delayMicros) {
    @Override
    public String toString() {
      return size + "x" + delayMicros + "us";
    }
  }

  private static final class Pending<I> {
    final I item;
    final @Nullable Completion completion;
    final @Nullable Thread waiter;
    volatile float @Nullable [] answer;
    volatile @Nullable Throwable error;

    Pending(I item, @Nullable Completion completion) {
      this.item = item;
      this.completion = completion;
      this.waiter = completion == null ? Thread.currentThread() : null;
    }

    void done(float @Nullable [] value, @Nullable Throwable failure) {
      if (completion != null) {
        completion.done(value, failure);
      } else {
        error = failure;
        answer = value;
        LockSupport.unpark(waiter);
      }
    }
  }

  private final BatchQueue<Pending<I>> queue = new BatchQueue<>();
  private final List<Thread> workers = new ArrayList<>();
  private final Setting setting;
  private volatile boolean closed;

  FixedWindow(RawSession<I> session, Setting setting) {
    this.setting = setting;
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Thread worker = new Thread(() -> work(session), "fixed-window-" + i);
      worker.setDaemon(true);
      workers.add(worker);
    }
  }

  /** Lets the workers begin; what was submitted before waits for them. */
  FixedWindow<I> start() {
    workers.forEach(Thread::start);
    return this;
  }

  private void work(RawSession<I> session) {
    List<Pending<I>> batch = new ArrayList<>(setting.size);
    try (RawBatch<I> memory = new RawBatch<>(session, setting.size)) {
      while (!closed) {
        batch.clear();
        queue.take(batch, setting.size, setting.delayMicros * 1_000);
        run(memory, batch);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void run(RawBatch<I> memory, List<Pending<I>> batch) {
    try {
      for (int i = 0; i < batch.size(); i++) {
        memory.put(i, batch.get(i).item);
      }
      memory.run(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).done(memory.get(i), null);
      }
    } catch (Throwable e) {
      batch.forEach(pending -> pending.done(null, e));
    }
  }

  @Override
  public float[] call(I item) throws Exception {
    Pending<I> pending = new Pending<>(item, null);
    queue.add(pending);
    while (true) {
      float[] answer = pending.answer;
      if (answer != null) {
        return answer;
      }
      if (pending.error != null) {
        throw new IllegalStateException(pending.error);
      }
      LockSupport.park(this);
    }
  }

  @Override
  public void submit(I item, Completion completion) {
    queue.add(new Pending<>(item, completion));
  }

  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      worker.interrupt();
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
