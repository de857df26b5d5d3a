package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One row on its way: it waits, runs and ends, and is the future that its caller holds. Who ends it
 * is settled by one change of its state, so it is answered, failed, shed or cancelled exactly once.
 */
public class Request<P, O> extends CompletableFuture<O> {
  /** The deadline of a request that has none. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  static final long NO_WINDOW = Long.MAX_VALUE;

  /** How much longer a request must have waited to overtake one of the next higher priority. */
  static final long AGEING_NANOS = 100_000_000;

  enum State {
    /** In the line. */
    WAITING,
    /** Out of the line; its own thread has a slot reserved and is about to run it. */
    LEADING,
    /** In a batch. */
    RUNNING,
    /** In a batch, but nobody waits for the answer any more. */
    ABANDONED,
    /** Has ended, or is about to. */
    DONE
  }

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Request.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final P payload;
  final int group;
  final int priority;
  final long arrivedNanos;
  final long deadlineNanos;
  final @Nullable Thread waiter;
  final boolean mayLead;
  private final Scheduler<P, O, ?> scheduler;

  /** The one that came before, until the line takes it in. */
  @Nullable Request<P, O> pushed;

  /** How many have come with it, itself included, since the line took some in. */
  int place;

  /** Its neighbours and its place in the line. Guarded by the scheduler's lock. */
  @Nullable Request<P, O> before;

  @Nullable Request<P, O> after;
  Line.@Nullable Queue<P, O> queue;

  /** Written before the state becomes {@link State#RUNNING}. */
  @Nullable Batch<P, O> batch;

  long startedNanos;

  /** How long it waits for others, and how many there were when it began to. */
  volatile long windowEnd = NO_WINDOW;

  int windowFrom;

  @SuppressWarnings("UnusedVariable") // through STATE
  private volatile State state = State.WAITING;

  /** Written, as what follows, before the future is completed. */
  private boolean ran;

  private @Nullable O answer;
  private @Nullable Throwable error;

  /**
   * Makes a request.
   *
   * @param group only requests of one group run together
   * @param waiter the thread that is parked until it ends, or null
   * @param mayLead whether that thread may run batches itself
   */
  Request(
      Scheduler<P, O, ?> scheduler,
      P payload,
      int group,
      int priority,
      long arrivedNanos,
      long deadlineNanos,
      @Nullable Thread waiter,
      boolean mayLead) {
    this.scheduler = scheduler;
    this.payload = payload;
    this.group = group;
    this.priority = priority;
    this.arrivedNanos = arrivedNanos;
    this.deadlineNanos = deadlineNanos;
    this.waiter = waiter;
    this.mayLead = mayLead;
  }

  /** Its place in the order of service: who has waited long goes before a higher priority. */
  long order() {
    return arrivedNanos - priority * AGEING_NANOS;
  }

  /** Whether it is in the line, first, and waits a moment for others to run with. */
  boolean waitsForOthers() {
    return windowEnd != NO_WINDOW && state == State.WAITING;
  }

  State state() {
    return state;
  }

  /** The only way in which its state changes; tests stop before it. */
  boolean move(State from, State to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Takes it into a batch; false if it has ended meanwhile. */
  boolean claim(Batch<P, O> by, long now) {
    batch = by;
    startedNanos = now;
    return move(State.WAITING, State.RUNNING) || move(State.LEADING, State.RUNNING);
  }

  /** Lets its own thread run it; false if it has ended meanwhile. */
  boolean lead() {
    return move(State.WAITING, State.LEADING);
  }

  /**
   * Ends a request that has no answer yet.
   *
   * @return the state that it was in: {@code WAITING} or {@code RUNNING} if this call ended it
   */
  State withdraw() {
    if (move(State.WAITING, State.DONE)) {
      return State.WAITING;
    }
    if (move(State.RUNNING, State.ABANDONED)) {
      return State.RUNNING;
    }
    State now = state;
    return now == State.WAITING || now == State.RUNNING ? withdraw() : now;
  }

  /** Turns it away; false if it has ended meanwhile. */
  boolean shed() {
    return move(State.WAITING, State.DONE) || move(State.LEADING, State.DONE);
  }

  /** Notes what came out of the batch; false if nobody waits for it any more. */
  boolean finish(@Nullable O value, @Nullable Throwable failure) {
    answer = value;
    error = failure;
    if (!move(State.RUNNING, State.DONE)) {
      return false;
    }
    ran = true;
    return true;
  }

  @Nullable Throwable failure() {
    return error;
  }

  /** Whether it has come out of a batch; false if it was withdrawn or turned away. */
  boolean hasRun() {
    return ran;
  }

  /** The answer of a request that is done, or its error. */
  O outcome() {
    if (ran && error instanceof InferenceException known) {
      throw known;
    }
    try {
      return join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof InferenceException known ? known : e;
    }
  }

  /** Completes the future of a request that was finished. */
  void deliver() {
    if (error != null) {
      super.completeExceptionally(error);
    } else {
      super.complete(answer);
    }
    unpark();
  }

  /** Replaces an answer that comes too late. */
  void fail(InferenceException instead) {
    answer = null;
    error = instead;
  }

  /** Completes the future of a request that was withdrawn or turned away. */
  void deliver(Throwable instead) {
    super.completeExceptionally(instead);
    unpark();
  }

  private void unpark() {
    if (waiter != null && waiter != Thread.currentThread()) {
      LockSupport.unpark(waiter);
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return scheduler.cancel(this) ? super.cancel(mayInterruptIfRunning) : isDone() && isCancelled();
  }

  /** Somebody else's answer: the request is taken back. */
  @Override
  public boolean complete(O value) {
    return scheduler.cancel(this) && super.complete(value);
  }

  /** Somebody else's error, as that of {@code orTimeout}: the request is taken back. */
  @Override
  public boolean completeExceptionally(Throwable failure) {
    return scheduler.cancel(this) && super.completeExceptionally(failure);
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
