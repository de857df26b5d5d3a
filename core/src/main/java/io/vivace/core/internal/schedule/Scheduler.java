package io.vivace.core.internal.schedule;

import io.vivace.core.InferenceException;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.internal.schedule.Picker.Shed;
import io.vivace.core.internal.schedule.Request.State;
import io.vivace.core.observe.ShedReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs requests in batches, on workers' threads or on those of callers that wait. Whoever gives a
 * slot back looks whether somebody waits, and whoever begins to wait looks whether a slot is free,
 * so that nobody waits beside a free slot.
 */
public final class Scheduler<P, O, S> {
  private final SlotPool<S> slots;
  private final Runner<P, O, S> runner;
  private final Permits permits;
  private final Sizing sizing;
  private final Events events;
  private final LongSupplier clock;
  private final Deliveries deliveries;
  private final Rejections rejections;
  private final boolean windowed;
  private final WorkerThreads threads;
  private final Attendance<P, O> attendance;
  private final DeadlineWatch watch;
  private final Overdue<P, O> overdue;

  /** Guarded by what follows, as are the two below. */
  private final Line<P, O> line = new Line<>();

  private final GuardedLine<P, O> waiting = new GuardedLine<>(line);
  private final Picker<P, O> picker;
  private final Crowd<P, O> crowd;

  private volatile @Nullable Thread gatherer;
  private volatile boolean closed;

  /**
   * Makes a scheduler.
   *
   * @param permits what each request holds one of, until it has ended
   * @param windowNanos how long a request may wait for others while slots are free
   * @param clock nanoseconds from an origin that is not in the future
   */
  public Scheduler(
      String name,
      SlotPool<S> slots,
      BatchEngine<P, O, S> engine,
      Permits permits,
      Sizing sizing,
      long windowNanos,
      Events events,
      Executor completions,
      LongSupplier clock) {
    this.slots = slots;
    this.runner = new Runner<>(engine, sizing, events, clock);
    this.permits = permits;
    this.sizing = sizing;
    this.events = events;
    this.clock = clock;
    this.windowed = windowNanos > 0;
    this.deliveries = new Deliveries(completions, events, clock);
    this.rejections = new Rejections(name, permits, events, deliveries, clock);
    this.picker = new Picker<>(line, sizing, windowNanos);
    this.crowd = new Crowd<>(slots, line, sizing);
    this.attendance = new Attendance<>(sizing, clock.getAsLong());
    this.threads = new WorkerThreads(name, slots.size(), new Batches());
    this.overdue =
        new Overdue<>(waiting, picker, rejections, deliveries, events, clock, this::abandon);
    this.watch = new DeadlineWatch(name, clock, overdue::expire);
  }

  /** Time on the clock of deadlines. */
  public long now() {
    return clock.getAsLong();
  }

  public Sizing sizing() {
    return sizing;
  }

  public Events events() {
    return events;
  }

  /**
   * Takes a request that is answered later. The caller holds a permit for it.
   *
   * @param deadlineNanos on the scheduler's clock, or {@link Request#NO_DEADLINE}
   * @param pending how many requests are pending, this one included
   */
  public Request<P, O> submit(
      P payload, int group, int priority, long arrived, long deadlineNanos, int pending) {
    Request<P, O> request =
        new Request<>(this, payload, group, priority, arrived, deadlineNanos, null, false);
    events.queued(pending);
    enter(request);
    if (deadlineNanos != Request.NO_DEADLINE) {
      watch.watch(deadlineNanos);
    }
    return request;
  }

  /**
   * Takes a request and waits for its answer.
   *
   * @param mayLead whether this thread may run a batch itself, which saves waking another
   */
  public O call(
      P payload,
      int group,
      int priority,
      long arrived,
      long deadlineNanos,
      int pending,
      boolean mayLead) {
    Request<P, O> request =
        new Request<>(
            this,
            payload,
            group,
            priority,
            arrived,
            deadlineNanos,
            Thread.currentThread(),
            mayLead && deadlineNanos == Request.NO_DEADLINE && !windowed);
    events.queued(pending);
    enter(request);
    return await(request);
  }

