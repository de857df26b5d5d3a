package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.DeadlineExceededException;
import io.vivace.core.EngineException;
import io.vivace.core.Outcome;
import io.vivace.core.testing.StubPredictor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EnsemblePredictorTest {
  private static StubPredictor<Integer, Double> times(double factor) {
    return StubPredictor.computing(
        item -> {
          if (item == 13) {
            throw new EngineException("unlucky " + factor);
          }
          return item * factor;
        });
  }

  @Test
  void predict_everyWay_combinesAllAnswers() {
    try (var ensemble = EnsemblePredictor.of(List.of(times(1), times(3)), Combiner.mean())) {
      assertThat(ensemble.predict(2)).isEqualTo(4);
      assertThat(ensemble.predictAsync(2).join()).isEqualTo(4);
      assertThat(ensemble.predictAll(List.of(1, 2, 3))).containsExactly(2.0, 4.0, 6.0);
      assertThat(ensemble.predictAll(List.of())).isEmpty();
    }
  }

  @Test
  void predict_memberFails_failsWithTheFirstError() {
    try (var ensemble =
        EnsemblePredictor.of(List.of(times(1), times(2), times(3)), Combiner.mean())) {
      assertThatThrownBy(() -> ensemble.predict(13)).hasMessage("unlucky 1.0");
      assertThatThrownBy(() -> ensemble.predictAsync(13).join()).cause().hasMessage("unlucky 1.0");
      List<Outcome<Double>> outcomes = ensemble.predictEach(List.of(1, 13, 2));
      assertThat(outcomes.get(0).get()).isEqualTo(2);
      assertThat(outcomes.get(1).error()).hasMessage("unlucky 1.0");
      assertThat(outcomes.get(2).get()).isEqualTo(4);
    }
  }

  @Test
  void predictAsync_slowMembers_asksAllAtOnceAndCancelsAll() {
    StubPredictor<Integer, Double> a = times(1).hold();
    StubPredictor<Integer, Double> b = times(2).hold();
    try (var ensemble = EnsemblePredictor.of(List.of(a, b), Combiner.mean())) {
      CompletableFuture<Double> answer = ensemble.predictAsync(2);
      a.awaitRunning(1, Duration.ofSeconds(30));
      b.awaitRunning(1, Duration.ofSeconds(30));
      CompletableFuture<Double> cancelled = ensemble.predictAsync(2);
      cancelled.cancel(false);
      a.release();
      b.release();
      assertThat(answer.join()).isEqualTo(3);
      assertThat(cancelled).isCancelled();
    }
  }

  @Test
  void predict_deadlinePassesBetweenMembers_isExceeded() {
    StubPredictor<Integer, Double> slow = times(1).taking(Duration.ofMillis(30));
    StubPredictor<Integer, Double> next = times(1);
    try (var ensemble = EnsemblePredictor.of(List.of(slow, next), Combiner.mean())) {
      CallOptions options = CallOptions.within(Duration.ofMillis(5));
      assertThatThrownBy(() -> ensemble.predict(1, options))
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(ensemble.predictEach(List.of(1), options).get(0).error())
          .isInstanceOf(DeadlineExceededException.class);
      assertThat(next.calls()).isEmpty();
    }
  }

  @Test
  void combiner_fails_isAnEngineException() {
    Combiner<Double, Double> broken =
        answers -> {
          throw new IllegalStateException("bug");
        };
    try (var ensemble = EnsemblePredictor.of(List.of(times(1)), broken)) {
      assertThatThrownBy(() -> ensemble.predict(1))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("could not be combined");
      assertThat(ensemble.predictEach(List.of(1)).get(0).isAnswered()).isFalse();
      assertThat(ensemble.predictAsync(1)).isCompletedExceptionally();
    }
    try (var ensemble =
        EnsemblePredictor.of(List.of(times(1)), (Combiner<Double, Double>) answers -> null)) {
      assertThatThrownBy(() -> ensemble.predict(1)).hasMessageContaining("combined to null");
    }
  }

  @Test
  void of_wrongNumbers_isRefused() {
    assertThatThrownBy(() -> EnsemblePredictor.of(List.of(times(1)), Combiner.weightedMean(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are 2 weights for 1 predictors; give each predictor one");
    assertThatThrownBy(
            () -> EnsemblePredictor.of(List.<StubPredictor<Integer, Double>>of(), Combiner.mean()))
        .hasMessage("an ensemble needs at least one predictor");
  }

  @Test
  void close_oneMemberFails_closesTheOthers() {
    StubPredictor<Integer, Double> last = times(1);
    StubPredictor<Integer, Double> fragile = times(1);
    io.vivace.core.Predictor<Integer, Double> breaking =
        new Forwarding<>(fragile) {
          @Override
          public void close() {
            throw new IllegalStateException("stuck");
          }
        };
    var ensemble = EnsemblePredictor.of(List.of(breaking, last), Combiner.mean());
    assertThatThrownBy(ensemble::close).hasMessage("stuck");
    assertThat(last.isClosed()).isTrue();
  }
}
