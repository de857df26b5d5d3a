package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.InvalidInputException;
import io.vivace.core.data.FeatureScaling;
import io.vivace.core.data.FeatureTransform;
import io.vivace.core.internal.run.TensorRow;
import io.vivace.core.model.ElementType;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparedInputTest {
  private final FeatureTransform scaling =
      FeatureScaling.minMax().fit(List.of(new double[] {0, 10}, new double[] {2, 30}));
  private final Preprocessor<double[]> input = VectorInput.doubles(2).after(scaling);

  @Test
  void encode_writesThePreparedItem() {
    Tensor tensor = Rows.encode(input, 0, ElementType.FLOAT32, new double[] {1, 25});

    assertThat(TensorRow.ofWhole(tensor).toDoubles()).containsExactly(0.5, 0.75);
    assertThat(input.tensors()).isEqualTo(VectorInput.doubles(2).tensors());
    assertThat(input).hasToString(VectorInput.doubles(2) + ".after(" + scaling + ")");
  }

  @Test
  void encode_anItemThatCannotBePrepared_isInvalidInput() {
    assertThatThrownBy(() -> input.encode(new double[3]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("must have 2 features, but has 3");
    assertThatThrownBy(() -> input.encode(null)).isInstanceOf(InvalidInputException.class);
  }
}
