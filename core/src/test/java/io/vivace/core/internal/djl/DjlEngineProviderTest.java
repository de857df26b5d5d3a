package io.vivace.core.internal.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder.InputStage;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlEngineProviderTest {
  @TempDir Path folder;
  private TinyEngine engine;

  @BeforeEach
  void register() {
    engine = TinyEngine.register();
  }

  @AfterEach
  void unregister() {
    TinyEngine.unregister();
  }

  private InputStage model(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("model.tiny"), content);
    return Predictor.builder().model(ModelSource.path(file));
  }

  @Test
  void predict_codecs_runsTheBlock() throws IOException {
    try (var predictor =
        model("1")
            .input(VectorInput.floats(2))
            .output(VectorOutput.floats())
            .engine("Tiny")
            .build()) {
      assertThat(predictor.predict(new float[] {1, 2})).containsExactly(2, 3);
      assertThat(predictor.predictAll(List.of(new float[] {3, 4}, new float[] {5, 6})))
          .containsExactly(new float[] {4, 5}, new float[] {6, 7});
      assertThat(engine.openModels).hasValue(1);
    }
    assertThat(engine.openModels).hasValue(0);
  }

  @Test
  void predict_translator_runsTheBlock() throws IOException {
    try (var predictor = model("10").translator(new Floats()).engine("Tiny").build()) {
      assertThat(predictor.predict(new float[] {1, 2})).containsExactly(11, 12);
    }
    assertThat(engine.openModels).hasValue(0);
  }

  @Test
  void build_options_reachTheEngine() throws IOException {
    try (var predictor =
        model("10").translator(new Floats()).engine("Tiny", Map.of("twice", "true")).build()) {
      assertThat(predictor.predict(new float[] {1})).containsExactly(21);
    }
  }

  @Test
  void build_brokenFile_namesEngineAndModel() throws IOException {
    var builder = model("one").translator(new Floats()).engine("Tiny");

    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("engine Tiny of DJL cannot open model.tiny")
        .hasMessageContaining("not a number");
    assertThat(engine.openModels).hasValue(0);
  }

  @Test
  void run_blockFails_isAnEngineFailure() throws IOException {
    var artifact = ModelSource.path(Files.writeString(folder.resolve("m.tiny"), "1")).resolve();
    var provider = DjlEngineProvider.all().get(0);
    try (var loaded = provider.open(artifact, provider.defaultOptions());
        var context = loaded.newContext()) {
      context.prepare(List.of());

      assertThatThrownBy(context::run)
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("did not run through");
    }
  }

  @Test
  void all_enginesThatComeWithDjl_areNotOffered() {
    assertThat(Engine.getAllEngines()).contains("RPC", "Rust", "Tiny");
    assertThat(DjlEngineProvider.all()).extracting("name").containsExactly("Tiny");
  }

  @Test
  void supports_formatsWithModules_leavesThemToThose() {
    var provider = DjlEngineProvider.all().get(0);

    assertThat(provider.supports(ModelFormat.OTHER)).isTrue();
    assertThat(provider.supports(ModelFormat.ONNX)).isFalse();
    assertThat(provider.supports(ModelFormat.TORCHSCRIPT)).isFalse();
  }

  @Test
  void report_doesNotStartTheEngine() {
    var report = DjlEngineProvider.all().get(0).report();

    assertThat(report.available()).isTrue();
    assertThat(report.nativeLibrary()).contains("not started");
  }

  private static final class Floats implements NoBatchifyTranslator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] item) {
      return new NDList(context.getNDManager().create(item));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList outputs) {
      return outputs.head().toFloatArray();
    }
  }
}
