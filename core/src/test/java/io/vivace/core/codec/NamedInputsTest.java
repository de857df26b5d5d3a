package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.InvalidInputException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamedInputsTest {
  private record Customer(float age, long visits, String country) {}

  @SuppressWarnings("ArrayRecordComponent") // what users have
  private record Basket(long[] products) {}

  private static final Customer ANNA = new Customer(41, 7, "PL");

  private static final NamedInputs<Customer> FUNCTIONS =
      NamedInputs.from(Customer.class)
          .input("age", VectorInput.floats(1), customer -> new float[] {customer.age()})
          .input("visits", VectorInput.longs(1), customer -> new long[] {customer.visits()})
          .input("country", VectorInput.strings(1), c -> new String[] {c.country()});

  @Test
  void encode_functions_writesEachInput() {
    check(FUNCTIONS);
  }

  @Test
  void encode_record_writesEachComponent() {
    check(NamedInputs.record(Customer.class));
  }

  private static void check(NamedInputs<Customer> codec) {
    assertThat(codec.tensors())
        .containsExactly(
            TensorSpec.of("age", ElementType.FLOAT32, 1),
            TensorSpec.of("visits", ElementType.INT64, 1),
            TensorSpec.of("country", ElementType.STRING, 1));
    assertThat(Rows.encode(codec, 0, ElementType.FLOAT32, ANNA).toFloats()).containsExactly(41);
    assertThat(Rows.encode(codec, 1, ElementType.INT64, ANNA).toLongs()).containsExactly(7);
    assertThat(Rows.encode(codec, 2, ElementType.STRING, ANNA).strings()).containsExactly("PL");
    assertThat(codec.accepts(codec.tensors().get(1), ElementType.INT32)).isTrue();
    assertThat(codec.accepts(codec.tensors().get(0), ElementType.INT32)).isFalse();
  }

  @Test
  void encode_record_takesAllKindsOfNumbers() {
    record Row(double d, int i, boolean b) {}
    NamedInputs<Row> codec = NamedInputs.record(Row.class);
    Row row = new Row(0.5, -3, true);
    Tensor d = Rows.encode(codec, 0, ElementType.FLOAT64, row);
    assertThat(d.data().getDouble(0)).isEqualTo(0.5);
    assertThat(Rows.encode(codec, 1, ElementType.INT32, row).data().getInt(0)).isEqualTo(-3);
    assertThat(Rows.encode(codec, 2, ElementType.BOOL, row).data().get(0)).isEqualTo((byte) 1);
  }

  @Test
  void record_componentOfAnotherType_isRefusedWithTheWayOut() {
    assertThatThrownBy(() -> NamedInputs.record(Basket.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"products\"")
        .hasMessageContaining("but is long[]; add this input with from(...)");
  }

  @Test
  void encode_openLength_goesToTheRightPart() {
    NamedInputs<Basket> codec =
        NamedInputs.from(Basket.class)
            .input("count", VectorInput.ints(1), basket -> new int[] {basket.products().length})
            .input("products", VectorInput.longs(Shape.ANY), Basket::products);
    EncodedRow row = codec.encode(new Basket(new long[] {4, 5}));
    assertThat(row.shape(0, codec.tensors().get(0))).isEqualTo(Shape.of(1));
    assertThat(row.shape(1, codec.tensors().get(1))).isEqualTo(Shape.of(2));
  }

  @Test
  void inputs_codecOfSeveralTensors_keepsItsNamesAndOptionalInputs() {
    Preprocessor<String> two =
        new Preprocessor<>() {
          @Override
          public List<TensorSpec> tensors() {
            return List.of(
                TensorSpec.of("length", ElementType.INT64, 1),
                TensorSpec.of("extra", ElementType.INT64, 1));
          }

          @Override
          public boolean isOptional(TensorSpec tensor) {
            return tensor.name().equals("extra");
          }

          @Override
          public EncodedRow encode(String item) {
            return (tensor, out) -> out.putLong(0, tensor == 0 ? item.length() : -1);
          }
        };
    NamedInputs<Customer> codec =
        NamedInputs.from(Customer.class)
            .input("age", VectorInput.floats(1), customer -> new float[] {customer.age()})
            .inputs(two, Customer::country);
    assertThat(codec.tensors()).extracting(TensorSpec::name).contains("age", "length", "extra");
    assertThat(codec.tensors()).filteredOn(codec::isOptional).hasSize(1);
    assertThat(Rows.encode(codec, 1, ElementType.INT64, ANNA).toLongs()).containsExactly(2);
    assertThat(Rows.encode(codec, 2, ElementType.INT64, ANNA).toLongs()).containsExactly(-1);
    assertThatThrownBy(() -> NamedInputs.from(Customer.class).input("x", two, Customer::country))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a codec of one tensor");
  }

  @Test
  void encode_map_takesTheArrayOfEachKey() {
    NamedInputs<Map<String, ?>> codec =
        NamedInputs.map(Map.of("a", VectorInput.floats(2), "b", VectorInput.longs(1)));
    Map<String, Object> item = Map.of("b", new long[] {3}, "a", new float[] {1, 2}, "c", "more");
    assertThat(codec.tensors()).extracting(TensorSpec::name).containsExactly("a", "b");
    assertThat(Rows.encode(codec, 0, ElementType.FLOAT32, item).toFloats()).containsExactly(1, 2);
    assertThat(Rows.encode(codec, 1, ElementType.INT64, item).toLongs()).containsExactly(3);
  }

  @Test
  void encode_mapWithMissingOrWrongValue_namesTheInput() {
    NamedInputs<Map<String, ?>> codec = NamedInputs.map(Map.of("a", VectorInput.floats(2)));
    assertThatThrownBy(() -> codec.encode(Map.of("A", new float[2])))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("input \"a\"")
        .hasMessageEndingWith("but found null");
    assertThatThrownBy(() -> codec.encode(Map.of("a", new double[2])))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("input \"a\"")
        .hasMessageEndingWith("but found a value of type double[]");
  }

  @Test
  @SuppressWarnings("NullAway")
  void encode_nullItemOrValue_isInvalidInput() {
    assertThatThrownBy(() -> FUNCTIONS.encode(null)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> FUNCTIONS.encode(new Customer(1, 2, null)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("input \"country\"");
  }

  @Test
  void input_nameTakenOrBlank_isRefused() {
    NamedInputs<Basket> one =
        NamedInputs.from(Basket.class).input("x", VectorInput.longs(1), Basket::products);
    assertThatThrownBy(() -> one.input("x", VectorInput.longs(1), Basket::products))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"x\"");
    assertThatThrownBy(() -> one.input(" ", VectorInput.longs(1), Basket::products))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_anyParts_printsEachCodec() {
    assertThat(NamedInputs.map(Map.of("a", VectorInput.floats(2))))
        .hasToString(
            "NamedInputs[[a]=VectorInput.floats[input=by position, shape=[2], finite=false,"
                + " padding=0.0]]");
  }
}
