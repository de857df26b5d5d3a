package io.vivace.core.serve;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.InferenceInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The options of a call that is answered in more than one step: each gets the time that is left.
 */
final class TimeLeft {
  private final CallOptions options;
  private final @Nullable Duration deadline;
  private final long begin;

  TimeLeft(CallOptions options) {
    this.options = options;
    this.deadline = options.deadline().orElse(null);
    this.begin = deadline == null ? 0 : System.nanoTime();
  }

  /**
   * The options for the next step.
   *
   * @throws DeadlineExceededException if there is no time left
   */
  CallOptions options() {
    if (deadline == null) {
      return options;
    }
    long left = deadline.toNanos() - (System.nanoTime() - begin);
    if (left <= 0) {
      throw late();
    }
    return options.deadline(Duration.ofNanos(left));
  }

  /** Passes an answer on, unless it came too late. */
  <T> T check(T answer) {
    if (deadline != null && System.nanoTime() - begin > deadline.toNanos()) {
      throw late();
    }
    return answer;
  }

  /** Waits for an answer that somebody else is working on. */
  <T> T await(CompletableFuture<T> answer) throws ExecutionException {
    try {
      if (deadline == null) {
        return answer.get();
      }
      long left = deadline.toNanos() - (System.nanoTime() - begin);
      return check(answer.get(Math.max(0, left), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw late();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceInterruptedException("interrupted while waiting for an answer", e);
    }
  }

  /** Lets a future fail once the time is up. */
  void limit(CompletableFuture<?> answer) {
    if (deadline != null && !answer.isDone()) {
      long left = deadline.toNanos() - (System.nanoTime() - begin);
      CompletableFuture.delayedExecutor(Math.max(0, left), TimeUnit.NANOSECONDS)
          .execute(() -> answer.completeExceptionally(late()));
    }
  }

  private DeadlineExceededException late() {
    return new DeadlineExceededException(
        "no answer within the deadline of " + deadline + ". Allow more time or send less.");
  }
}
