package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.engines.contract.ContractModels;
import io.vivace.engines.contract.Golden;
import io.vivace.engines.onnxruntime.OnnxRuntimeOptions.Optimization;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxRuntimeOptionsTest {
  private static final OnnxRuntimeProvider PROVIDER = new OnnxRuntimeProvider();

  @Test
  void toString_defaults_printsEveryValue() {
    assertThat(OnnxRuntimeOptions.cpu())
        .hasToString(
            "OnnxRuntimeOptions[device=cpu, orCpu=false, intraOpThreads=1, interOpThreads=1,"
                + " optimization=all, arena=true, memoryPattern=true, spinning=false, selfTest=true]");
  }

  @Test
  void parse_everyName_givesWhatTheMethodsGive() {
    Map<String, String> settings =
        Map.of(
            "device", "cuda:3",
            "orCpu", "true",
            "intraOpThreads", "2",
            "interOpThreads", "4",
            "optimization", "basic",
            "arena", "false",
            "memoryPattern", "false",
            "selfTest", "false",
            "spinning", "true");
    OnnxRuntimeOptions typed =
        OnnxRuntimeOptions.cuda(3)
            .orCpu()
            .intraOpThreads(2)
            .interOpThreads(4)
            .optimization(Optimization.BASIC)
            .arena(false)
            .memoryPattern(false)
            .selfTest(false)
            .spinning(true);
    assertThat(PROVIDER.parseOptions(settings)).hasToString(typed.toString());
    assertThat(typed.toString())
        .doesNotContain("=all", "=1,", "device=cpu", "spinning=false", "selfTest=true");
    assertThat(typed.threadsPerRun()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "device, gpu, 'cpu, cuda or cuda:N'",
    "device, cuda:-1, 'cpu, cuda or cuda:N'",
    "orCpu, yes, true or false",
    "intraOpThreads, many, a whole number",
    "intraOpThreads, 0, 'from 1 to 1,024'",
    "interOpThreads, 1025, 'from 1 to 1,024'",
    "optimization, most, '[none, basic, extended, all]'",
    "arena, 1, true or false"
  })
  void parse_wrongValue_saysWhatIsAllowed(String name, String value, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PROVIDER.parseOptions(Map.of(name, value)))
        .withMessageContaining(name)
        .withMessageContaining(allowed)
        .satisfies(e -> assertThat(e.getMessage().replace(",", "")).contains(value));
  }

  @Test
  void parse_unknownName_listsTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PROVIDER.parseOptions(Map.of("intraopThreads", "2")))
        .withMessage(
            "the engine OnnxRuntime has no option \"intraopThreads\"; known: [arena, device,"
                + " interOpThreads, intraOpThreads, memoryPattern, optimization, orCpu, selfTest,"
                + " spinning]");
  }

  @Test
  void cuda_negativeDevice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxRuntimeOptions.cuda(-1))
        .withMessageContaining("-1");
  }

  static Stream<OnnxRuntimeOptions> options() {
    OnnxRuntimeOptions cpu = OnnxRuntimeOptions.cpu();
    return Stream.of(
        cpu.intraOpThreads(2),
        cpu.interOpThreads(2),
        cpu.intraOpThreads(2).spinning(true),
        cpu.optimization(Optimization.NONE),
        cpu.optimization(Optimization.BASIC),
        cpu.optimization(Optimization.EXTENDED),
        cpu.arena(false),
        cpu.memoryPattern(false),
        cpu.selfTest(false),
        cpu.orCpu());
  }

  @ParameterizedTest
  @MethodSource("options")
  void open_anyOptions_answersAsReference(OnnxRuntimeOptions options) {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.CONV_20, ModelFormat.ONNX);
    try (LoadedModel model = PROVIDER.open(artifact, options);
        ExecutionContext context = model.newContext()) {
      for (Golden golden : Golden.of(ContractModels.CONV_20)) {
        golden.assertAnsweredBy(golden.run(context));
      }
    }
  }

  /** The class path of this build has ONNX Runtime without CUDA. */
  @Test
  void open_requiredDeviceThatIsNotThere_fails() {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, ModelFormat.ONNX);
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> PROVIDER.open(artifact, OnnxRuntimeOptions.cuda(0)).close())
        .withMessageContaining("digits-mlp.onnx")
        .withMessageContaining("cuda:0")
        .withMessageContaining("orCpu");
  }

  @Test
  void open_preferredDeviceThatIsNotThere_runsOnTheProcessorAndSaysSo() {
    ModelArtifact artifact = ContractModels.artifact(ContractModels.DIGITS, ModelFormat.ONNX);
    try (LoadedModel model = PROVIDER.open(artifact, OnnxRuntimeOptions.cuda(0).orCpu());
        ExecutionContext context = model.newContext()) {
      assertThat(model.device()).isEqualTo("cpu");
      Golden golden = Golden.of(ContractModels.DIGITS).get(0);
      golden.assertAnsweredBy(golden.run(context));
    }
  }
}