  private void enter(Request<P, O> request) {
    if (request.mayLead) {
      if (join(request)) {
        return;
      }
    } else {
      waiting.push(request);
    }
    if (closed) {
      flush();
    } else if (windowed) {
      gather();
    } else {
      onwards();
    }
  }

  /** Takes a caller's request into the line; true if it runs or is to wait for others there. */
  private boolean join(Request<P, O> request) {
    Picked<P, O> picked = null;
    waiting.lock();
    try {
      line.add(request);
      crowd.came(request.group);
      if (closed || !crowd.isThere() || !slots.hasFree()) {
        return false;
      }
      int present = line.sizeOf(request.group);
      int share = crowd.share(request.group);
      if (present < share && crowd.isAwaited(now())) {
        return true;
      }
      if (present <= share && takesAll(request, present)) { // the last to come: it is awake
        crowd.complete();
        picked = leadNow(request);
      }
    } finally {
      waiting.unlock();
    }
    if (picked == null) {
      return false;
    }
    serve(slots.takeReserved(), picked);
    return true;
  }

  /** Whether a run with the newcomer leaves nobody behind who came before or is more urgent. */
  private boolean takesAll(Request<P, O> request, int present) {
    Request<P, O> head = line.first();
    return head != null
        && head.group == request.group
        && head.priority <= request.priority
        && runner.limit() >= present;
  }

  /** Reserves a slot and picks a batch for a request that waits; null if that cannot be. */
  private @Nullable Picked<P, O> leadNow(Request<P, O> request) {
    if (!slots.reserve()) {
      return null;
    }
    line.remove(request);
    if (request.lead()) {
      try {
        return pick(request);
      } catch (Throwable e) {
        slots.unreserve();
        lost(request);
        throw e;
      }
    }
    slots.unreserve();
    return null;
  }

  /** The first in line waits for others until its time is over, and runs what is there then. */
  private void waitForOthers(Request<P, O> request) {
    long left = request.windowEnd - now();
    if (left > 0) {
      LockSupport.parkNanos(this, left);
      return;
    }
    Picked<P, O> picked = null;
    waiting.lock();
    try {
      crowd.timeOver(request);
      picked = request.state() == State.WAITING ? leadNow(request) : null;
    } finally {
      waiting.unlock();
    }
    if (picked != null) {
      serve(slots.takeReserved(), picked);
    } else {
      onwards(); // others may have come while a slot was held in vain
    }
  }

  /** Whether there are more callers than can run at once, so that those who come should line up. */
  public boolean isCrowded() {
    return crowd.isThere();
  }

  /** To be called after a slot was given back. */
  public void slotFreed() {
    if (waiting.isWaiting()) {
      dispatch();
    }
  }

  /** Finds a thread for what waits: the first caller's own, or a worker. */
  private void dispatch() {
    if (waiting.hasLeaders()) {
      Request<P, O> leader;
      waiting.lock();
      try {
        if (crowd.isAwaited(now())) {
          return;
        }
        leader = appoint();
      } finally {
        waiting.unlock();
      }
      if (leader != null) {
        LockSupport.unpark(leader.waiter);
        return;
      }
    }
    if (isLeftToWorkers()) {
      threads.wakeOne();
    }
  }

  /** Whether somebody waits whom no worker that is awake will soon look at. */
  private boolean isLeftToWorkers() {
    return waiting.isWaiting() && !(threads.standsBy() && attendance.covers(waiting.size(), now()));
  }

  private @Nullable Request<P, O> appoint() {
    Request<P, O> head = line.first();
    if (head == null || !head.mayLead || !slots.reserve()) {
      return null;
    }
    line.remove(head);
    if (head.lead()) {
      return head;
    }
    slots.unreserve();
    return null;
  }

