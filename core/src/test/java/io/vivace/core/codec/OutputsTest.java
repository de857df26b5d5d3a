package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Vector, scalar and raw outputs. */
class OutputsTest {
  private static final TensorSpec VECTOR = TensorSpec.of("v", ElementType.FLOAT32, -1, 3);
  private static final TensorSpec SCALAR = TensorSpec.of("s", ElementType.INT64, -1, 1);
  private static final TensorSpec TEXT = TensorSpec.of("t", ElementType.STRING, -1, 1);
  private static final Signature MODEL = new Signature(List.of(), List.of(VECTOR, SCALAR, TEXT));

  private static ModelRow row() {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("v", Tensor.of(new float[] {1.5f, Float.NaN, -2}, 3));
    outputs.put("s", Tensor.of(new long[] {42}, 1));
    outputs.put("t", Tensor.of(new String[] {"text"}, 1));
    return Rows.row(Map.of(), outputs);
  }

  @Test
  void vector_unnamed_readsTheFirstOutputAsItIs() {
    assertThat(VectorOutput.floats().decode(row())).containsExactly(1.5f, Float.NaN, -2);
    assertThat(VectorOutput.doubles().decode(row())).containsExactly(1.5, Double.NaN, -2);
  }

  @Test
  void vector_named_readsThatOutput() {
    assertThat(VectorOutput.longs().named("s").decode(row())).containsExactly(42);
    assertThat(VectorOutput.floats().named("s").decode(row())).containsExactly(42);
  }

  @Test
  void vector_checkOfNameOrType_namesBothSides() {
    VectorOutput.floats().check(MODEL);
    VectorOutput.longs().named("s").check(MODEL);
    VectorOutput.longs().named("x").check(Signature.UNDECLARED);
    assertThatThrownBy(() -> VectorOutput.floats().named("x").check(MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no output \"x\"")
        .hasMessageContaining("\"v\"");
    assertThatThrownBy(() -> VectorOutput.longs().check(MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output first must hold whole numbers, but the model gives \"v\" float32 [?, 3]");
    assertThatThrownBy(() -> VectorOutput.doubles().named("t").check(MODEL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> VectorOutput.doubles().named(" "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scalar_oneElement_isTheNumber() {
    assertThat(ScalarOutput.longs().named("s").decode(row())).isEqualTo(42L);
    assertThat(ScalarOutput.doubles().named("s").decode(row())).isEqualTo(42.0);
    ModelRow plain = Rows.output(Tensor.of(new float[] {0.25f}));
    assertThat(ScalarOutput.floats().decode(plain)).isEqualTo(0.25f);
  }

  @Test
  void scalar_moreElements_isRefusedByCheckAndByDecode() {
    assertThatThrownBy(() -> ScalarOutput.floats().check(MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[?, 3]");
    assertThatThrownBy(() -> ScalarOutput.floats().decode(row()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("[3]");
    ScalarOutput.longs().named("s").check(MODEL);
  }

  @Test
  void tensors_all_areCopiesOfEveryType() {
    for (ElementType type : ElementType.values()) {
      Tensor original = sample(type);
      Tensor copy = TensorOutput.all().decode(Rows.output(original)).get("out");
      assertThat(copy).isNotNull().isNotSameAs(original);
      assertThat(copy.type()).isEqualTo(type);
      assertThat(copy.shape()).isEqualTo(original.shape());
      if (type == ElementType.STRING) {
        assertThat(copy.strings()).containsExactly(original.strings());
        original.strings()[0] = "changed";
        assertThat(copy.strings()[0]).isNotEqualTo("changed");
      } else {
        assertThat(copy.data()).isEqualTo(original.data());
        original.data().put(0, (byte) 99);
        assertThat(copy.data()).isNotEqualTo(original.data());
      }
    }
  }

  private static Tensor sample(ElementType type) {
    Tensor tensor = Tensor.allocate(type, Shape.of(2, 1));
    switch (type) {
      case STRING -> tensor.strings()[1] = "x";
      case FLOAT16 -> tensor.data().putShort(Float16.fromFloat(-1.5f)).putShort((short) 1);
      case BOOL -> tensor.data().put(0, (byte) 1);
      default -> tensor.data().put(0, (byte) -3).put(tensor.data().capacity() - 1, (byte) 0x40);
    }
    return tensor;
  }

  @Test
  void tensors_named_areOnlyThose() {
    assertThat(TensorOutput.of("t", "s").decode(row())).containsOnlyKeys("s", "t");
    assertThat(TensorOutput.all().decode(row()).keySet()).containsExactly("v", "s", "t");
    TensorOutput.of("t").check(MODEL);
    assertThatThrownBy(() -> TensorOutput.of("nope").check(MODEL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"nope\"");
    assertThatThrownBy(() -> TensorOutput.of()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TensorOutput.of("a", "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(VectorOutput.longs()).hasToString("VectorOutput.longs[output=first]");
    assertThat(ScalarOutput.floats().named("y")).hasToString("ScalarOutput.floats[output=\"y\"]");
    assertThat(TensorOutput.of("b", "a")).hasToString("TensorOutput[outputs=[a, b]]");
  }
}
