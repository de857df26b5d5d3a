package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.Outcome;
import io.vivace.core.testing.StubPredictor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShadowPredictorTest {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private void note(Object item, Outcome<String> served, Outcome<String> shadowed) {
    seen.add(item + ": " + served + " / " + shadowed);
  }

  private ShadowPredictor<String, String> shadowed(
      StubPredictor<String, String> primary, StubPredictor<String, String> shadow) {
    return ShadowPredictor.of(primary, shadow).comparison(this::note).maxPending(2).build();
  }

  @Test
  void predict_everyWay_comparesBothAnswers() {
    try (var predictor = shadowed(StubPredictor.answering("a"), StubPredictor.answering("b"))) {
      assertThat(predictor.predict("1")).isEqualTo("a");
      await().until(() -> seen.size() == 1);
      assertThat(predictor.predictAsync("2").join()).isEqualTo("a");
      await().until(() -> seen.size() == 2);
      assertThat(predictor.predictAll(List.of("3"))).containsExactly("a");
      await().until(() -> predictor.counts().compared() == 3);
      assertThat(seen)
          .containsExactly(
              "1: answered: a / answered: b",
              "2: answered: a / answered: b",
              "3: answered: a / answered: b");
    }
  }

  @Test
  void predict_shadowHangs_answersAtOnceAndDropsWhatIsTooMuch() {
    StubPredictor<String, String> shadow = StubPredictor.<String, String>answering("b").hold();
    try (var predictor = shadowed(StubPredictor.answering("a"), shadow)) {
      assertThat(predictor.predict("0")).isEqualTo("a");
      shadow.awaitRunning(1, Duration.ofSeconds(30));
      for (int i = 1; i <= 5; i++) {
        assertThat(predictor.predict("x" + i)).isEqualTo("a");
      }
      assertThat(predictor.counts().dropped()).isEqualTo(3);
      shadow.release();
      await().until(() -> predictor.counts().compared() == 3);
    }
  }

  @Test
  void predict_shadowFails_isSeenByTheComparisonOnly() {
    StubPredictor<String, String> broken =
        StubPredictor.failing(() -> new IllegalStateException("bug"));
    try (var predictor = shadowed(StubPredictor.answering("a"), broken)) {
      assertThat(predictor.predict("1")).isEqualTo("a");
      await().until(() -> seen.size() == 1);
      assertThat(seen.get(0)).startsWith("1: answered: a / failed: the shadow ").endsWith("bug");
    }
  }

  @Test
  void predict_primaryFails_isComparedToo() {
    StubPredictor<String, String> broken =
        StubPredictor.failing(() -> new EngineException("broken"));
    try (var predictor = shadowed(broken, StubPredictor.answering("b"))) {
      assertThatThrownBy(() -> predictor.predict("1")).hasMessage("broken");
      assertThat(predictor.predictAsync("2")).isCompletedExceptionally();
      await().until(() -> seen.size() == 2);
      assertThat(seen)
          .containsExactly("1: failed: broken / answered: b", "2: failed: broken / answered: b");
    }
  }

  @Test
  void comparison_throws_isCountedAndTheShadowGoesOn() {
    try (var predictor =
        ShadowPredictor.of(
                StubPredictor.<String, String>answering("a"),
                StubPredictor.<String, String>answering("b"))
            .comparison(
                (item, served, shadowed) -> {
                  throw new IllegalStateException("bug");
                })
            .build()) {
      predictor.predict("1");
      predictor.predict("2");
      await().until(() -> predictor.counts().compared() == 2);
      assertThat(predictor.counts()).isEqualTo(new ShadowCounts(2, 0, 2));
    }
  }

  @Test
  void share_zero_asksNothing() {
    StubPredictor<String, String> shadow = StubPredictor.answering("b");
    try (var predictor =
        ShadowPredictor.of(StubPredictor.<String, String>answering("a"), shadow)
            .comparison(this::note)
            .share(0)
            .build()) {
      for (int i = 0; i < 100; i++) {
        predictor.predict("x");
      }
      assertThat(shadow.calls()).isEmpty();
      assertThat(predictor.counts()).isEqualTo(new ShadowCounts(0, 0, 0));
    }
  }

  @Test
  void copy_itemChangedAfterTheAnswer_doesNotReachTheShadow() {
    StubPredictor<int[], Integer> shadow =
        StubPredictor.<int[], Integer>computing(item -> item[0]).hold();
    List<Outcome<Integer>> shadowed = new CopyOnWriteArrayList<>();
    try (var predictor =
        ShadowPredictor.of(StubPredictor.<int[], Integer>computing(item -> item[0]), shadow)
            .comparison((item, served, other) -> shadowed.add(other))
            .copy(int[]::clone)
            .build()) {
      int[] item = {7};
      assertThat(predictor.predict(item)).isEqualTo(7);
      item[0] = 8;
      shadow.release();
      await().until(() -> shadowed.size() == 1);
      assertThat(shadowed.get(0).get()).isEqualTo(7);
    }
  }

  @Test
  void predict_deadline_isNotTheShadows() {
    StubPredictor<String, String> shadow =
        StubPredictor.<String, String>answering("b").taking(Duration.ofMillis(30));
    try (var predictor = shadowed(StubPredictor.answering("a"), shadow)) {
      predictor.predict("1", CallOptions.within(Duration.ofSeconds(20)));
      await().until(() -> seen.size() == 1);
      assertThat(seen.get(0)).endsWith("answered: b");
    }
  }

  @Test
  void close_twice_dropsWhatWaitsAndClosesBoth() {
    StubPredictor<String, String> primary = StubPredictor.answering("a");
    StubPredictor<String, String> shadow = StubPredictor.<String, String>answering("b").hold();
    var predictor = shadowed(primary, shadow);
    predictor.predict("1");
    shadow.awaitRunning(1, Duration.ofSeconds(30));
    predictor.predict("2");
    predictor.close();
    predictor.close();
    assertThat(predictor.counts().dropped()).isEqualTo(1);
    assertThat(primary.isClosed()).isTrue();
    assertThat(shadow.isClosed()).isTrue();
    shadow.release();
  }

  @Test
  void build_faultyOptions_listsAllFaults() {
    assertThatThrownBy(
            () ->
                ShadowPredictor.of(StubPredictor.answering("a"), StubPredictor.answering("b"))
                    .share(-0.1)
                    .maxPending(0)
                    .threads(0)
                    .build())
        .hasMessageContaining("say who compares")
        .hasMessageContaining("share must be from 0 to 1, but was -0.1")
        .hasMessageContaining("maxPending must be from 1")
        .hasMessageContaining("threads must be from 1");
  }
}
