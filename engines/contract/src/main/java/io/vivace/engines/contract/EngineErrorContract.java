package io.vivace.engines.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.EngineOptions;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine refuses, and how. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class EngineErrorContract implements EngineSubject {
  /** For subclasses. */
  protected EngineErrorContract() {}

  private LoadedModel open(ModelArtifact artifact) {
    return provider().open(artifact, provider().defaultOptions());
  }

  private void assertRefused(Path file) {
    ModelArtifact artifact = ModelArtifact.of("broken-model", file, format());
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> open(artifact).close())
        .withMessageContaining("broken-model")
        .withMessageContaining(provider().name());
  }

  @Test
  void open_missingFile_isRefused(@TempDir Path folder) {
    assertRefused(folder.resolve("missing"));
  }

  @Test
  void open_text_isRefused(@TempDir Path folder) throws IOException {
    assertRefused(Files.writeString(folder.resolve("text"), "This is no model.\n", UTF_8));
  }

  @Test
  void open_noise_isRefused(@TempDir Path folder) throws IOException {
    byte[] noise = new byte[10_000];
    new java.util.Random(5).nextBytes(noise);
    assertRefused(Files.write(folder.resolve("noise"), noise));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.5, 0.9, 0.999})
  void open_truncatedFile_isRefused(double part, @TempDir Path folder) throws IOException {
    byte[] bytes = Files.readAllBytes(ContractModels.file(ContractModels.DIGITS, format()));
    byte[] some = Arrays.copyOf(bytes, (int) (bytes.length * part));
    assertRefused(Files.write(folder.resolve("truncated"), some));
  }

  @Test
  void open_fileOfAnotherFormat_isRefused() {
    ModelFormat other = format() == ModelFormat.ONNX ? ModelFormat.TORCHSCRIPT : ModelFormat.ONNX;
    assertThat(provider().supports(format())).isTrue();
    assertThat(provider().supports(other)).isFalse();
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, other);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> open(artifact).close())
        .withMessageContaining(artifact.name())
        .withMessageContaining(provider().name());
    assertRefused(artifact.path());
  }

  @Test
  void open_optionsOfAnotherEngine_areRefused() {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, format());
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> provider().open(artifact, new OtherOptions()).close())
        .withMessageContaining(provider().name())
        .withMessageContaining("OtherOptions");
  }

  private record OtherOptions() implements EngineOptions {
    @Override
    public String engine() {
      return "Other";
    }

    @Override
    public int threadsPerRun() {
      return 1;
    }
  }

  Stream<List<TensorSpec>> misfits() {
    TensorSpec digits = TensorSpec.of("input", ElementType.FLOAT32, 1, 64);
    return Stream.of(
        List.of(TensorSpec.of("input", ElementType.FLOAT32, 1, 63)),
        List.of(TensorSpec.of("input", ElementType.FLOAT32, 2, 1, 5)),
        List.of(TensorSpec.of("input", ElementType.INT64, 1, 64)),
        List.of(),
        List.of(digits, digits));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void run_inputsThatDoNotFit_areRefusedAndTheContextLives(List<TensorSpec> inputs) {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, format());
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    try (LoadedModel model = open(artifact);
        ExecutionContext context = model.newContext()) {
      golden.run(context);
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(
              () -> {
                context.prepare(inputs);
                context.run();
              })
          .withMessageContaining(artifact.name())
          .withMessageContaining(provider().name());
      golden.assertAnsweredBy(golden.run(context));
    }
  }

  @Test
  void prepare_moreThanMemoryHolds_isRefused() {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, format());
    List<TensorSpec> huge =
        List.of(TensorSpec.of("input", ElementType.FLOAT32, 1_000_000_000_000L, 64));
    try (LoadedModel model = open(artifact);
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class).isThrownBy(() -> context.prepare(huge));
    }
  }

  @Test
  void parseOptions_nothing_givesTheDefaults() {
    assertThat(provider().parseOptions(Map.of()))
        .hasToString(provider().defaultOptions().toString());
    assertThat(provider().defaultOptions().engine()).isEqualTo(provider().name());
    assertThat(provider().defaultOptions().threadsPerRun()).isEqualTo(1);
  }

  @Test
  void parseOptions_unknownName_listsTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> provider().parseOptions(Map.of("no-such-option", "1")))
        .withMessageContaining("no-such-option")
        .withMessageContaining(provider().name())
        .withMessageContaining("hreads");
  }

  @Test
  void report_engineIsThere_saysSo() {
    var report = provider().report();
    assertThat(report.problems()).isEmpty();
    assertThat(report.available()).isTrue();
    assertThat(report.engine()).isEqualTo(provider().name());
    assertThat(report.version()).isNotEmpty();
    assertThat(report.nativeLibrary()).isNotEmpty();
    assertThat(report.devices()).contains("cpu");
    assertThat(report.downloads()).isEmpty();
  }
}
