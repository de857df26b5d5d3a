package io.vivace.core.testing;

import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keeps count of who uses a stub model, and what they did wrong. Thread-safe. */
final class StubUse {
  private final List<List<Tensor>> runs = new ArrayList<>();
  private final List<String> misuse = new ArrayList<>();
  private int opened;
  private int closed;

  synchronized void opened() {
    opened++;
  }

  synchronized void closed() {
    closed++;
    notifyAll();
  }

  /** Waits until all that was opened is closed; false if that does not happen in time. */
  synchronized boolean awaitClosed(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (open() > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  synchronized int open() {
    return opened - closed;
  }

  synchronized int timesOpened() {
    return opened;
  }

  synchronized void misused(String how) {
    misuse.add(how);
  }

  synchronized List<String> misuse() {
    return List.copyOf(misuse);
  }

  void record(List<Tensor> inputs) {
    List<Tensor> copies = inputs.stream().map(StubUse::copy).toList();
    synchronized (this) {
      runs.add(copies);
    }
  }

  private static Tensor copy(Tensor tensor) {
    if (tensor.type() == ElementType.STRING) {
      return Tensor.of(tensor.strings().clone(), tensor.shape().toArray());
    }
    Tensor copy = Tensor.allocate(tensor.type(), tensor.shape());
    copy.data().put(tensor.data());
    return copy;
  }

  synchronized List<List<Tensor>> runs() {
    return List.copyOf(runs);
  }

  synchronized void forget() {
    runs.clear();
  }
}
