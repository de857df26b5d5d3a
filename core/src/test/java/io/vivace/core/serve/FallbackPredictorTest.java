package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InferenceException;
import io.vivace.core.InferenceException.Code;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.OverloadedException;
import io.vivace.core.observe.InferenceListener;
import io.vivace.core.testing.StubPredictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FallbackPredictorTest {
  private static final CircuitBreakerOptions TWO_FAILURES =
      CircuitBreakerOptions.defaults().failures(2, 2).pause(Duration.ofHours(1)).trials(1);

  /** Writes down what it hears. */
  private static final class Heard implements InferenceListener {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void fellBack(String predictor, Code code) {
      events.add(predictor + " fell back: " + code);
    }

    @Override
    public void breakerOpened(String predictor) {
      events.add(predictor + " opened");
    }

    @Override
    public void breakerClosed(String predictor) {
      events.add(predictor + " closed");
    }
  }

  private static <I> StubPredictor<I, String> failing() {
    return StubPredictor.failing(() -> new EngineException("broken"));
  }

  @Test
  void predict_primaryAnswers_doesNotAskTheFallback() {
    StubPredictor<String, String> other = StubPredictor.answering("other");
    try (var predictor =
        FallbackPredictor.of(StubPredictor.<String, String>answering("first")).to(other).build()) {
      assertThat(predictor.predict("x")).isEqualTo("first");
      assertThat(predictor.predictAll(List.of("x", "y"))).containsExactly("first", "first");
      assertThat(predictor.predictAsync("x").join()).isEqualTo("first");
      assertThat(other.calls()).isEmpty();
    }
  }

  @Test
  void predict_primaryFails_asksTheFallbackAndTells() {
    Heard heard = new Heard();
    try (var predictor =
        FallbackPredictor.of(FallbackPredictorTest.<String>failing())
            .to(StubPredictor.answering("other"))
            .name("first")
            .listener(heard)
            .build()) {
      assertThat(predictor.predict("x")).isEqualTo("other");
      assertThat(predictor.predictAsync("x").join()).isEqualTo("other");
      assertThat(predictor.predictAll(List.of("x"))).containsExactly("other");
      assertThat(heard.events).hasSize(3).containsOnly("first fell back: ENGINE");
    }
  }

  @Test
  void predict_errorThatIsNotCovered_isTheCallers() {
    try (var predictor =
        FallbackPredictor.of(
                StubPredictor.<String, String>failing(() -> new InvalidInputException("bad")))
            .value("other")
            .build()) {
      assertThatThrownBy(() -> predictor.predict("x")).hasMessage("bad");
      assertThatThrownBy(() -> predictor.predictAsync("x").join()).hasMessageContaining("bad");
      assertThat(predictor.predictEach(List.of("x")).get(0).error()).hasMessage("bad");
    }
  }

  @Test
  void on_chosenCodes_coversOnlyThose() {
    var first = StubPredictor.<String, String>answering("first");
    try (var predictor =
        FallbackPredictor.of(first).value("other").on(Code.INVALID_INPUT).build()) {
      first.failNext(1, () -> new InvalidInputException("bad"));
      assertThat(predictor.predict("x")).isEqualTo("other");
      first.failNext(1, () -> new EngineException("broken"));
      assertThatThrownBy(() -> predictor.predict("x")).hasMessage("broken");
    }
  }

  @Test
  void predict_unknownException_countsAsAnEngineFault() {
    try (var predictor =
        FallbackPredictor.of(
                StubPredictor.<String, String>failing(() -> new IllegalStateException("bug")))
            .answer((item, error) -> item + " " + error.code())
            .build()) {
      assertThat(predictor.predict("x")).isEqualTo("x ENGINE");
      assertThat(predictor.predictAsync("x").join()).isEqualTo("x ENGINE");
    }
  }

  @Test
  void predict_fallbackFailsToo_throwsItsErrorWithTheFirstSuppressed() {
    try (var predictor =
        FallbackPredictor.of(FallbackPredictorTest.<String>failing())
            .to(StubPredictor.failing(() -> new OverloadedException("full")))
            .build()) {
      assertThatThrownBy(() -> predictor.predict("x"))
          .hasMessage("full")
          .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("broken"));
      assertThat(predictor.predictAsync("x")).isCompletedExceptionally();
      InferenceException error = predictor.predictEach(List.of("x")).get(0).error();
      assertThat(error.getSuppressed()[0]).hasMessage("broken");
    }
  }

  @Test
  void predict_functionGivesNullOrThrows_isAnEngineException() {
    try (var predictor =
        FallbackPredictor.of(FallbackPredictorTest.<String>failing())
            .answer(
                (item, error) -> {
                  if (item.equals("throw")) {
                    throw new IllegalStateException("bug");
                  }
                  return null;
                })
            .build()) {
      assertThatThrownBy(() -> predictor.predict("x"))
          .isInstanceOf(EngineException.class)
          .hasMessage("the fallback answered null");
      assertThatThrownBy(() -> predictor.predict("throw"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("the fallback failed");
    }
  }

  @Test
  void predictEach_someFail_replacesOnlyThose() {
    StubPredictor<Integer, String> first =
        StubPredictor.computing(
            item -> {
              if (item % 2 == 1) {
                throw new EngineException("odd");
              }
              return "first " + item;
            });
    StubPredictor<Integer, String> other = StubPredictor.computing(item -> "other " + item);
    try (var predictor = FallbackPredictor.of(first).to(other).build()) {
      assertThat(predictor.predictAll(List.of(0, 1, 2, 3)))
          .containsExactly("first 0", "other 1", "first 2", "other 3");
      assertThat(other.calls()).containsExactly(1, 3);
    }
  }

  @Test
  void primaryWithin_shorterThanTheCallsDeadline_leavesTimeForTheFallback() {
    StubPredictor<String, String> slow =
        StubPredictor.<String, String>answering("late").taking(Duration.ofMillis(20));
    try (var predictor =
        FallbackPredictor.of(slow).value("quick").primaryWithin(Duration.ofMillis(1)).build()) {
      assertThat(predictor.predict("x")).isEqualTo("quick");
      assertThat(predictor.predict("x", CallOptions.within(Duration.ofDays(1)))).isEqualTo("quick");
    }
  }

  @Test
  void predict_deadlineUsedUpByThePrimary_failsUnlessTheFallbackIsAFunction() {
    StubPredictor<String, String> slow =
        StubPredictor.<String, String>answering("late").taking(Duration.ofMillis(20));
    CallOptions options = CallOptions.within(Duration.ofMillis(2));
    try (var predictor = FallbackPredictor.of(slow).to(StubPredictor.answering("other")).build()) {
      assertThatThrownBy(() -> predictor.predict("x", options))
          .isInstanceOf(DeadlineExceededException.class);
    }
    StubPredictor<String, String> again =
        StubPredictor.<String, String>answering("late").taking(Duration.ofMillis(20));
    try (var predictor = FallbackPredictor.of(again).value("quick").build()) {
      assertThat(predictor.predict("x", options)).isEqualTo("quick");
    }
  }

  @Test
  void breaker_afterTooManyFailures_leavesThePrimaryAlone() {
    Heard heard = new Heard();
    StubPredictor<String, String> first = failing();
    try (var predictor =
        FallbackPredictor.of(first)
            .value("other")
            .name("first")
            .circuitBreaker(TWO_FAILURES)
            .listener(heard)
            .build()) {
      predictor.predict("1");
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.CLOSED);
      predictor.predict("2");
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.OPEN);
      assertThat(predictor.predict("3")).isEqualTo("other");
      assertThat(predictor.predictAsync("4").join()).isEqualTo("other");
      assertThat(predictor.predictAll(List.of("5"))).containsExactly("other");
      assertThat(first.calls()).containsExactly("1", "2");
      assertThat(heard.events)
          .containsExactly(
              "first fell back: ENGINE",
              "first opened",
              "first fell back: ENGINE",
              "first fell back: OVERLOADED",
              "first fell back: OVERLOADED",
              "first fell back: OVERLOADED");
    }
  }

  @Test
  void breaker_afterThePause_triesAgainAndCloses() {
    Heard heard = new Heard();
    StubPredictor<String, String> first = StubPredictor.answering("first");
    first.failNext(2, () -> new EngineException("broken"));
    try (var predictor =
        FallbackPredictor.of(first)
            .value("other")
            .name("first")
            .circuitBreaker(TWO_FAILURES.pause(Duration.ofNanos(1)))
            .listener(heard)
            .build()) {
      predictor.predict("1");
      predictor.predict("2");
      assertThat(predictor.predict("3")).isEqualTo("first");
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.CLOSED);
      assertThat(heard.events).endsWith("first opened", "first fell back: ENGINE", "first closed");
    }
  }

  @Test
  void breaker_trialFails_opensAgain() {
    StubPredictor<String, String> first = failing();
    try (var predictor =
        FallbackPredictor.of(first)
            .value("other")
            .circuitBreaker(TWO_FAILURES.pause(Duration.ofNanos(1)))
            .build()) {
      for (int i = 0; i < 10; i++) {
        assertThat(predictor.predict("x")).isEqualTo("other");
      }
      assertThat(predictor.circuitState()).isNotEqualTo(CircuitState.CLOSED);
    }
  }

  @Test
  void breaker_itemsAtFault_doNotOpenIt() {
    StubPredictor<String, String> first =
        StubPredictor.failing(() -> new InvalidInputException("bad"));
    try (var predictor =
        FallbackPredictor.of(first).value("other").circuitBreaker(TWO_FAILURES).build()) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> predictor.predict("x")).hasMessage("bad");
      }
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.CLOSED);
    }
  }

  @Test
  void breaker_undecidedTrial_neverLeaksItsPermit() {
    StubPredictor<String, String> first = StubPredictor.answering("first");
    first.failNext(2, () -> new EngineException("broken"));
    try (var predictor =
        FallbackPredictor.of(first)
            .value("other")
            .circuitBreaker(TWO_FAILURES.pause(Duration.ofNanos(1)))
            .build()) {
      predictor.predict("1");
      predictor.predict("2");
      first.failNext(1, () -> new InvalidInputException("bad"));
      assertThatThrownBy(() -> predictor.predict("3")).hasMessage("bad");
      assertThat(predictor.circuitState()).isNotEqualTo(CircuitState.CLOSED);
      assertThat(predictor.predict("4")).isEqualTo("first");
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.CLOSED);
    }
  }

  @Test
  void breaker_callOfManyWithOneBadItem_staysClosed() {
    StubPredictor<Integer, String> first =
        StubPredictor.computing(
            item -> {
              if (item == 1) {
                throw new EngineException("poison");
              }
              return "first";
            });
    try (var predictor =
        FallbackPredictor.of(first).value("other").circuitBreaker(TWO_FAILURES).build()) {
      for (int i = 0; i < 5; i++) {
        assertThat(predictor.predictAll(List.of(0, 1))).containsExactly("first", "other");
      }
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.CLOSED);
      predictor.predictAll(List.of(1));
      predictor.predictAll(List.of(1));
      assertThat(predictor.circuitState()).isEqualTo(CircuitState.OPEN);
    }
  }

  @Test
  void cancel_whileThePrimaryRuns_cancelsItWithoutFallback() {
    StubPredictor<String, String> first = StubPredictor.<String, String>answering("first").hold();
    Heard heard = new Heard();
    try (var predictor = FallbackPredictor.of(first).value("other").listener(heard).build()) {
      CompletableFuture<String> answer = predictor.predictAsync("x");
      assertThat(answer.cancel(true)).isTrue();
      first.release();
      assertThat(answer).isCancelled();
      assertThat(heard.events).isEmpty();
    }
  }

  @Test
  void predictEach_empty_isEmpty() {
    try (var predictor =
        FallbackPredictor.of(FallbackPredictorTest.<String>failing()).value("other").build()) {
      List<Outcome<String>> none = predictor.predictEach(List.of());
      assertThat(none).isEmpty();
    }
  }

  @Test
  void build_faultyOptions_listsAllFaults() {
    assertThatThrownBy(
            () ->
                FallbackPredictor.of(StubPredictor.answering("x"))
                    .name(" ")
                    .primaryWithin(Duration.ZERO)
                    .on(Code.INTERRUPTED)
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name a fallback")
        .hasMessageContaining("never for [INTERRUPTED, PARTIAL_RESULT]")
        .hasMessageContaining("primaryWithin must be above 0 and at most 365 days, but was PT0S")
        .hasMessageContaining("name must not be blank");
    assertThatThrownBy(() -> new CircuitBreakerOptions(0, -1, Duration.ZERO, 0))
        .hasMessageContaining("failures must be at least 1, but was 0")
        .hasMessageContaining("window must be from 0 (failures) to 100,000, but was -1")
        .hasMessageContaining("pause must be above 0")
        .hasMessageContaining("trials must be from 1 to 1,000, but was 0");
  }

  @Test
  void close_twice_closesBoth() {
    StubPredictor<String, String> first = StubPredictor.answering("first");
    StubPredictor<String, String> other = StubPredictor.answering("other");
    var predictor = FallbackPredictor.of(first).to(other).build();
    predictor.close();
    predictor.close();
    assertThat(first.isClosed()).isTrue();
    assertThat(other.isClosed()).isTrue();
  }
}
