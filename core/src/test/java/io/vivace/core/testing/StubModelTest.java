package io.vivace.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StubModelTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static Predictor<float[], float[]> open(StubModel model) {
    return Predictor.builder()
        .model(model)
        .input(VectorInput.floats(2))
        .output(VectorOutput.floats())
        .build();
  }

  @Test
  void computing_runsThroughTheRealPredictor() {
    StubModel model = StubModel.computing(2, 1, row -> new float[] {row[0] + row[1]});
    try (Predictor<float[], float[]> predictor = open(model)) {
      model.forget();
      assertThat(predictor.predict(new float[] {1, 2})).containsExactly(3);
      assertThat(predictor.predictAll(List.of(new float[] {3, 4}, new float[] {5, 6})))
          .containsExactly(new float[] {7}, new float[] {11});
      assertThat(model.open()).isEqualTo(1);
      assertThat(model.runs().get(0).get(0).toFloats()).containsExactly(1, 2);
      assertThat(model.batchSizes().stream().mapToInt(Integer::intValue).sum()).isEqualTo(3);
    }
    model.assertClosed();
  }

  @Test
  void answering_isFixed_random_dependsOnSeedAndRowOnly() {
    try (Predictor<float[], float[]> fixed = open(StubModel.answering(2, 0.1f, 0.9f));
        Predictor<float[], float[]> random = open(StubModel.random(2, 3, 7));
        Predictor<float[], float[]> again = open(StubModel.random(2, 3, 7));
        Predictor<float[], float[]> other = open(StubModel.random(2, 3, 8))) {
      assertThat(fixed.predict(new float[2])).containsExactly(0.1f, 0.9f);
      float[] row = {4, 5};
      again.predict(new float[] {1, 1});
      assertThat(random.predict(row)).isEqualTo(again.predict(row)).hasSize(3);
      assertThat(random.predict(row)).isNotEqualTo(other.predict(row));
      assertThat(random.predict(row)).isNotEqualTo(random.predict(new float[] {5, 4}));
    }
  }

  @Test
  void of_anySignature_isServed() {
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 2)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 2)));
    StubModel model = StubModel.of(signature, inputs -> List.of(inputs.get(0)));
    try (Predictor<float[], float[]> predictor = open(model)) {
      assertThat(predictor.predict(new float[] {8, 9})).containsExactly(8, 9);
      assertThat(predictor.signature()).isEqualTo(signature);
    }
  }

  @Test
  void failNext_failsSoOftenThenAnswers() {
    StubModel model = StubModel.answering(2, 1);
    try (Predictor<float[], float[]> predictor = open(model)) {
      model.failNext(1, () -> new EngineException("out of memory"));
      assertThatThrownBy(() -> predictor.predict(new float[2]))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("out of memory");
      assertThat(predictor.predict(new float[2])).containsExactly(1);
    }
  }

  @Test
  void failingOn_poisonRow_otherRowsOfTheCallAreAnswered() {
    StubModel model =
        StubModel.computing(2, 1, row -> new float[] {row[0]}).failingOn(row -> row[0] == 3);
    try (Predictor<float[], float[]> predictor = open(model)) {
      List<float[]> rows =
          List.of(new float[] {1, 0}, new float[] {2, 0}, new float[] {3, 0}, new float[] {4, 0});
      List<Outcome<float[]>> outcomes = predictor.predictEach(rows);
      assertThat(outcomes.stream().map(Outcome::isAnswered))
          .containsExactly(true, true, false, true);
      assertThat(outcomes.get(2).error()).isInstanceOf(EngineException.class);
      assertThat(outcomes.get(3).get()).containsExactly(4);
    }
  }

  @Test
  void hold_keepsARunInside_closeWaitsForIt() {
    StubModel model = StubModel.answering(2, 1);
    Predictor<float[], float[]> predictor = open(model);
    model.hold();
    CompletableFuture<float[]> answer = predictor.predictAsync(new float[2]);
    model.awaitRunning(1, LIMIT);
    predictor.close();
    assertThat(model.running()).isEqualTo(1);
    assertThat(model.open()).isEqualTo(1);
    model.release();
    assertThat(answer).succeedsWithin(LIMIT);
    model.assertClosed();
  }

  @Test
  void taking_onATestClock_movesItAndDoesNotWait() {
    TestClock clock = new TestClock();
    StubModel model = StubModel.answering(2, 1).taking(Duration.ofHours(1), clock);
    try (Predictor<float[], float[]> predictor = open(model)) {
      long before = clock.getAsLong();
      predictor.predict(new float[2]);
      assertThat(clock.getAsLong() - before).isEqualTo(Duration.ofHours(1).toNanos());
    }
  }

  @Test
  void failingToLoad_isTheErrorOfBuild() {
    StubModel model = StubModel.answering(2, 1).failingToLoad("the disk is full");
    assertThatThrownBy(() -> open(model))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("the disk is full");
    assertThat(model.timesOpened()).isZero();
  }

  @Test
  void namedSource_isTheSameModel() {
    StubModel model = StubModel.answering(2, 1);
    try (Predictor<float[], float[]> predictor =
        Predictor.builder()
            .model(model.named("scores"))
            .input(VectorInput.floats(2))
            .output(VectorOutput.floats())
            .build()) {
      assertThat(predictor.predict(new float[2])).containsExactly(1);
      assertThat(predictor).hasToString("Predictor[scores, " + model.signature() + "]");
    }
    model.assertClosed();
  }

  @Test
  void misuse_ofAnEngine_isNoticed() {
    StubModel model = StubModel.answering(1, 1);
    try (ModelArtifact artifact = model.resolve()) {
      LoadedModel loaded = StubEngine.INSTANCE.open(artifact, StubEngine.INSTANCE.defaultOptions());
      ExecutionContext context = loaded.newContext();
      context.prepare(List.of(TensorSpec.of("input", ElementType.FLOAT32, 1, 1)));
      loaded.close();
      loaded.close();
      context.run();
    }
    assertThat(model.misuse())
        .containsExactly(
            "the model was closed with 1 open contexts", "a run began after the model was closed");
    assertThatThrownBy(model::assertClosed)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("after the model was closed");
  }

  @Test
  void close_duringARun_isNoticed() {
    StubModel[] self = new StubModel[1];
    LoadedModel[] loaded = new LoadedModel[1];
    Signature signature =
        new Signature(
            List.of(TensorSpec.of("x", ElementType.FLOAT32, Shape.ANY, 1)),
            List.of(TensorSpec.of("y", ElementType.FLOAT32, Shape.ANY, 1)));
    self[0] =
        StubModel.of(
            signature,
            inputs -> {
              loaded[0].close();
              return List.of(Tensor.of(new float[1], 1, 1));
            });
    try (ModelArtifact artifact = self[0].resolve()) {
      loaded[0] = StubEngine.INSTANCE.open(artifact, StubEngine.INSTANCE.defaultOptions());
      ExecutionContext context = loaded[0].newContext();
      context.prepare(List.of(TensorSpec.of("x", ElementType.FLOAT32, 1, 1)));
      context.run();
    }
    assertThat(self[0].misuse()).contains("the model was closed during 1 runs");
  }

  @Test
  void assertClosed_whileOpenOrNeverOpened_fails() {
    StubModel model = StubModel.answering(2, 1);
    assertThatThrownBy(model::assertClosed).isInstanceOf(AssertionError.class);
    try (Predictor<float[], float[]> predictor = open(model)) {
      assertThat(predictor.signature()).isEqualTo(model.signature());
      assertThatThrownBy(() -> model.assertClosed(Duration.ZERO))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("1 still open");
    }
    model.assertClosed();
  }

  @Test
  void stubEngine_opensNothingElse() {
    ModelArtifact file =
        ModelArtifact.of(
            "m.onnx", java.nio.file.Path.of("m.onnx"), io.vivace.core.model.ModelFormat.ONNX);
    assertThat(StubEngine.INSTANCE.supports(file)).isFalse();
    assertThatThrownBy(() -> StubEngine.INSTANCE.open(file, StubEngine.INSTANCE.defaultOptions()))
        .isInstanceOf(ModelLoadException.class);
  }

  @Test
  void arguments_outOfRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StubModel.answering(0, 1))
        .withMessageContaining("inputs=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StubModel.answering(1, 1).failNext(0, RuntimeException::new))
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StubModel.answering(1, 1).taking(Duration.ofMillis(-1)));
  }
}
