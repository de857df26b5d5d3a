package io.vivace.core.testing;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.model.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A predictor that answers what a test says, and remembers what it was asked. Thread-safe.
 *
 * <pre>{@code
 * StubPredictor<Payment, Float> risk = StubPredictor.computing(payment -> 0.9f);
 * new Checkout(risk).pay(payment);
 * assert risk.calls().equals(List.of(payment));
 * risk.failNext(1, () -> new OverloadedException("busy"));
 * }</pre>
 *
 * <p>An asynchronous call is answered on the calling thread, so a test has nothing to wait for;
 * while the stub is {@linkplain #hold() held} it is answered on a thread of its own.
 *
 * @param <I> the type of the items
 * @param <O> the type of the answers
 */
public final class StubPredictor<I, O> implements Predictor<I, O> {
  private final Function<? super I, ? extends O> function;
  private final Behaviour behaviour = new Behaviour();
  private final List<I> calls = new ArrayList<>();
  private boolean holding;
  private volatile boolean closed;

  private StubPredictor(Function<? super I, ? extends O> function) {
    this.function = Objects.requireNonNull(function, "function");
  }

  /**
   * Makes a predictor that gives everybody the same answer.
   *
   * @param answer the answer
   * @param <I> the type of the items
   * @param <O> the type of the answer
   * @return the predictor
   */
  public static <I, O> StubPredictor<I, O> answering(O answer) {
    Objects.requireNonNull(answer, "answer");
    return new StubPredictor<>(item -> answer);
  }

  /**
   * Makes a predictor that computes its answers.
   *
   * @param function gives the answer to an item; what it throws becomes the error of the call
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return the predictor
   */
  public static <I, O> StubPredictor<I, O> computing(Function<? super I, ? extends O> function) {
    return new StubPredictor<>(function);
  }

  /**
   * Makes a predictor that always fails.
   *
   * @param error gives the error of each call
   * @param <I> the type of the items
   * @param <O> the type of the answers it does not give
   * @return the predictor
   */
  public static <I, O> StubPredictor<I, O> failing(Supplier<? extends RuntimeException> error) {
    return new StubPredictor<>(
        item -> {
          throw error.get();
        });
  }

  /**
   * Makes a predictor that picks its answers at random. The same seed gives the same answers in the
   * same order.
   *
   * @param seed the seed
   * @param answers what to pick from, at least one
   * @param <I> the type of the items
   * @param <O> the type of the answers
   * @return the predictor
   * @throws IllegalArgumentException if there is no answer to pick
   */
  public static <I, O> StubPredictor<I, O> random(long seed, List<? extends O> answers) {
    List<O> choice = List.copyOf(answers);
    if (choice.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one answer to pick from");
    }
    SplittableRandom random = new SplittableRandom(seed);
    return new StubPredictor<>(
        item -> {
          synchronized (choice) {
            return choice.get(random.nextInt(choice.size()));
          }
        });
  }

  /**
   * Lets every call take a while of real time. A call with a shorter deadline fails when that has
   * passed.
   *
   * @param time how long, at least 0
   * @return this predictor
   */
  public StubPredictor<I, O> taking(Duration time) {
    behaviour.takes(time, null);
    return this;
  }

  /**
   * Lets every call take a while on a clock of the test: it moves the clock, and nobody waits.
   *
   * @param time how long, at least 0
   * @param clock the clock to move
   * @return this predictor
   */
  public StubPredictor<I, O> taking(Duration time, TestClock clock) {
    behaviour.takes(time, Objects.requireNonNull(clock, "clock"));
    return this;
  }

  /**
   * Lets the next calls fail, then answers again.
   *
   * @param times how many calls, at least 1
   * @param error gives the error of each
   * @return this predictor
   */
  public StubPredictor<I, O> failNext(int times, Supplier<? extends RuntimeException> error) {
    behaviour.failNext(times, error);
    return this;
  }

  /**
   * Keeps calls from returning until {@link #release()}.
   *
   * @return this predictor
   */
  public StubPredictor<I, O> hold() {
    synchronized (calls) {
      holding = true;
    }
    behaviour.hold();
    return this;
  }

  /** Lets the calls that are held, and all further ones, return. */
  public void release() {
    synchronized (calls) {
      holding = false;
    }
    behaviour.release();
  }

  /**
   * Waits until so many calls are inside at a time.
   *
   * @param number how many
   * @param limit how long to wait
   * @throws AssertionError if there are fewer when the time is up
   */
  public void awaitRunning(int number, Duration limit) {
    behaviour.awaitRunning(number, limit);
  }

  /**
   * Returns what was asked so far, failed calls included.
   *
   * @return the items in the order of the calls
   */
  public List<I> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /**
   * Tells whether the predictor was closed.
   *
   * @return true after {@link #close()}
   */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public O predict(I item) {
    return predict(item, CallOptions.defaults());
  }

  @Override
  public O predict(I item, CallOptions options) {
    if (closed) {
      throw new PredictorClosedException("the stub predictor is closed");
    }
    if (item == null) {
      throw new InvalidInputException("an item must not be null");
    }
    synchronized (calls) {
      calls.add(item);
    }
    Duration deadline = options.deadline().orElse(Duration.ofDays(365));
    boolean late = behaviour.duration().compareTo(deadline) > 0;
    behaviour.pass(deadline);
    if (late) {
      throw new DeadlineExceededException("the stub takes longer than the deadline of " + deadline);
    }
    O answer = function.apply(item);
    if (answer == null) {
      throw new EngineException("the stub's function gave null for " + item);
    }
    return answer;
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items) {
    return predictEach(items, CallOptions.defaults());
  }

  @Override
  public List<Outcome<O>> predictEach(List<? extends I> items, CallOptions options) {
    if (closed) {
      throw new PredictorClosedException("the stub predictor is closed");
    }
    List<Outcome<O>> outcomes = new ArrayList<>();
    for (I item : items) {
      outcomes.add(outcome(item, options));
    }
    return outcomes;
  }

  private Outcome<O> outcome(I item, CallOptions options) {
    try {
      return Outcome.of(predict(item, options));
    } catch (InferenceException e) {
      return Outcome.failed(e);
    } catch (RuntimeException e) {
      return Outcome.failed(new EngineException("the stub failed: " + e, e));
    }
  }

  @Override
  public CompletableFuture<O> predictAsync(I item) {
    return predictAsync(item, CallOptions.defaults());
  }

  @Override
  public CompletableFuture<O> predictAsync(I item, CallOptions options) {
    CompletableFuture<O> future = new CompletableFuture<>();
    boolean apart;
    synchronized (calls) {
      apart = holding;
    }
    Runnable answer = () -> complete(future, item, options);
    if (apart) {
      Thread thread = new Thread(answer, "vivace-stub");
      thread.setDaemon(true);
      thread.start();
    } else {
      answer.run();
    }
    return future;
  }

  private void complete(CompletableFuture<O> future, I item, CallOptions options) {
    try {
      future.complete(predict(item, options));
    } catch (Throwable e) { // whatever it is, it belongs to the call
      future.completeExceptionally(e);
    }
  }

  /**
   * Returns an undeclared signature: there is no model.
   *
   * @return {@link Signature#UNDECLARED}
   */
  @Override
  public Signature signature() {
    return Signature.UNDECLARED;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return "StubPredictor[" + calls().size() + " calls" + (closed ? ", closed]" : "]");
  }
}
