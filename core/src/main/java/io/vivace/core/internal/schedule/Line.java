package io.vivace.core.internal.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait, in the order of service: one queue for each group and priority, first in
 * first out. Not thread-safe.
 */
final class Line<P, O> {
  static final class Queue<P, O> {
    final int group;
    final int priority;
    private @Nullable Request<P, O> first;
    private @Nullable Request<P, O> last;
    private int size;

    Queue(int group, int priority) {
      this.group = group;
      this.priority = priority;
    }

    private void add(Request<P, O> request) {
      request.queue = this;
      request.before = last;
      if (last == null) {
        first = request;
      } else {
        last.after = request;
      }
      last = request;
      size++;
    }

    private void remove(Request<P, O> request) {
      if (request.before == null) {
        first = request.after;
      } else {
        request.before.after = request.after;
      }
      if (request.after == null) {
        last = request.before;
      } else {
        request.after.before = request.before;
      }
      request.before = null;
      request.after = null;
      request.queue = null;
      size--;
    }
  }

  /** An emptied queue stays while there are few, since it will likely be used again. */
  private static final int MANY_QUEUES = 64;

  private static final int ANY_GROUP = -1;

  private final List<Queue<P, O>> queues = new ArrayList<>();
  private int size;
  private int leaders;

  int size() {
    return size;
  }

  /** How many of those that wait may run batches on their own threads. */
  int leaders() {
    return leaders;
  }

  void add(Request<P, O> request) {
    queue(request.group, request.priority).add(request);
    size++;
    leaders += request.mayLead ? 1 : 0;
  }

  private Queue<P, O> queue(int group, int priority) {
    for (Queue<P, O> queue : queues) {
      if (queue.group == group && queue.priority == priority) {
        return queue;
      }
    }
    if (queues.size() >= MANY_QUEUES) {
      queues.removeIf(queue -> queue.size == 0);
    }
    Queue<P, O> added = new Queue<>(group, priority);
    queues.add(added);
    return added;
  }

  /** Takes a request out; false if it is not in the line. */
  boolean remove(Request<P, O> request) {
    Queue<P, O> queue = request.queue;
    if (queue == null) {
      return false;
    }
    queue.remove(request);
    size--;
    leaders -= request.mayLead ? 1 : 0;
    return true;
  }

  /** The next to be served, or null. */
  @Nullable Request<P, O> first() {
    return first(ANY_GROUP);
  }

  /** The next of a group to be served, or null. */
  @Nullable Request<P, O> firstOf(int group) {
    return first(group);
  }

  private @Nullable Request<P, O> first(int group) {
    Request<P, O> found = null;
    for (Queue<P, O> queue : queues) {
      Request<P, O> first = queue.first;
      if (first != null
          && (group == ANY_GROUP || queue.group == group)
          && (found == null || first.order() < found.order())) {
        found = first;
      }
    }
    return found;
  }

  int sizeOf(int group) {
    int sum = 0;
    for (Queue<P, O> queue : queues) {
      sum += queue.group == group ? queue.size : 0;
    }
    return sum;
  }

  /** The one that gives way to a newer one: the oldest of the lowest priority, or null. */
  @Nullable Request<P, O> leastUrgent() {
    Request<P, O> found = null;
    for (Queue<P, O> queue : queues) {
      Request<P, O> first = queue.first;
      if (first != null
          && (found == null
              || first.priority < found.priority
              || (first.priority == found.priority && first.arrivedNanos < found.arrivedNanos))) {
        found = first;
      }
    }
    return found;
  }

  void forEach(Consumer<Request<P, O>> action) {
    for (Queue<P, O> queue : queues) {
      for (Request<P, O> at = queue.first; at != null; ) {
        Request<P, O> next = at.after; // the action may take it out
        action.accept(at);
        at = next;
      }
    }
  }
}
