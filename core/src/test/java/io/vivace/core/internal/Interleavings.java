package io.vivace.core.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a few threads in every order of their steps. A step ends where a thread calls {@link
 * #point()}, which test versions of shared variables do before each access; one thread goes at a
 * time, so that every order is run exactly and none is left out.
 */
public final class Interleavings {
  /** Threads that start together, and what must hold when all have ended. */
  public record Scenario(List<Runnable> threads, Runnable check) {}

  private static final ThreadLocal<Actor> SELF = new ThreadLocal<>();
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
          });

  /** The orders that are still to be run: which of the threads that can go goes next. */
  private final List<int[]> choices = new ArrayList<>();

  private Interleavings() {}

  private static final class Actor {
    private final Semaphore go = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private volatile boolean done;
    private volatile @Nullable Throwable failure;

    Actor(Runnable work) {
      THREADS.execute(() -> run(work));
    }

    private void run(Runnable work) {
      SELF.set(this);
      go.acquireUninterruptibly();
      try {
        work.run();
      } catch (Throwable e) {
        failure = e;
      }
      done = true;
      SELF.remove();
      stopped.release();
    }

    void step() {
      go.release();
      stopped.acquireUninterruptibly();
    }
  }

  /** Where another thread may go on. */
  public static void point() {
    Actor self = SELF.get();
    if (self != null) {
      self.stopped.release();
      self.go.acquireUninterruptibly();
    }
  }

  /**
   * Runs a scenario in every order.
   *
   * @return how many there were
   */
  public static int explore(Supplier<Scenario> scenario) {
    Interleavings all = new Interleavings();
    int orders = 0;
    do {
      all.run(scenario.get());
      orders++;
    } while (all.advance());
    return orders;
  }

  private void run(Scenario scenario) {
    List<Actor> all = scenario.threads().stream().map(Actor::new).toList();
    all.forEach(Actor::step); // to its first point: nothing is shared before
    List<Actor> left = new ArrayList<>(all);
    left.removeIf(actor -> actor.done);
    for (int step = 0; !left.isEmpty(); step++) {
      if (step == choices.size()) {
        choices.add(new int[2]);
      }
      choices.get(step)[1] = left.size();
      Actor next = left.get(choices.get(step)[0]);
      next.step();
      if (next.done) {
        left.remove(next);
      }
    }
    for (Actor actor : all) {
      if (actor.failure != null) {
        throw new AssertionError("in the order " + order(), actor.failure);
      }
    }
    try {
      scenario.check().run();
    } catch (AssertionError e) {
      throw new AssertionError("in the order " + order(), e);
    }
  }

  private boolean advance() {
    while (!choices.isEmpty()) {
      int[] last = choices.get(choices.size() - 1);
      if (++last[0] < last[1]) {
        return true;
      }
      choices.remove(choices.size() - 1);
    }
    return false;
  }

  private String order() {
    return choices.stream().map(choice -> choice[0] + " of " + choice[1]).toList().toString();
  }
}
