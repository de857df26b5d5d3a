package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vivace.core.ModelLoadException;
import io.vivace.core.spi.NumericsCheck;
import io.vivace.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NativeSelfTestTest {
  @Test
  void ensure_libraryOfThisBuild_passes() {
    NativeSelfTest.shared().ensure();
    assertThat(NativeSelfTest.shared().verdict()).isEqualTo("passed");
    assertThat(new OnnxRuntimeProvider().report().selfTest()).isEqualTo("passed");
  }

  @Test
  void ensure_libraryThatIsWrong_isRefusedEachTimeAndSaysWhere() {
    NativeSelfTest test =
        new NativeSelfTest(
            calculation -> {
              Tensor right = calculation.expected();
              float[] values = right.toFloats();
              if (calculation.operation() == NumericsCheck.Operation.LSTM) {
                values[values.length - 1] += 0.01f;
              }
              return Tensor.of(values, right.shape().toArray());
            });
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(ModelLoadException.class)
          .isThrownBy(test::ensure)
          .withMessageContaining("LSTM")
          .withMessageContaining("OnnxRuntime")
          .withMessageContaining("selfTest(false)");
    }
    assertThat(test.verdict()).startsWith("failed: an LSTM");
  }
}
