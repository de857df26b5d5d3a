package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.CallOptions;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.serve.StatefulCodec;
import io.vivace.core.serve.StatefulPredictor;
import io.vivace.core.serve.StatefulSession;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over real recurrent models equal what another runtime makes of the same streams. */
@Timeout(120)
class RecurrentModelIT {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(int stream, float[] input, float[] output) {}

  private static List<Step> golden(String model) throws IOException {
    List<Step> steps = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RecurrentModelIT.class.getResourceAsStream("recurrent.txt")),
                StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        String[] parts = line.split(" ", -1);
        if (parts[0].equals(model)) {
          steps.add(new Step(Integer.parseInt(parts[1]), floats(parts[2]), floats(parts[3])));
        }
      }
    }
    assertThat(steps).isNotEmpty();
    return steps;
  }

  private static float[] floats(String text) {
    String[] parts = text.split(",", -1);
    float[] values = new float[parts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(parts[i]);
    }
    return values;
  }

  private static ModelSource model(String name) {
    return ModelSource.classpath(RecurrentModelIT.class, name);
  }

  private static final StatefulCodec<float[], float[]> LSTM =
      StatefulCodec.of(
              VectorInput.floats(Shape.of(Shape.ANY, 1, 3)).named("x"),
              VectorOutput.floats().named("score"))
          .state("h", "h_next", 1, 1, 4)
          .state("c", "c_next", 1, 1, 4);

  private static final StatefulCodec<float[], float[]> GRU =
      StatefulCodec.of(VectorInput.floats(3).named("x"), VectorOutput.floats().named("out"))
          .state("h", "h_next", 4)
          .state("count", "count_next", ElementType.INT64, Shape.of(1));

  private static StatefulPredictor<float[], float[]> gru() {
    return StatefulPredictor.of(
        Predictor.builder()
            .model(model("gru-step.onnx"))
            .input(GRU.input())
            .output(GRU.output())
            .build(),
        GRU);
  }

  @Test
  void lstm_chunksOfOneStream_equalThoseOfPython() throws Exception {
    try (var predictor =
            StatefulPredictor.of(
                Predictor.builder()
                    .model(model("lstm-step.onnx"))
                    .input(LSTM.input())
                    .output(LSTM.output())
                    .build(),
                LSTM);
        var session = predictor.newSession()) {
      for (Step step : golden("lstm")) {
        assertThat(session.next(step.input)).containsExactly(step.output, within(1e-5f));
      }
    }
  }

  @Test
  void gru_threeStreamsAtATime_eachEqualsThatOfPython() throws Exception {
    try (var predictor = gru()) {
      List<StatefulSession<float[], float[]>> sessions =
          List.of(predictor.newSession(), predictor.newSession(), predictor.newSession());
      List<Step> steps = golden("gru");
      int length = steps.size() / sessions.size();
      for (int t = 0; t < length; t++) {
        List<CompletableFuture<float[]>> answers = new ArrayList<>();
        for (int s = 0; s < sessions.size(); s++) {
          float[] input = steps.get(s * length + t).input;
          answers.add(sessions.get(s).nextAsync(input, CallOptions.defaults()));
        }
        for (int s = 0; s < sessions.size(); s++) {
          assertThat(answers.get(s).get(60, TimeUnit.SECONDS))
              .containsExactly(steps.get(s * length + t).output, within(1e-5f));
        }
      }
      assertThat(sessions.get(2).state().get("count").toLongs()).containsExactly(length);
    }
  }

  @Test
  void gru_withoutItsState_differs() throws Exception {
    try (var predictor = gru();
        var session = predictor.newSession()) {
      Step second = golden("gru").get(1);
      float[] answer = session.next(second.input);
      assertThat(Math.abs(answer[0] - second.output[0])).isGreaterThan(1e-3f);
    }
  }

  @Test
  void swap_sessionUnderWay_staysWithItsModel() throws Exception {
    var swappable =
        Predictor.builder()
            .model(model("gru-step.onnx"))
            .input(GRU.input())
            .output(GRU.output())
            .buildSwappable();
    try (var predictor = StatefulPredictor.of(swappable, GRU)) {
      List<Step> steps = golden("gru");
      try (var session = predictor.newSession()) {
        assertThat(session.next(steps.get(0).input))
            .containsExactly(steps.get(0).output, within(1e-5f));
        swappable.swap(model("gru-step.onnx"));
        assertThat(session.next(steps.get(1).input))
            .containsExactly(steps.get(1).output, within(1e-5f));
        assertThat(swappable.versions())
            .extracting(version -> version.state().name())
            .containsExactly("DRAINING", "CURRENT");
      }
      assertThat(swappable.versions())
          .extracting(version -> version.state().name())
          .containsExactly("CLOSED", "CURRENT");
    }
    assertThat(swappable.version().state().name()).isEqualTo("CLOSED");
  }

  @Test
  void build_outputThatIsNotThere_namesIt() {
    StatefulCodec<float[], float[]> wrong =
        StatefulCodec.of(VectorInput.floats(3).named("x"), VectorOutput.floats().named("out"))
            .state("h", "h_after", 4)
            .state("count", "count_next", ElementType.INT64, Shape.of(1));
    var builder =
        Predictor.builder()
            .model(model("gru-step.onnx"))
            .input(wrong.input())
            .output(wrong.output());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no output \"h_after\" to carry on as \"h\"");
  }
}
