package io.vivace.core.internal.run;

import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Signature;
import io.vivace.core.observe.ModelVersion;
import io.vivace.core.serve.ServedVersion;
import io.vivace.core.serve.SwappablePredictor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Points at the version that serves. A call takes a lease on it, and looks again if that version
 * was retired between the two steps. What changes versions goes one after the other; what closes
 * does not wait for it: a version that comes too late finds nothing to replace and is closed.
 */
public final class SwappingPredictor<I, O> extends LeasingPredictor<I, O>
    implements SwappablePredictor<I, O> {
  static final int REMEMBERED = 100;

  private final String name;
  private final VersionOpener<I, O> opener;
  private final Signature signature;

  /** Null once closed. */
  private final AtomicReference<@Nullable Version<I, O>> current;

  private final ReentrantLock changes = new ReentrantLock();

  /** What to go back to, the latest first. Guarded by {@link #changes}. */
  private final Deque<ModelSource> earlier = new ArrayDeque<>();

  private final VersionHistory<I, O> history = new VersionHistory<>();

  /**
   * Opens the first version.
   *
   * @param name for messages
   * @param opener opens this version and those to come
   */
  SwappingPredictor(String name, ModelSource first, VersionOpener<I, O> opener) {
    this.name = name;
    this.opener = opener;
    Version<I, O> version = new Version<>(1, first, opener.open(first, 1));
    this.signature = version.held().predictor().signature();
    this.current = new AtomicReference<>(version);
    history.add(version);
  }

  @Override
  Held<I, O> acquire() {
    while (true) {
      Version<I, O> version = current.get();
      if (version == null) {
        throw Workers.closed(name);
      }
      if (version.held().lease().acquire()) {
        return version.held();
      }
    }
  }

  @Override
  public ServedVersion swap(ModelSource source) {
    Objects.requireNonNull(source, "source must not be null");
    lockChanges();
    try {
      Version<I, O> before = serving();
      ServedVersion after = replace(before, source);
      earlier.push(before.source());
      if (earlier.size() > REMEMBERED) {
        earlier.removeLast();
      }
      return after;
    } finally {
      changes.unlock();
    }
  }

  @Override
  public ServedVersion rollback() {
    lockChanges();
    try {
      Version<I, O> before = serving();
      ModelSource target = earlier.peek();
      if (target == null) {
        throw new IllegalStateException(
            String.format(
                "predictor \"%s\" has no earlier model than version %d (%s) to go back to",
                name, before.number(), before.source()));
      }
      ServedVersion after = replace(before, target);
      earlier.pop();
      return after;
    } finally {
      changes.unlock();
    }
  }

  private void lockChanges() {
    try {
      changes.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException("interrupted while waiting for another swap", e);
    }
  }

  private Version<I, O> serving() {
    Version<I, O> version = current.get();
    if (version == null) {
      throw Workers.closed(name);
    }
    return version;
  }

  private ServedVersion replace(Version<I, O> before, ModelSource source) {
    long begin = System.nanoTime();
    Version<I, O> after = null;
    try {
      int number = before.number() + 1;
      after = new Version<>(number, source, opener.open(source, number));
      requireSameSignature(before, after);
      publish(before, after, begin);
    } catch (Throwable e) {
      if (after != null) {
        after.retire();
      }
      opener.swapFailed(before.held().predictor(), e);
      throw e;
    }
    return after.describe();
  }

  private void requireSameSignature(Version<I, O> before, Version<I, O> after) {
    List<String> differences =
        SignatureDifferences.between(signature, after.held().predictor().signature());
    if (!differences.isEmpty()) {
      throw new ModelLoadException(
          String.format(
              "%s cannot take over from version %d (%s) of predictor \"%s\": %s. Give it the same"
                  + " inputs and outputs, or build another predictor for it.",
              after.source(),
              before.number(),
              before.source(),
              name,
              String.join("; ", differences)));
    }
  }

  private void publish(Version<I, O> before, Version<I, O> after, long begin) {
    if (!current.compareAndSet(before, after)) {
      throw Workers.closed(name);
    }
    history.add(after);
    opener.swapped(before.held().predictor(), after.held().predictor(), System.nanoTime() - begin);
    before.retire();
  }

  @Override
  public ServedVersion version() {
    Version<I, O> version = current.get();
    return version == null ? history.last() : version.describe();
  }

  @Override
  public List<ServedVersion> versions() {
    return history.list();
  }

  @Override
  public Predictor<I, O> pin() {
    return new PinnedPredictor<>(name, acquire());
  }

  @Override
  public List<ModelVersion> models() {
    return serving().held().predictor().models();
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public void close() {
    Version<I, O> last = current.getAndSet(null);
    if (last != null) {
      last.retire();
    }
  }

  @Override
  public String toString() {
    return "SwappablePredictor[" + name + ", " + signature + ", " + version() + "]";
  }
}
