package io.vivace.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps deadlines for predictors that know none: they are not stopped, but what they answer too
 * late is no success.
 */
final class LateAnswers {
  private final @Nullable Duration deadline;
  private final long begin = System.nanoTime();

  LateAnswers(CallOptions options) {
    this.deadline = options.deadline().orElse(null);
  }

  <O> O check(O answer) {
    if (isLate()) {
      throw late();
    }
    return answer;
  }

  <O> List<Outcome<O>> check(List<Outcome<O>> outcomes) {
    return isLate()
        ? outcomes.stream().map(o -> o.isAnswered() ? Outcome.<O>failed(late()) : o).toList()
        : outcomes;
  }

  /** The same future, but failed once it is too late; a cancelled one cancels the source. */
  <O> CompletableFuture<O> check(CompletableFuture<O> source) {
    if (deadline == null) {
      return source;
    }
    CompletableFuture<O> timed = new CompletableFuture<>();
    timed.orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS);
    CompletableFuture<O> checked =
        timed.handle(
            (answer, error) -> {
              if (error == null) {
                return check(answer);
              }
              throw error instanceof TimeoutException ? late() : new CompletionException(error);
            });
    var unused =
        source.whenComplete(
            (answer, error) -> {
              if (error == null) {
                timed.complete(answer);
              } else {
                timed.completeExceptionally(error);
              }
            });
    var unusedToo = checked.whenComplete((answer, error) -> source.cancel(false));
    return checked;
  }

  private boolean isLate() {
    return deadline != null && System.nanoTime() - begin > deadline.toNanos();
  }

  private DeadlineExceededException late() {
    return new DeadlineExceededException(
        "no answer within the deadline of " + deadline + ". Allow more time or send less.");
  }
}
