package io.vivace.core.internal.run;

import io.vivace.core.serve.ServedVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The versions that are alive, and the last ones that are not. Thread-safe. */
final class VersionHistory<I, O> {
  private final Deque<Version<I, O>> alive = new ArrayDeque<>();
  private final Deque<ServedVersion> closed = new ArrayDeque<>();

  synchronized void add(Version<I, O> version) {
    settle();
    alive.add(version);
  }

  /** Lets go of the models that are closed, and keeps a note of each. */
  private void settle() {
    alive.removeIf(
        version -> {
          if (version.isClosed()) {
            closed.add(version.describe());
          }
          return version.isClosed();
        });
    while (closed.size() > SwappingPredictor.REMEMBERED) {
      closed.remove();
    }
  }

  synchronized List<ServedVersion> list() {
    settle();
    List<ServedVersion> all = new ArrayList<>(closed);
    alive.forEach(version -> all.add(version.describe()));
    all.sort(java.util.Comparator.comparingInt(ServedVersion::number));
    return all;
  }

  synchronized ServedVersion last() {
    List<ServedVersion> all = list();
    return all.get(all.size() - 1);
  }
}
