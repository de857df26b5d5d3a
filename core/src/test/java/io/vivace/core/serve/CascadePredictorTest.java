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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CascadePredictorTest {
  private final StubPredictor<Integer, String> small = named("small");
  private final StubPredictor<Integer, String> medium = named("medium");
  private final StubPredictor<Integer, String> large = named("large");

  /** Items above 1 are hard for the small one, items above 2 for the medium one. */
  private final CascadePredictor<Integer, String> cascade =
      CascadePredictor.of(small)
          .thenIf(answer -> number(answer) > 1, medium)
          .thenIf(answer -> number(answer) > 2, large);

  private static StubPredictor<Integer, String> named(String name) {
    return StubPredictor.computing(
        item -> {
          if (name.equals("medium") && item == 13) {
            throw new EngineException("unlucky");
          }
          return name + " " + item;
        });
  }

  private static int number(String answer) {
    int number = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
    if (number == 99) {
      throw new IllegalStateException("bug");
    }
    return number;
  }

  @Test
  void predict_everyWay_goesOnOnlyWhileUnsure() {
    assertThat(cascade.predict(1)).isEqualTo("small 1");
    assertThat(cascade.predict(2)).isEqualTo("medium 2");
    assertThat(cascade.predict(3)).isEqualTo("large 3");
    assertThat(cascade.predictAsync(1).join()).isEqualTo("small 1");
    assertThat(cascade.predictAsync(2).join()).isEqualTo("medium 2");
    assertThat(cascade.predictAsync(3).join()).isEqualTo("large 3");
    assertThat(cascade.predictAll(List.of(3, 1, 2, 3)))
        .containsExactly("large 3", "small 1", "medium 2", "large 3");
    assertThat(cascade.asked()).containsExactly(10, 7, 4);
    assertThat(large.calls()).containsExactly(3, 3, 3, 3);
  }

  @Test
  void predict_stageFails_isTheCallsError() {
    assertThatThrownBy(() -> cascade.predict(13)).hasMessage("unlucky");
    assertThatThrownBy(() -> cascade.predictAsync(13).join()).cause().hasMessage("unlucky");
    List<Outcome<String>> outcomes = cascade.predictEach(List.of(1, 13, 3));
    assertThat(outcomes.get(0).get()).isEqualTo("small 1");
    assertThat(outcomes.get(1).error()).hasMessage("unlucky");
    assertThat(outcomes.get(2).get()).isEqualTo("large 3");
  }

  @Test
  void predict_judgeFails_isAnEngineException() {
    assertThatThrownBy(() -> cascade.predict(99))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("stage 1 of a cascade could not judge");
    assertThat(cascade.predictAsync(99)).isCompletedExceptionally();
    List<Outcome<String>> outcomes = cascade.predictEach(List.of(99, 1));
    assertThat(outcomes.get(0).error()).isInstanceOf(EngineException.class);
    assertThat(outcomes.get(1).get()).isEqualTo("small 1");
  }

  @Test
  void predict_deadlinePassesBetweenStages_isExceeded() {
    small.taking(Duration.ofMillis(30));
    CallOptions options = CallOptions.within(Duration.ofMillis(5));
    assertThatThrownBy(() -> cascade.predict(3, options))
        .isInstanceOf(DeadlineExceededException.class);
    assertThat(medium.calls()).isEmpty();
  }

  @Test
  void predictEach_empty_isEmpty() {
    assertThat(cascade.predictEach(List.of())).isEmpty();
  }

  @Test
  void close_twice_closesAllStages() {
    cascade.close();
    cascade.close();
    assertThat(small.isClosed()).isTrue();
    assertThat(medium.isClosed()).isTrue();
    assertThat(large.isClosed()).isTrue();
    assertThatThrownBy(() -> cascade.predictEach(List.of(1)))
        .isInstanceOf(io.vivace.core.PredictorClosedException.class);
  }
}
