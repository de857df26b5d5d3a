package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FunctionPredictorTest {
  private final Predictor<Integer, Integer> half =
      Predictor.of(
          n -> {
            if (n % 2 != 0) {
              throw new IllegalStateException("odd: " + n);
            }
            return n == 0 ? null : n / 2;
          });

  @Test
  void everyWayToAsk_givesTheFunctionsAnswer() {
    assertThat(half.predict(6)).isEqualTo(3);
    assertThat(half.predictAll(List.of(2, 4))).containsExactly(1, 2);
    assertThat(half.predictAsync(8).join()).isEqualTo(4);
    assertThat(half.signature()).isEqualTo(Signature.UNDECLARED);
  }

  @Test
  void faults_areTypedAndStayWithTheirItem() {
    List<Outcome<Integer>> outcomes = half.predictEach(Arrays.asList(2, 3, null, 0));

    assertThat(outcomes.get(0).get()).isEqualTo(1);
    assertThat(outcomes.get(1).error())
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("odd: 3");
    assertThat(outcomes.get(2).error()).isInstanceOf(InvalidInputException.class);
    assertThat(outcomes.get(3).error()).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> half.predictAsync(3).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(EngineException.class);
  }

  @Test
  void closed_answersNothing() {
    half.close();
    half.close();

    assertThatThrownBy(() -> half.predict(2)).isInstanceOf(PredictorClosedException.class);
    assertThatThrownBy(() -> half.predictEach(List.of()))
        .isInstanceOf(PredictorClosedException.class);
  }
}
