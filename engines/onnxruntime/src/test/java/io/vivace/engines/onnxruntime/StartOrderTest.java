package io.vivace.engines.onnxruntime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.onnxruntime.OrtEnvironment;
import io.vivace.core.Predictor;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.engines.contract.ContractModels;
import io.vivace.engines.contract.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JVM has one ONNX Runtime environment, so each order of starting it needs a JVM of its own. */
class StartOrderTest {
  @Test
  void open_first_leavesDjlsEngineUsable() throws IOException, InterruptedException {
    assertThat(java("ours", "djl", "ours")).containsExactly("ours ok", "djl ok", "ours ok");
  }

  @Test
  void open_afterDjlsEngine_works() throws IOException, InterruptedException {
    assertThat(java("djl", "ours", "djl")).containsExactly("djl ok", "ours ok", "djl ok");
  }

  @Test
  void open_afterSomebodyMadeTheEnvironment_works() throws IOException, InterruptedException {
    assertThat(java("environment", "ours", "environment", "ours"))
        .containsExactly("environment ok", "ours ok", "environment ok", "ours ok");
  }

  @Test
  void translator_afterSomebodyMadeTheEnvironment_works() throws IOException, InterruptedException {
    assertThat(java("environment", "translator"))
        .containsExactly("environment ok", "translator ok");
  }

  private static List<String> java(String... steps) throws IOException, InterruptedException {
    String executable = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(executable, "-Xmx256m", "-Dai.djl.offline=true", "-cp");
    builder.command().add(System.getProperty("java.class.path"));
    builder.command().add(Program.class.getName());
    builder.command().addAll(List.of(steps));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().filter(line -> line.endsWith(" ok")).toList();
  }

  /** Does what the arguments say, in order. */
  static final class Program {
    private Program() {}

    public static void main(String[] steps) {
      for (String step : steps) {
        switch (step) {
          case "ours" -> runOurs();
          case "translator" -> runTranslator();
          case "djl" -> Engine.getEngine("OnnxRuntime").newModel("none", null).close();
          default -> OrtEnvironment.getEnvironment();
        }
        System.out.println(step + " ok");
      }
    }

    private static void runTranslator() {
      var digits = ContractModels.artifact(ContractModels.DIGITS, ModelFormat.ONNX);
      try (var predictor = Predictor.builder().model(() -> digits).translator(new Best()).build()) {
        assertThat(predictor.predict(new float[64])).isBetween(0L, 9L);
      }
    }

    private static void runOurs() {
      OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
      Golden golden = Golden.of(ContractModels.DIGITS).get(0);
      try (LoadedModel model =
              provider.open(
                  ContractModels.artifact(ContractModels.DIGITS, ModelFormat.ONNX),
                  provider.defaultOptions());
          ExecutionContext context = model.newContext()) {
        golden.assertAnsweredBy(golden.run(context));
      }
    }
  }

  /** The most likely digit, with DJL's default batchifier, which needs arrays that can stack. */
  private static final class Best implements Translator<float[], Long> {
    @Override
    public NDList processInput(TranslatorContext context, float[] pixels) {
      return new NDList(context.getNDManager().create(pixels));
    }

    @Override
    public Long processOutput(TranslatorContext context, NDList outputs) {
      return outputs.singletonOrThrow().argMax().getLong();
    }
  }
}
