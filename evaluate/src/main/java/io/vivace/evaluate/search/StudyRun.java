package io.vivace.evaluate.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the trials of a session: on the calling thread, or on as many others as are asked for. */
final class StudyRun {
  private static final Logger LOG = LoggerFactory.getLogger(Study.class);

  private final StudySession session;
  private final StudyOptions options;
  private final TrialScores scores;
  private final long begin = System.nanoTime();

  /** What ends everything: a fault of ours, an error of the score function, a failed trial. */
  private final AtomicReference<@Nullable Throwable> end = new AtomicReference<>();

  private final AtomicReference<@Nullable StopReason> cause = new AtomicReference<>();

  StudyRun(StudySession session, StudyOptions options, TrialScores scores) {
    this.session = session;
    this.options = options;
    this.scores = scores;
  }

  Study run() {
    if (options.workers == 1) {
      work();
    } else {
      workTogether();
    }
    Throwable thrown = end.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    StopReason why = cause.get();
    return why == null ? session.study() : session.study(why);
  }

  private void workTogether() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.workers; i++) {
      Thread thread = new Thread(this::work, "study-worker-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
          cause.compareAndSet(null, StopReason.INTERRUPTED);
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      for (Trial trial = take(); trial != null; trial = take()) {
        run(trial);
      }
    } catch (InterruptedException e) {
      cause.compareAndSet(null, StopReason.INTERRUPTED);
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      end.compareAndSet(null, e);
    } finally {
      session.wakeAll();
    }
  }

  private @Nullable Trial take() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return session.take(this::isStopped);
  }

  private boolean isStopped() {
    if (options.stopSignal.isRequested()) {
      cause.compareAndSet(null, StopReason.STOP_SIGNAL);
    } else if (options.timeLimit != null
        && System.nanoTime() - begin >= options.timeLimit.toNanos()) {
      cause.compareAndSet(null, StopReason.TIME_LIMIT);
    }
    return cause.get() != null || end.get() != null;
  }

  private void run(Trial trial) throws InterruptedException {
    double[] values;
    try {
      values = Objects.requireNonNull(scores.of(trial.params(), trial), "the scores were null");
    } catch (InterruptedException e) {
      throw e; // the trial did not end and starts anew when the study is resumed
    } catch (TrialPrunedException e) {
      session.prune(trial);
      return;
    } catch (CancellationException e) {
      cancelled(trial, e);
      return;
    } catch (Exception e) {
      failed(trial, e);
      return;
    }
    tell(trial, values);
  }

  private void tell(Trial trial, double[] values) {
    TrialResult result;
    try {
      result = session.tell(trial, values);
    } catch (IllegalArgumentException e) {
      failed(trial, e);
      return;
    }
    if (result.state() == TrialState.FAILED && options.failFast) {
      throw new SearchException("trial " + trial.number() + " failed: " + result.failure());
    }
  }

  private void cancelled(Trial trial, CancellationException e) {
    if (trial.shouldPrune()) {
      session.prune(trial);
    } else if (!trial.isStopped()) {
      failed(trial, e);
    }
  }

  private void failed(Trial trial, Exception e) {
    LOG.debug("trial {} failed at {}", trial.number(), trial.params(), e);
    session.fail(trial, e.toString());
    if (options.failFast) {
      throw new SearchException(
          "trial " + trial.number() + " failed at " + trial.params() + ": " + e, e);
    }
  }
}
