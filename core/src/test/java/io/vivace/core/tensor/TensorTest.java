package io.vivace.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STRING")
  void allocate_numericType_isDirectAndZero(ElementType type) {
    Tensor tensor = Tensor.allocate(type, Shape.of(2, 3));
    assertThat(tensor.size()).isEqualTo(6);
    assertThat(tensor.data().isDirect()).isTrue();
    assertThat(tensor.data().remaining()).isEqualTo(6 * type.bytes());
    byte[] bytes = new byte[tensor.data().remaining()];
    tensor.data().get(bytes);
    assertThat(bytes).containsOnly(0);
    assertThatThrownBy(tensor::strings).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void allocate_strings_areEmptyTexts() {
    Tensor tensor = Tensor.allocate(ElementType.STRING, Shape.of(2));
    assertThat(tensor.strings()).containsExactly("", "");
    assertThatThrownBy(tensor::data).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void of_arrays_keepTheirElements() {
    assertThat(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).toFloats()).containsExactly(1, 2, 3, 4);
    assertThat(Tensor.of(new long[] {5, 6}, 2).toLongs()).containsExactly(5, 6);
    assertThat(Tensor.of(new double[] {7}, 1).data().getDouble(0)).isEqualTo(7);
    assertThat(Tensor.of(new int[] {8}).data().getInt(0)).as("a scalar").isEqualTo(8);
    assertThat(Tensor.of(new String[] {"a", "b"}, 2, 1).strings()).containsExactly("a", "b");
  }

  @Test
  void of_shapeThatHoldsAnotherNumber_isRefused() {
    assertThatThrownBy(() -> Tensor.of(new float[3], 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 2]")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> Tensor.of(new float[3], -1, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allocate_moreThanTwoGibibytes_isRefusedBeforeAllocation() {
    assertThatThrownBy(() -> Tensor.allocate(ElementType.FLOAT32, Shape.of(1L << 29)))
        .hasMessageContaining("2 GiB");
    assertThatThrownBy(() -> Tensor.allocate(ElementType.INT8, Shape.of(1L << 62, 4)))
        .hasMessageContaining("2 GiB");
    assertThatThrownBy(() -> Tensor.allocate(ElementType.STRING, Shape.of(1L << 40)))
        .hasMessageContaining("2 GiB");
  }

  @Test
  void wrap_buffer_sharesMemoryFromItsPosition() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    buffer.position(4);
    Tensor tensor = Tensor.wrap(ElementType.INT8, Shape.of(3), buffer);
    tensor.data().put(0, (byte) 9);
    assertThat(buffer.get(4)).isEqualTo((byte) 9);
    assertThat(buffer.position()).isEqualTo(4);
    assertThat(tensor.data().capacity()).isEqualTo(3);
  }

  @Test
  void wrap_heapOrShortBuffer_isRefused() {
    assertThatThrownBy(() -> Tensor.wrap(ElementType.FLOAT32, Shape.of(2), ByteBuffer.allocate(8)))
        .hasMessageContaining("direct");
    assertThatThrownBy(
            () -> Tensor.wrap(ElementType.FLOAT32, Shape.of(2), ByteBuffer.allocateDirect(7)))
        .hasMessageContaining("8 bytes");
  }

  @Test
  void shape_text_isReadable() {
    assertThat(Shape.of(Shape.ANY, 3, 224)).hasToString("[?, 3, 224]");
    assertThat(Shape.of()).hasToString("[]");
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of(0, 5).elements()).isZero();
    assertThat(Shape.of(2).prepend(7)).isEqualTo(Shape.of(7, 2));
    assertThatThrownBy(() -> Shape.of(-2)).hasMessageContaining("-2");
    assertThatThrownBy(() -> Shape.of(Shape.ANY).elements())
        .isInstanceOf(IllegalStateException.class);
  }
}
