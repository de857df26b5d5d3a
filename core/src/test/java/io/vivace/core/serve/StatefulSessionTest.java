package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.CallOptions;
import io.vivace.core.EngineException;
import io.vivace.core.InvalidInputException;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.core.testing.StubPredictor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatefulSessionTest {
  private static final StatefulCodec<float[], Float> CODEC =
      StatefulCodec.of(VectorInput.floats(1).named("x"), row -> row.output(0).getFloat(0))
          .state("sum", "sum_next", 1);

  /** A model that adds up what it is given. */
  private final StubPredictor<StatefulItem<float[]>, StatefulAnswer<Float>> adding =
      StubPredictor.computing(
          step -> {
            float sum = step.state().get(0).toFloats()[0] + step.item()[0];
            return new StatefulAnswer<>(sum, List.of(Tensor.of(new float[] {sum}, 1)));
          });

  private final StatefulPredictor<float[], Float> model = StatefulPredictor.of(adding, CODEC);

  private static float[] item(float value) {
    return new float[] {value};
  }

  @Test
  void next_sessions_carryTheirOwnState() throws Exception {
    try (var a = model.newSession();
        var b = model.newSession()) {
      assertThat(a.next(item(1))).isEqualTo(1);
      assertThat(a.next(item(2))).isEqualTo(3);
      assertThat(b.next(item(10))).isEqualTo(10);
      assertThat(a.nextAsync(item(3), CallOptions.defaults()).get(30, TimeUnit.SECONDS))
          .isEqualTo(6);
      assertThat(b.next(item(1), CallOptions.within(Duration.ofDays(1)))).isEqualTo(11);
      assertThat(model.openSessions()).isEqualTo(2);
    }
    assertThat(model.openSessions()).isZero();
  }

  @Test
  void next_failure_leavesTheStateAsItWas() {
    try (var session = model.newSession()) {
      session.next(item(1));
      adding.failNext(2, () -> new EngineException("broken"));
      assertThatThrownBy(() -> session.next(item(100))).hasMessage("broken");
      assertThatThrownBy(
              () -> session.nextAsync(item(100), CallOptions.defaults()).get(30, TimeUnit.SECONDS))
          .cause()
          .hasMessage("broken");
      assertThat(session.next(item(1))).isEqualTo(2);
    }
  }

  @Test
  void next_whileAnotherCallIsUnderWay_isRefused() throws Exception {
    try (var session = model.newSession()) {
      adding.hold();
      CompletableFuture<Float> first = session.nextAsync(item(1), CallOptions.defaults());
      assertThatThrownBy(() -> session.next(item(2)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another call of this session is under way");
      assertThatThrownBy(session::reset).isInstanceOf(IllegalStateException.class);
      adding.release();
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      assertThat(session.next(item(2))).isEqualTo(3);
    }
  }

  @Test
  void cancel_callUnderWay_leavesTheStateAndFreesTheSession() {
    try (var session = model.newSession()) {
      session.next(item(1));
      adding.hold();
      CompletableFuture<Float> call = session.nextAsync(item(100), CallOptions.defaults());
      call.cancel(false);
      adding.release();
      assertThat(session.next(item(1))).isEqualTo(2);
    }
  }

  @Test
  void restore_savedState_goesOnFromThere() {
    try (var session = model.newSession()) {
      session.next(item(5));
      Map<String, Tensor> saved = session.state();
      session.next(item(5));
      saved.get("sum").data().asFloatBuffer().put(0, 7);
      assertThat(session.next(item(0))).isEqualTo(10); // a copy: changing it changes nothing
      session.restore(saved);
      assertThat(session.next(item(1))).isEqualTo(8);
      session.reset();
      assertThat(session.next(item(1))).isEqualTo(1);
    }
  }

  @Test
  void restore_otherStates_isRefused() {
    try (var session = model.newSession()) {
      assertThatThrownBy(() -> session.restore(Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the states are [sum], but there were []");
      assertThatThrownBy(() -> session.restore(Map.of("sum", Tensor.of(new float[2], 2))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("must not be float32 [2]");
    }
  }

  @Test
  void close_twice_endsSessionsAndPredictor() {
    var session = model.newSession();
    model.close();
    model.close();
    assertThat(adding.isClosed()).isTrue();
    assertThatThrownBy(() -> session.next(item(1))).isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(model::newSession).isInstanceOf(PredictorClosedException.class);
    assertThat(model.openSessions()).isZero();
  }

  @Test
  void codec_faultyStates_areRefused() {
    assertThatThrownBy(() -> CODEC.state("x", "y", 1)).hasMessageContaining("\"x\" is named twice");
    assertThatThrownBy(() -> CODEC.state("sum", "y", 1))
        .hasMessageContaining("\"sum\" is named twice");
    assertThatThrownBy(() -> CODEC.state(" ", "y", 1)).hasMessageContaining("needs the names");
    assertThatThrownBy(() -> CODEC.state("h", "y", Shape.ANY))
        .hasMessageContaining("without open sizes");
    assertThatThrownBy(() -> CODEC.state("h", "y", ElementType.STRING, Shape.of(1)))
        .hasMessageContaining("a state is one of");
  }
}
