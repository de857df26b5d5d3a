package io.vivace.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** No batches: each caller runs its own row, as many at a time as there are processors. */
final class BatchingOff<I> implements Service<I> {
  private final ArrayBlockingQueue<RawBatch<I>> free;
  private final List<RawBatch<I>> all = new ArrayList<>();
  private final FixedWindow<I> queue;

  BatchingOff(RawSession<I> session) {
    int processors = Runtime.getRuntime().availableProcessors();
    this.free = new ArrayBlockingQueue<>(processors);
    for (int i = 0; i < processors; i++) {
      all.add(new RawBatch<>(session, 1));
    }
    free.addAll(all);
    this.queue = new FixedWindow<>(session, new FixedWindow.Setting(1, 0)).start();
  }

  @Override
  public float[] call(I item) throws Exception {
    RawBatch<I> memory = free.take();
    try {
      memory.put(0, item);
      memory.run(1);
      return memory.get(0);
    } finally {
      free.add(memory);
    }
  }

  @Override
  public void submit(I item, Completion completion) {
    queue.submit(item, completion);
  }

  @Override
  public void close() {
    queue.close();
    all.forEach(RawBatch::close);
  }
}
