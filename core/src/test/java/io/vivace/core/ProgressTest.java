package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Progress.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Step STEP = new Step("epoch", 3, 10, Map.of("loss", 0.25));

  private final List<Step> heard = new ArrayList<>();

  @Test
  void toString_step_isOneReadableLine() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 0.25);
    values.put("accuracy", 0.9);
    assertThat(new Step("epoch", 3, 10, values)).hasToString("epoch 3/10: loss=0.25, accuracy=0.9");
    assertThat(new Step("trial", 7, 0, Map.of())).hasToString("trial 7");
  }

  @Test
  void step_valuesChangedLater_staysAsItWas() {
    Map<String, Double> values = new LinkedHashMap<>(Map.of("loss", 1.0));
    Step step = new Step("epoch", 1, 1, values);
    values.put("loss", 2.0);
    assertThat(step.values()).containsExactly(Map.entry("loss", 1.0));
    assertThatThrownBy(() -> step.values().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void step_countsThatCannotBe_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Step("epoch", 11, 10, Map.of()))
        .withMessageContaining("11 of 10");
    assertThatIllegalArgumentException().isThrownBy(() -> new Step("epoch", 0, 10, Map.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new Step("epoch", 1, -1, Map.of()));
  }

  @Test
  void none_anyStep_doesNothing() {
    assertThatCode(() -> Progress.none().report(STEP)).doesNotThrowAnyException();
  }

  @Test
  void within_parts_comeBeforeTheStage() {
    Progress listener = heard::add;
    listener.within("trial 2").within("fold 1").report(STEP);
    assertThat(heard)
        .containsExactly(new Step("trial 2/fold 1/epoch", 3, 10, Map.of("loss", 0.25)));
  }

  @Test
  void guarded_listenerThatThrows_letsTheWorkGoOnAndHearsTheNextStep() {
    Progress listener =
        step -> {
          heard.add(step);
          throw new IllegalStateException("a listener's fault, expected in this test");
        };
    Progress guarded = listener.guarded();
    assertThatCode(() -> guarded.report(STEP)).doesNotThrowAnyException();
    assertThatCode(() -> guarded.within("fold 1").report(STEP)).doesNotThrowAnyException();
    assertThat(heard).hasSize(2);
  }

  @Test
  void guarded_error_isPassedOn() {
    Progress listener =
        step -> {
          throw new AssertionError("expected in this test");
        };
    assertThatThrownBy(() -> listener.guarded().report(STEP)).isInstanceOf(AssertionError.class);
  }

  @Test
  void guarded_twice_isTheSame() {
    Progress guarded = Progress.none().guarded();
    assertThat(guarded.guarded()).isSameAs(guarded);
  }

  @Test
  void guarded_manyThreads_callsOneAfterTheOther() {
    AtomicInteger inside = new AtomicInteger();
    Progress listener =
        step -> {
          if (inside.incrementAndGet() > 1) {
            throw new AssertionError("two calls at the same time");
          }
          heard.add(step);
          Thread.onSpinWait();
          inside.decrementAndGet();
        };
    Progress guarded = listener.guarded();
    IntStream.range(0, 2_000).parallel().forEach(i -> guarded.report(STEP));
    assertThat(heard).hasSize(2_000);
  }
}
