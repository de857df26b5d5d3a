package io.vivace.engines.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.DjlModelAccess;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.engines.contract.ContractModels;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class PyTorchProviderTest {
  private static final EngineProvider PROVIDER = new PyTorchProvider();
  private static final ModelArtifact DIGITS =
      ContractModels.artifact(ContractModels.DIGITS, ModelFormat.TORCHSCRIPT);

  private static LoadedModel open(String name) throws URISyntaxException {
    URL url = Objects.requireNonNull(PyTorchProviderTest.class.getResource(name));
    return PROVIDER.open(
        ModelArtifact.of(name, Path.of(url.toURI()), ModelFormat.TORCHSCRIPT),
        PROVIDER.defaultOptions());
  }

  private static List<Tensor> run(ExecutionContext context) {
    Tensor input = context.prepare(List.of(TensorSpec.of(ElementType.FLOAT32, 2, 3))).get(0);
    input.data().asFloatBuffer().put(new float[] {1, 2, 3, 4, 5, 6});
    return context.run();
  }

  @Test
  void serviceLoader_findsTheProvider() {
    assertThat(ServiceLoader.load(EngineProvider.class))
        .hasAtLeastOneElementOfType(PyTorchProvider.class);
  }

  @Test
  void run_nestedOutputs_areFlattenedWithDictionariesInOrderOfKeys() throws URISyntaxException {
    try (LoadedModel model = open("nested.pt");
        ExecutionContext context = model.newContext()) {
      List<Tensor> outputs = run(context);
      assertThat(outputs).hasSize(5);
      assertThat(outputs.get(0).toFloats()).containsExactly(2, 3, 4, 5, 6, 7);
      assertThat(outputs.get(1).toFloats()).containsExactly(3, 6, 9, 12, 15, 18);
      assertThat(outputs.get(2).toFloats()).containsExactly(2, 4, 6, 8, 10, 12);
      assertThat(outputs.get(3).toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(outputs.get(4)).hasToString("float32 [3, 2]");
      assertThat(outputs.get(4).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void run_inputsOfAnotherShape_tellsTheReason() {
    try (LoadedModel model = PROVIDER.open(DIGITS, PROVIDER.defaultOptions());
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> run(context))
          .withMessageContaining("float32 [2, 3]")
          .withMessageContaining("mat1 and mat2 shapes cannot be multiplied (2x3 and 64x256)");
    }
  }

  @Test
  void run_outputThatIsNoTensor_isRefused() throws URISyntaxException {
    try (LoadedModel model = open("number.pt");
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> run(context))
          .withMessageContaining("number.pt")
          .withMessageContaining("dictionaries");
    }
  }

  @Test
  void run_outputOfUnknownType_isRefused() throws URISyntaxException {
    try (LoadedModel model = open("bfloat16.pt");
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> run(context))
          .withMessageContaining("bfloat16.pt")
          .withMessageContaining("float16");
    }
  }

  @Test
  void prepare_text_isRefused() {
    try (LoadedModel model = PROVIDER.open(DIGITS, PROVIDER.defaultOptions());
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> context.prepare(List.of(TensorSpec.of(ElementType.STRING, 1))))
          .withMessageContaining("text");
    }
  }

  @Test
  void open_requiredDeviceThatIsMissing_isRefused() {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> PROVIDER.open(DIGITS, PyTorchOptions.cuda(99)).close())
        .withMessageContaining("cuda:99")
        .withMessageContaining("digits-mlp.pt");
  }

  @Test
  void open_preferredDeviceThatIsMissing_runsOnTheProcessor() {
    try (LoadedModel model = PROVIDER.open(DIGITS, PyTorchOptions.cuda(99).orCpu())) {
      assertThat(model.device()).isEqualTo("cpu");
    }
  }

  @Test
  void open_otherNumberOfThreadsThanBefore_isRefused() {
    PROVIDER.open(DIGITS, PROVIDER.defaultOptions()).close();
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> PROVIDER.open(DIGITS, PyTorchOptions.cpu().intraOpThreads(2)).close())
        .withMessageContaining("intraOpThreads=2")
        .withMessageContaining("has 1");
  }

  @Test
  void report_afterStart_tellsTheVerdictAndTheLibrary() {
    var report = PROVIDER.report();
    assertThat(report.version()).startsWith("2.");
    assertThat(report.selfTest()).endsWith("passed");
    assertThat(report.nativeLibrary()).contains("pytorch");
  }

  @Test
  void djlModel_closedByItsUser_staysOpen() throws TranslateException {
    try (LoadedModel model = PROVIDER.open(DIGITS, PROVIDER.defaultOptions())) {
      Model djl = ((DjlModelAccess) model).djlModel();
      djl.close();
      try (Predictor<NDList, NDList> predictor = djl.newPredictor(new NoopTranslator())) {
        NDList answer = predictor.predict(new NDList(djl.getNDManager().zeros(new Shape(2, 64))));
        assertThat(answer.get(0).getShape()).isEqualTo(new Shape(2, 10));
      }
    }
  }
}