  /** Wakes the thread that waits for a run to fill, or calls one to do so. */
  private void gather() {
    Thread gathering = gatherer;
    if (gathering == null) {
      threads.wakeOne();
      return;
    }
    if (readyNanos(Long.MAX_VALUE - 1) == Long.MAX_VALUE - 1) {
      LockSupport.unpark(gathering);
    }
  }

  private O await(Request<P, O> request) {
    boolean interrupted = false;
    boolean handedOver = false;
    while (!request.isDone()) {
      interrupted |= Thread.interrupted();
      boolean timed = request.deadlineNanos != Request.NO_DEADLINE;
      long left = timed ? request.deadlineNanos - now() : 1;
      if (request.state() == State.LEADING) {
        S slot = slots.takeReserved();
        serve(slot, pick(slot, request));
      } else if (request.waitsForOthers() && !interrupted) {
        waitForOthers(request);
      } else if (handedOver || (!timed && !interrupted)) {
        LockSupport.park(this);
      } else if (left > 0 && !interrupted) {
        LockSupport.parkNanos(this, left);
      } else {
        giveUp(request, interrupted ? interrupted() : Deliveries.late(request, now()));
        handedOver = request.state() == State.DONE;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return deliveries.handOver(request);
  }

  /** Ends a request for its own caller, unless another has ended it or it must lead. */
  private void giveUp(Request<P, O> request, InferenceException error) {
    State was = request.withdraw();
    if (was != State.WAITING && was != State.RUNNING) {
      return;
    }
    long waited = now() - request.arrivedNanos;
    left(request, was);
    if (error instanceof InferenceInterruptedException) {
      events.cancelled(waited);
    } else if (was == State.WAITING) {
      events.shed(ShedReason.DEADLINE_PASSED, waited);
    } else {
      events.failed(error, waited);
    }
    request.deliver(error);
  }

  private static InferenceInterruptedException interrupted() {
    return new InferenceInterruptedException("interrupted while waiting for the answer");
  }

  /** Takes a request back for whoever holds its future; false if it has ended. */
  boolean cancel(Request<P, O> request) {
    State was = request.withdraw();
    if (was != State.WAITING && was != State.RUNNING) {
      return false;
    }
    left(request, was);
    events.cancelled(now() - request.arrivedNanos);
    return true;
  }

  /** What a request leaves behind that nobody waits for any more. */
  private void left(Request<P, O> request, State was) {
    if (was == State.WAITING) {
      waiting.remove(request);
      permits.release(1);
      onwards();
    } else {
      abandon(request);
    }
  }

  /** To be called after one was taken from the line for whom others may have waited. */
  private void onwards() {
    if (waiting.isWaiting() && slots.hasFree()) {
      dispatch();
    }
  }

  private void abandon(Request<P, O> request) {
    Batch<P, O> batch = request.batch;
    if (batch != null && batch.abandon(now())) {
      events.zombieBegan();
    }
  }

  private final class Batches implements WorkerThreads.Work {
    @Override
    public boolean isThere() {
      return gatherer == null && isLeftToWorkers();
    }

    @Override
    public boolean isBrisk() {
      return attendance.isBrisk(now());
    }

    @Override
    public boolean isLeft() {
      return waiting.isWaiting() && attendance.hasLeft(now());
    }

    @Override
    public void doSome() {
      if (permits.hold()) {
        try {
          if (!windowed || gathered()) {
            attend(slots.takeUninterruptibly());
          }
        } finally {
          permits.letGo();
        }
      }
    }
  }

  /** Runs a batch for a worker. */
  private void attend(S slot) {
    Picked<P, O> picked = pick(slot, null);
    boolean soonBack = !windowed && attendance.begin(picked.batch, now());
    try {
      serve(slot, picked);
    } finally {
      if (soonBack) {
        attendance.end(); // it looks for more after this, and so finds what was left to it
      }
    }
  }

  /** Waits until a run is full or its time is up; false if that has to be seen again. */
  private boolean gathered() {
    gatherer = Thread.currentThread(); // known first, so that who comes after the look wakes it
    try {
      long now = now();
      long ready = readyNanos(now);
      if (ready > now) {
        LockSupport.parkNanos(this, ready - now);
      }
      return ready <= now;
    } finally {
      gatherer = null;
    }
  }

  private long readyNanos(long now) {
    waiting.lock();
    try {
      return picker.readyNanos(now);
    } finally {
      waiting.unlock();
    }
  }

  /** A batch, and what was turned away when it was picked. */
  private record Picked<P, O>(Batch<P, O> batch, List<Shed<P, O>> shed) {}

  /** Picks what is to be run next, with a request of the calling thread first if there is one. */
  private Picked<P, O> pick(@Nullable Request<P, O> own) {
    List<Shed<P, O>> shed = new ArrayList<>(0);
    waiting.lock();
    try {
      int limit = runner.limit();
      Request<P, O> head = own == null ? line.first() : own;
      if (head != null) {
        limit = Math.min(limit, crowd.most(head.group));
      }
      Batch<P, O> batch = picker.pick(now(), own, limit, shed);
      overdue.begun(batch);
      if (batch.rows() > 0) {
        crowd.picked(batch);
      }
      return new Picked<>(batch, shed);
    } finally {
      waiting.unlock();
    }
  }

  /** Picks for a slot, which is given back if that fails, as where memory ends. */
  private Picked<P, O> pick(S slot, @Nullable Request<P, O> own) {
    try {
      return pick(own);
    } catch (Throwable e) {
      slots.give(slot);
      if (own != null) {
        lost(own);
      }
      slotFreed();
      throw e;
    }
  }

  /** The permit of a request that led and came to nothing. */
  private void lost(Request<P, O> request) {
    if (request.shed()) {
      permits.release(1);
    }
  }

  /** Runs a batch on a slot, and gives the slot back. */
  private void serve(S slot, Picked<P, O> picked) {
    try {
      run(slot, picked.batch);
    } finally { // whatever happens, nobody waits for ever
      finish(picked.batch);
      rejections.turnAway(picked.shed);
    }
  }

  private void run(S slot, Batch<P, O> batch) {
    try {
      if (batch.rows() > 0) {
        onwards();
        runner.run(slot, batch);
      }
    } finally {
      if (batch.rows() > 0) {
        crowd.ended(batch);
      }
      slots.give(slot, batch.rows());
      slotFreed();
    }
  }

  private void finish(Batch<P, O> batch) {
    overdue.ended(batch);
    int rows = batch.rows();
    if (rows > 0) {
      List<Request<P, O>> finished = new ArrayList<>(rows);
      for (int row = 0; row < rows; row++) {
        if (batch.finish(row)) {
          finished.add(batch.members().get(row));
        }
      }
      permits.release(rows);
      deliveries.deliver(finished);
    }
  }

  /** Makes room by turning away the least urgent of those that wait; false if nobody waits. */
  public boolean displace() {
    Request<P, O> out;
    waiting.lock();
    try {
      out = line.leastUrgent();
      if (out == null) {
        return false;
      }
      line.remove(out);
    } finally {
      waiting.unlock();
    }
    if (out.shed()) {
      rejections.turnAway(List.of(new Shed<>(out, ShedReason.DISPLACED)));
    }
    onwards();
    return true;
  }

  /** Lets a worker do something beside requests, if one has time. */
  public void offer(Runnable chore) {
    threads.offer(chore);
  }

  /** Turns away what waits and ends the threads once what runs has finished. */
  public void close() {
    closed = true;
    flush();
    threads.end();
    watch.end();
  }

  private void flush() {
    List<Shed<P, O>> shed = new ArrayList<>();
    waiting.lock();
    try {
      for (Request<P, O> at = line.first(); at != null; at = line.first()) {
        line.remove(at);
        if (at.shed()) {
          shed.add(new Shed<>(at, ShedReason.CLOSED));
        }
      }
    } finally {
      waiting.unlock();
    }
    rejections.turnAway(shed);
  }
}
