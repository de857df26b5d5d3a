package io.vivace.examples.benchmarks;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An unbounded queue from which batches are taken whole, under one lock and out of one array: with
 * a node and a lock for each element, emptying it would cost a good part of a small model's run.
 */
final class BatchQueue<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<T> elements = new ArrayDeque<>();
  private int waiting;

  void add(T element) {
    lock.lock();
    try {
      elements.add(element);
      if (waiting > 0) {
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first element, and then at most so long for more, up to a size. */
  void take(List<T> batch, int size, long delayNanos) throws InterruptedException {
    lock.lockInterruptibly();
    waiting++;
    try {
      while (elements.isEmpty()) {
        filled.await();
      }
      drain(batch, size);
      long left = delayNanos;
      while (batch.size() < size && left > 0) {
        left = filled.awaitNanos(left);
        drain(batch, size);
      }
    } finally {
      waiting--;
      if (waiting > 0 && !elements.isEmpty()) {
        filled.signal();
      }
      lock.unlock();
    }
  }

  private void drain(List<T> batch, int size) {
    while (batch.size() < size && !elements.isEmpty()) {
      batch.add(elements.remove());
    }
  }
}
