package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vivace.core.EngineException;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.engines.contract.ContractModels;
import io.vivace.engines.contract.Golden;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxContextTest {
  private static LoadedModel open(String name) {
    OnnxRuntimeProvider provider = new OnnxRuntimeProvider();
    return provider.open(
        ContractModels.artifact(name, ModelFormat.ONNX), provider.defaultOptions());
  }

  private static List<Tensor> run(ExecutionContext context, float... values) {
    TensorSpec spec = TensorSpec.of("x", ElementType.FLOAT32, values.length);
    context.prepare(List.of(spec)).get(0).data().asFloatBuffer().put(values);
    return context.run();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ContractModels.DIGITS,
        ContractModels.CONV_20,
        ContractModels.DYNAMIC,
        ContractModels.SEVERAL,
        ContractModels.NO_BATCH
      })
  void run_shapesNamedInTheFile_givesTheSameListFromTheFirstRunOn(String name) {
    List<Golden> goldens = Golden.of(name);
    try (LoadedModel model = open(name);
        ExecutionContext context = model.newContext()) {
      List<Tensor> first = goldens.get(0).run(context);
      assertThat(goldens.get(0).run(context)).isSameAs(first);
      goldens.get(goldens.size() - 1).run(context);
      goldens.get(0).assertAnsweredBy(goldens.get(0).run(context));
    }
  }

  @Test
  void run_sizeLeftOpenInTheFile_isPinnedAfterTheFirstRun() {
    try (LoadedModel model = OddModels.open("nameless-size");
        ExecutionContext context = model.newContext()) {
      List<Tensor> first = run(context, 1, 2);
      assertThat(first.get(0).toFloats()).containsExactly(1, 2, 1, 2);
      List<Tensor> second = run(context, 3, 4);
      assertThat(second).isSameAs(first);
      assertThat(second.get(0).toFloats()).containsExactly(3, 4, 3, 4);
      assertThat(run(context, 5, 6, 7).get(0).toFloats()).containsExactly(5, 6, 7, 5, 6, 7);
      assertThat(run(context, 8, 9).get(0).toFloats()).containsExactly(8, 9, 8, 9);
    }
  }

  @Test
  void run_fileLiesAboutAShape_answersWhatIsTrue() {
    try (LoadedModel model = OddModels.open("lying-shape");
        ExecutionContext context = model.newContext()) {
      for (int i = 0; i < 3; i++) {
        List<Tensor> outputs = run(context, i, 2);
        assertThat(outputs.get(0).shape()).isEqualTo(Shape.of(4));
        assertThat(outputs.get(0).toFloats()).containsExactly(i, 2, i, 2);
      }
      try (ExecutionContext other = model.newContext()) {
        assertThat(run(other, 7).get(0).toFloats()).containsExactly(7, 7);
      }
    }
  }

  @Test
  void run_outputThatIsAnInput_followsTheInput() {
    try (LoadedModel model = OddModels.open("pass-through");
        ExecutionContext context = model.newContext()) {
      for (int i = 0; i < 4; i++) {
        List<Tensor> outputs = run(context, i, 1);
        assertThat(outputs.get(0).toFloats()).containsExactly(i, 1);
        assertThat(outputs.get(1).toFloats()).containsExactly(2 * i, 2);
      }
    }
  }

  @Test
  void run_outputThatIsAConstant_givesIt() {
    try (LoadedModel model = OddModels.open("constant-output");
        ExecutionContext context = model.newContext()) {
      for (int i = 0; i < 3; i++) {
        List<Tensor> outputs = run(context, i);
        assertThat(outputs.get(0).toFloats()).containsExactly(i);
        assertThat(outputs.get(1).toFloats()).containsExactly(1, 2, 3);
      }
    }
  }

  @Test
  void run_noInput_answers() {
    try (LoadedModel model = OddModels.open("no-input");
        ExecutionContext context = model.newContext()) {
      assertThat(context.prepare(List.of())).isEmpty();
      assertThat(context.run().get(0).toFloats()).containsExactly(1, 2);
      assertThat(context.run().get(0).toFloats()).containsExactly(1, 2);
    }
  }

  @Test
  void run_moreShapesThanAreKept_answersEach() {
    try (LoadedModel model = OddModels.open("nameless-size");
        ExecutionContext context = model.newContext()) {
      for (int round = 0; round < 2; round++) {
        for (int size = 1; size <= 150; size++) {
          float[] values = new float[size];
          values[size - 1] = size;
          float[] answer = run(context, values).get(0).toFloats();
          assertThat(answer).hasSize(2 * size);
          assertThat(answer[2 * size - 1]).isEqualTo(size);
        }
      }
    }
  }

  @Test
  void run_textThatIsNull_isRefused() {
    TensorSpec spec = TensorSpec.of("x", ElementType.STRING, 1, 3);
    try (LoadedModel model = open(ContractModels.identity(ElementType.STRING));
        ExecutionContext context = model.newContext()) {
      Tensor text = context.prepare(List.of(spec)).get(0);
      text.strings()[1] = null;
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(context::run)
          .withMessageContaining("\"x\"")
          .withMessageContaining("position 1");
    }
  }

  @Test
  void prepare_wrongShape_namesTheInputAndBothShapes() {
    TensorSpec wrong = TensorSpec.of("input", ElementType.FLOAT32, 2, 63);
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> context.prepare(List.of(wrong)))
          .withMessage(
              "model digits-mlp.onnx on engine OnnxRuntime takes \"input\" float32 [?, 64] as"
                  + " input 0, but was given \"input\" float32 [2, 63]");
    }
  }

  @Test
  void prepare_anyShape_lendsMemoryAlignedToACacheLine() {
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      for (int rows = 1; rows < 20; rows++) {
        TensorSpec spec = TensorSpec.of("input", ElementType.FLOAT32, rows, 64);
        ByteBuffer data = context.prepare(List.of(spec)).get(0).data();
        assertThat(data.alignmentOffset(0, 64)).isZero();
        assertThat(data.remaining()).isEqualTo(rows * 64 * Float.BYTES);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "uint16-input, input, uint16",
    "bfloat16-output, output, bfloat16",
    "sequence-output, output, sequence",
    "map-output, output, sequence"
  })
  void open_typeThatWeLack_isRefusedByName(String name, String role, String type) {
    assertThatExceptionOfType(ModelLoadException.class)
        .isThrownBy(() -> OddModels.open(name).close())
        .withMessageContaining(name)
        .withMessageContaining(role)
        .withMessageContaining(type);
  }
}
