package io.vivace.core.codec;

import static io.vivace.core.model.ElementType.BOOL;
import static io.vivace.core.model.ElementType.FLOAT16;
import static io.vivace.core.model.ElementType.FLOAT32;
import static io.vivace.core.model.ElementType.FLOAT64;
import static io.vivace.core.model.ElementType.INT32;
import static io.vivace.core.model.ElementType.INT64;
import static io.vivace.core.model.ElementType.INT8;
import static io.vivace.core.model.ElementType.STRING;
import static io.vivace.core.model.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.InvalidInputException;
import io.vivace.core.internal.run.TensorRow;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VectorInputTest {
  private static final VectorInput<float[]> THREE = VectorInput.floats(3);

  static Stream<Arguments> numbers() {
    return Stream.of(
        Arguments.of(VectorInput.floats(3), new float[] {1, -2, 3}, FLOAT32),
        Arguments.of(VectorInput.floats(3), new float[] {1, -2, 3}, FLOAT64),
        Arguments.of(VectorInput.float16(3), new float[] {1, -2, 3}, FLOAT16),
        Arguments.of(VectorInput.doubles(3), new double[] {1, -2, 3}, FLOAT64),
        Arguments.of(VectorInput.doubles(3), new double[] {1, -2, 3}, FLOAT32),
        Arguments.of(VectorInput.ints(3), new int[] {1, -2, 3}, INT32),
        Arguments.of(VectorInput.ints(3), new int[] {1, -2, 3}, INT64),
        Arguments.of(VectorInput.longs(3), new long[] {1, -2, 3}, INT64),
        Arguments.of(VectorInput.longs(3), new long[] {1, -2, 3}, INT32),
        Arguments.of(VectorInput.longs(3), new long[] {1, -2, 3}, INT8),
        Arguments.of(VectorInput.int8(3), new byte[] {1, -2, 3}, INT8));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  <A> void encode_anyNumericType_writesEveryElement(
      VectorInput<A> codec, A item, ElementType modelType) {
    assertThat(codec.accepts(codec.tensors().get(0), modelType)).isTrue();
    Tensor tensor = Rows.encode(codec, 0, modelType, item);
    assertThat(TensorRow.ofWhole(tensor).toDoubles()).containsExactly(1, -2, 3);
  }

  @Test
  void encode_unsignedBytes_standFor0To255() {
    Tensor tensor = Rows.encode(VectorInput.uint8(2), new byte[] {(byte) 200, 7});
    assertThat(tensor.type()).isEqualTo(UINT8);
    assertThat(TensorRow.ofWhole(tensor).toLongs()).containsExactly(200, 7);
  }

  @Test
  void encode_booleansAndTexts_writesThem() {
    Tensor flags = Rows.encode(VectorInput.booleans(2), new boolean[] {true, false});
    assertThat(flags.type()).isEqualTo(BOOL);
    assertThat(TensorRow.ofWhole(flags).toLongs()).containsExactly(1, 0);

    Tensor texts = Rows.encode(VectorInput.strings(2), new String[] {"a", ""});
    assertThat(texts.type()).isEqualTo(STRING);
    assertThat(texts.strings()).containsExactly("a", "");
  }

  @Test
  void accepts_typeOfAnotherFamily_isFalse() {
    TensorSpec floats = THREE.tensors().get(0);
    assertThat(THREE.accepts(floats, INT64)).isFalse();
    assertThat(THREE.accepts(floats, FLOAT16)).isFalse();
    VectorInput<long[]> longs = VectorInput.longs(3);
    assertThat(longs.accepts(longs.tensors().get(0), FLOAT32)).isFalse();
  }

  @Test
  void encode_shape_isTakenRowMajor() {
    VectorInput<float[]> codec = VectorInput.floats(Shape.of(3, 4)).named("x");
    assertThat(codec.tensors()).containsExactly(TensorSpec.of("x", FLOAT32, 3, 4));
    float[] item = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    assertThat(Rows.encode(codec, item).toFloats()).isEqualTo(item);
  }

  @Test
  void encode_wrongLength_namesInputWantedAndFound() {
    assertThatThrownBy(() -> VectorInput.floats(64).named("pixels").encode(new float[63]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "input \"pixels\" takes float[] of 64 elements (shape [64]), but found an array of"
                + " length 63");
    assertThatThrownBy(() -> THREE.encode(new float[0])).isInstanceOf(InvalidInputException.class);
  }

  @Test
  @SuppressWarnings("NullAway")
  void encode_null_isInvalidInput() {
    assertThatThrownBy(() -> THREE.encode(null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("but found null");
  }

  @Test
  void encode_nullText_namesThePosition() {
    assertThatThrownBy(() -> VectorInput.strings(2).encode(new String[] {"a", null}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("but found null at position 1");
  }

  @Test
  void encode_nan_passesByDefaultAndIsRefusedByFinite() {
    float[] item = {0, Float.NaN, Float.NEGATIVE_INFINITY};
    assertThat(Rows.encode(THREE, item).toFloats()).isEqualTo(item);
    assertThatThrownBy(() -> THREE.finite().encode(item))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("all finite (shape [3]), but found NaN at position 1");
    assertThatThrownBy(
            () -> VectorInput.doubles(1).finite().encode(new double[] {Double.POSITIVE_INFINITY}))
        .hasMessageEndingWith("but found Infinity at position 0");
    assertThat(Rows.encode(THREE.finite(), new float[] {1, 2, 3}).toFloats())
        .containsExactly(1, 2, 3);
  }

  @Test
  void encode_valueOutsideTheInputsRange_isInvalidInput() {
    EncodedRow row = VectorInput.longs(1).encode(new long[] {1L << 40});
    Tensor narrow = Tensor.allocate(INT32, Shape.of(1));
    assertThatThrownBy(() -> row.write(0, TensorRow.ofWhole(narrow)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1099511627776");
  }

  @Test
  void encode_openLength_asksForItsSizeAndPads() {
    VectorInput<float[]> codec = VectorInput.floats().padding(-1);
    float[] item = {5, 6};
    assertThat(codec.encode(item).shape(0, codec.tensors().get(0))).isEqualTo(Shape.of(2));
    Tensor larger = Rows.encodeInto(codec, 0, FLOAT32, Shape.of(4), item);
    assertThat(larger.toFloats()).containsExactly(5, 6, -1, -1);
  }

  @Test
  void encode_openLengthOfOtherTypes_padsWithZeroOrEmptyText() {
    VectorInput<long[]> longs = VectorInput.longs(Shape.ANY);
    Tensor padded = Rows.encodeInto(longs, 0, INT64, Shape.of(3), new long[] {9});
    assertThat(padded.toLongs()).containsExactly(9, 0, 0);
    VectorInput<String[]> texts = VectorInput.strings(Shape.ANY);
    Tensor words = Rows.encodeInto(texts, 0, STRING, Shape.of(2), new String[] {"a"});
    assertThat(words.strings()).containsExactly("a", "");
    VectorInput<boolean[]> flags = VectorInput.booleans(Shape.ANY);
    Tensor bits = Rows.encodeInto(flags, 0, BOOL, Shape.of(2), new boolean[] {true});
    assertThat(TensorRow.ofWhole(bits).toLongs()).containsExactly(1, 0);
  }

  @Test
  void encode_openFirstAxis_takesWholeStepsOnly() {
    VectorInput<float[]> codec = VectorInput.floats(Shape.of(Shape.ANY, 2));
    TensorSpec spec = codec.tensors().get(0);
    assertThat(codec.encode(new float[6]).shape(0, spec)).isEqualTo(Shape.of(3, 2));
    for (int length : List.of(0, 3)) {
      assertThatThrownBy(() -> codec.encode(new float[length]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("a multiple of 2")
          .hasMessageEndingWith("length " + length);
    }
  }

  @Test
  void factory_badShape_isRefused() {
    assertThatThrownBy(() -> VectorInput.floats(Shape.of(2, Shape.ANY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, ?]");
    assertThatThrownBy(() -> VectorInput.floats(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VectorInput.floats(Shape.of(1L << 20, 1L << 20)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VectorInput.longs(2).padding(0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VectorInput.uint8(Shape.ANY).padding(256))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VectorInput.strings(2).padding(1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(VectorInput.floats(3).named("x").finite())
        .hasToString("VectorInput.floats[input=\"x\", shape=[3], finite=true, padding=0.0]");
    assertThat(VectorInput.ints(Shape.ANY).padding(-1))
        .hasToString("VectorInput.ints[input=by position, shape=[?], finite=false, padding=-1.0]");
  }
}
