package io.vivace.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Outcome;
import io.vivace.core.OverloadedException;
import io.vivace.core.PredictorClosedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StubPredictorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void answering_givesTheAnswerAndRemembersTheCalls() {
    StubPredictor<String, Float> stub = StubPredictor.answering(0.5f);
    assertThat(stub.predict("a")).isEqualTo(0.5f);
    assertThat(stub.predictAll(List.of("b", "c"))).containsExactly(0.5f, 0.5f);
    assertThat(stub.predictAsync("d").join()).isEqualTo(0.5f);
    assertThat(stub.calls()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void computing_errorsBelongToTheirItem() {
    StubPredictor<String, Integer> stub = StubPredictor.computing(Integer::parseInt);
    List<Outcome<Integer>> outcomes = stub.predictEach(List.of("1", "x", "3"));
    assertThat(outcomes.get(0).get()).isEqualTo(1);
    assertThat(outcomes.get(1).error())
        .isInstanceOf(EngineException.class)
        .hasCauseInstanceOf(NumberFormatException.class);
    assertThat(outcomes.get(2).get()).isEqualTo(3);
    assertThatThrownBy(() -> stub.predict("y")).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void random_sameSeed_sameAnswers() {
    StubPredictor<Integer, String> one = StubPredictor.random(3, List.of("a", "b", "c"));
    StubPredictor<Integer, String> two = StubPredictor.random(3, List.of("a", "b", "c"));
    List<Integer> items = IntStream.range(0, 50).boxed().toList();
    assertThat(one.predictAll(items)).isEqualTo(two.predictAll(items)).contains("a", "b", "c");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StubPredictor.random(1, List.of()))
        .withMessageContaining("at least one");
  }

  @Test
  void failing_andFailNext_throwWhatTheyWereGiven() {
    StubPredictor<String, Float> broken =
        StubPredictor.failing(() -> new OverloadedException("busy"));
    assertThatThrownBy(() -> broken.predict("a")).isInstanceOf(OverloadedException.class);
    assertThat(broken.predictAsync("a")).isCompletedExceptionally();
    StubPredictor<String, Float> flaky =
        StubPredictor.<String, Float>answering(1f)
            .failNext(2, () -> new OverloadedException("busy"));
    assertThatThrownBy(() -> flaky.predict("a")).isInstanceOf(OverloadedException.class);
    assertThatThrownBy(() -> flaky.predict("a")).isInstanceOf(OverloadedException.class);
    assertThat(flaky.predict("a")).isEqualTo(1f);
    assertThat(flaky.calls()).hasSize(3);
  }

  @Test
  void taking_longerThanTheDeadline_failsAfterTheDeadline() {
    TestClock clock = new TestClock();
    StubPredictor<String, Float> slow =
        StubPredictor.<String, Float>answering(1f).taking(Duration.ofMillis(80), clock);
    assertThat(slow.predict("a", CallOptions.within(Duration.ofMillis(80)))).isEqualTo(1f);
    assertThat(clock.getAsLong()).isEqualTo(80_000_000);
    assertThatThrownBy(() -> slow.predict("a", CallOptions.within(Duration.ofMillis(50))))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(clock.getAsLong()).isEqualTo(130_000_000);
    assertThat(
            slow.predictEach(List.of("b"), CallOptions.within(Duration.ofMillis(50)))
                .get(0)
                .isAnswered())
        .isFalse();
  }

  @Test
  void hold_keepsAsynchronousCallsOpen() {
    StubPredictor<String, Float> stub = StubPredictor.<String, Float>answering(1f).hold();
    CompletableFuture<Float> one = stub.predictAsync("a");
    CompletableFuture<Float> two = stub.predictAsync("b");
    stub.awaitRunning(2, LIMIT);
    assertThat(one).isNotDone();
    stub.release();
    assertThat(one).succeedsWithin(LIMIT);
    assertThat(two).succeedsWithin(LIMIT);
    assertThat(stub.predictAsync("c")).isDone();
  }

  @Test
  void awaitRunning_inVain_isAnAssertionError() {
    StubPredictor<String, Float> stub = StubPredictor.answering(1f);
    assertThatThrownBy(() -> stub.awaitRunning(1, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 calls at a time, but there were 0");
  }

  @Test
  void closed_refusesEveryCall() {
    StubPredictor<String, Float> stub = StubPredictor.answering(1f);
    stub.close();
    stub.close();
    assertThat(stub.isClosed()).isTrue();
    assertThatThrownBy(() -> stub.predict("a")).isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> stub.predictEach(List.of()))
        .isInstanceOf(PredictorClosedException.class);
    assertThat(stub.predictAsync("a")).isCompletedExceptionally();
    assertThat(stub.calls()).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // what a careless caller does
  void nullItem_isRefusedAsByTheRealOne() {
    StubPredictor<String, Float> stub = StubPredictor.answering(1f);
    assertThatThrownBy(() -> stub.predict(null)).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void testClock_goesForwardOnly() {
    TestClock clock = new TestClock().advance(Duration.ofNanos(3)).advance(Duration.ofNanos(4));
    assertThat(clock.getAsLong()).isEqualTo(7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .withMessageContaining("back");
  }
}
