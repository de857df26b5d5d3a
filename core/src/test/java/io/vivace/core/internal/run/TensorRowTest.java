package io.vivace.core.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.InvalidInputException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TensorRowTest {
  private static TensorRow row(ElementType type, int row) {
    return TensorRow.ofBatch(Tensor.allocate(type, Shape.of(3, 4))).at(row);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16"})
  void put_floatingPoint_isReadBackFromItsRowAlone(ElementType type) {
    Tensor tensor = Tensor.allocate(type, Shape.of(3, 4));
    TensorRow row = TensorRow.ofBatch(tensor);
    row.at(1).putFloats(new float[] {1.5f, -2, 0.25f, 1024});
    row.at(2).putDoubles(new double[] {7, 8, 9, 10});
    assertThat(row.at(0).toFloats()).containsOnly(0);
    assertThat(row.at(1).toFloats()).containsExactly(1.5f, -2, 0.25f, 1024);
    assertThat(row.at(2).toDoubles()).containsExactly(7, 8, 9, 10);
    row.at(2).putLong(3, 99);
    assertThat(row.getDouble(3)).isEqualTo(99);
    assertThat(row.shape()).isEqualTo(Shape.of(4));
    assertThatThrownBy(() -> row.getLong(0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "UINT8", "INT32", "INT64", "BOOL"})
  void put_wholeNumbers_areReadBack(ElementType type) {
    TensorRow row = row(type, 1);
    row.putLongs(new long[] {1, 0, 1, 1});
    assertThat(row.toLongs()).containsExactly(1, 0, 1, 1);
    row.putInts(new int[] {0, 1});
    assertThat(row.toLongs()).containsExactly(0, 1, 1, 1);
    row.fill(1, 3, 0);
    assertThat(row.toFloats()).containsExactly(0, 0, 0, 1);
    assertThatThrownBy(() -> row.putFloat(0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> row.putString(0, "x")).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, -128, 127",
    "UINT8, 0, 255",
    "INT32, -2147483648, 2147483647",
    "INT64, -9223372036854775808, 9223372036854775807",
    "BOOL, 0, 1"
  })
  void putLong_edgesOfTheRange_areKeptAndBeyondIsRefused(ElementType type, long low, long high) {
    TensorRow row = row(type, 0);
    row.putLong(0, low);
    row.putLong(1, high);
    assertThat(row.getLong(0)).isEqualTo(low);
    assertThat(row.getLong(1)).isEqualTo(high);
    if (type != ElementType.INT64) {
      assertThatThrownBy(() -> row.putLong(0, low - 1))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(type + " input must be from " + low + " to " + high);
      assertThatThrownBy(() -> row.putLong(0, high + 1)).isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void putBytes_unsigned_areReadFrom0To255() {
    TensorRow row = row(ElementType.UINT8, 2);
    row.putBytes(new byte[] {(byte) 200, 1});
    assertThat(row.toLongs()).containsExactly(200, 1, 0, 0);
    assertThat(row.getFloat(0)).isEqualTo(200);
    assertThatThrownBy(() -> row(ElementType.INT32, 0).putBytes(new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void put_text_isReadBack() {
    TensorRow row = row(ElementType.STRING, 1);
    row.putString(3, "text");
    assertThat(row.getString(3)).isEqualTo("text");
    assertThatThrownBy(() -> row.getFloat(3)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> row.putLong(3, 1)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void access_beyondTheRow_neverReachesTheNext(ElementType type) {
    TensorRow row = row(type, 0);
    assertThatThrownBy(() -> row.getString(4))
        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalStateException.class);
    assertThatThrownBy(() -> row.putLong(4, 0))
        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalStateException.class);
    assertThatThrownBy(() -> row.putLong(-1, 0))
        .isInstanceOfAny(IndexOutOfBoundsException.class, IllegalStateException.class);
    assertThatThrownBy(() -> row.putFloats(new float[5]))
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class);
    assertThatThrownBy(() -> row.putLongs(new long[5]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> row.copyTo(2, new float[3]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> row.at(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void ofWhole_scalar_hasOneElement() {
    TensorRow row = TensorRow.ofWhole(Tensor.of(new float[] {5}));
    assertThat(row.size()).isEqualTo(1);
    assertThat(row.at(0).getFloat(0)).isEqualTo(5);
  }
}
