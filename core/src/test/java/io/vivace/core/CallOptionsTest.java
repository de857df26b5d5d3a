package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.Signature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallOptionsTest {
  private static final CallOptions SHORT = CallOptions.within(Duration.ofNanos(1));
  private static final CallOptions LONG = CallOptions.within(Duration.ofHours(1));

  /** A predictor that knows no deadlines. */
  private static final class Plain implements Predictor<String, String> {
    CompletableFuture<String> future = new CompletableFuture<>();

    @Override
    public String predict(String item) {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < 2) {
        Thread.onSpinWait();
      }
      return item + "!";
    }

    @Override
    public List<Outcome<String>> predictEach(List<? extends String> items) {
      return items.stream().map(item -> Outcome.of(predict(item))).toList();
    }

    @Override
    public CompletableFuture<String> predictAsync(String item) {
      return future;
    }

    @Override
    public Signature signature() {
      return Signature.UNDECLARED;
    }

    @Override
    public void close() {}
  }

  @Test
  void options_valuesAndText() {
    CallOptions options = CallOptions.within(Duration.ofMillis(20)).priority(-3).key("u");
    assertThat(options.deadline()).contains(Duration.ofMillis(20));
    assertThat(options.priority()).isEqualTo(-3);
    assertThat(options.key()).contains("u");
    assertThat(options).hasToString("CallOptions[deadline=PT0.02S, priority=-3, key=u]");
    assertThat(CallOptions.defaults())
        .hasToString("CallOptions[deadline=the predictor's, priority=0, key=none]")
        .isEqualTo(CallOptions.defaults().priority(0))
        .isNotEqualTo(options)
        .isNotEqualTo(CallOptions.defaults().priority(1));
    assertThat(options.hashCode())
        .isEqualTo(options.deadline(Duration.ofMillis(20)).key("u").hashCode());
  }

  @Test
  void options_outOfRange_areRefused() {
    CallOptions options = CallOptions.defaults();
    assertThatThrownBy(() -> options.deadline(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> options.deadline(Duration.ofDays(366)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.priority(11))
        .hasMessage("priority must be from -10 to 10, but was 11");
    assertThatThrownBy(() -> options.priority(-11)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void predict_plainPredictor_neverReturnsALateAnswer() {
    try (Plain plain = new Plain()) {
      assertThat(plain.predict("a", LONG)).isEqualTo("a!");
      assertThat(plain.predict("a", CallOptions.defaults())).isEqualTo("a!");
      assertThat(plain.predictAll(List.of("a", "b"), LONG)).containsExactly("a!", "b!");
      assertThatThrownBy(() -> plain.predict("a", SHORT))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("PT0.000000001S");
      assertThat(plain.predictEach(List.of("a", "b"), SHORT))
          .allSatisfy(o -> assertThat(o.error()).isInstanceOf(DeadlineExceededException.class));
    }
  }

  @Test
  void predictAsync_plainPredictorInTime_givesItsAnswerOrItsError() {
    try (Plain plain = new Plain()) {
      CompletableFuture<String> answered = plain.predictAsync("a", LONG);
      plain.future.complete("b");
      assertThat(answered).isCompletedWithValue("b");
      plain.future = new CompletableFuture<>();
      CompletableFuture<String> failed = plain.predictAsync("a", LONG);
      plain.future.completeExceptionally(new EngineException("broken"));
      assertThatThrownBy(failed::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(EngineException.class);
    }
  }

  @Test
  void predictAsync_plainPredictorTooLate_failsAndTakesTheCallBack() {
    try (Plain plain = new Plain()) {
      assertThatThrownBy(() -> plain.predictAsync("a", SHORT).join())
          .hasCauseInstanceOf(DeadlineExceededException.class);
      assertThatThrownBy(() -> plain.future.join()).isNotNull();
      plain.future = new CompletableFuture<>();
      plain.predictAsync("a", LONG).cancel(false);
      assertThat(plain.future).isCancelled();
    }
  }
}
