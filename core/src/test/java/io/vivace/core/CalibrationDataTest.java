package io.vivace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.codec.EncodedRow;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.RowWriter;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Shape;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalibrationDataTest {
  private static final Signature MODEL = model(Shape.ANY);

  private final Dataset<float[], Integer> pairs = Dataset.lazy(5, i -> new float[] {i, -i}, i -> i);

  @Test
  void iterator_examples_areBatchedInOrder() {
    List<Map<String, Tensor>> batches =
        batches(CalibrationData.of(pairs, new Vector("x", 2)).batchSize(2));
    assertThat(batches).hasSize(3).allSatisfy(batch -> assertThat(batch).containsOnlyKeys("x"));
    assertThat(batches.get(0).get("x").shape()).isEqualTo(Shape.of(2, 2));
    assertThat(batches.get(0).get("x").toFloats()).containsExactly(0, 0, 1, -1);
    assertThat(batches.get(1).get("x").toFloats()).containsExactly(2, -2, 3, -3);
    assertThat(batches.get(2).get("x").toFloats()).containsExactly(4, -4);
  }

  @Test
  void iterator_defaultBatchSize_is32() {
    Dataset<float[], Integer> many = Dataset.lazy(33, i -> new float[] {i, i}, i -> i);
    List<Map<String, Tensor>> batches = batches(CalibrationData.of(many, new Vector("x", 2)));
    assertThat(batches).hasSize(2);
    assertThat(batches.get(0).get("x").shape()).isEqualTo(Shape.of(32, 2));
    assertThat(batches.get(1).get("x").toFloats()).containsExactly(32, 32);
  }

  @Test
  void iterator_twice_givesEqualBatchesInNewTensors() {
    CalibrationData<float[]> data = CalibrationData.of(pairs, new Vector("x", 2));
    Tensor first = data.iterator().next().get("x");
    first.data().putFloat(0, 99);
    assertThat(data.iterator().next().get("x").toFloats()).startsWith(0, 0, 1, -1);
  }

  @Test
  void iterator_noExample_hasNoBatch() {
    assertThat(CalibrationData.of(pairs.slice(0, 0), new Vector("x", 2))).isEmpty();
  }

  @Test
  void forModel_codecWithoutName_takesTheModelsName() {
    CalibrationData<float[]> data = CalibrationData.of(pairs, new Vector("", 2)).forModel(MODEL);
    assertThat(batches(data)).hasSize(1).first().extracting(Map::keySet).isEqualTo(Set.of("input"));
  }

  @Test
  void iterator_codecWithoutNameAndNoModel_saysWhatToDo() {
    CalibrationData<float[]> data = CalibrationData.of(pairs, new Vector("", 2));
    assertThatIllegalArgumentException()
        .isThrownBy(data::iterator)
        .withMessageContaining("has no name")
        .withMessageContaining("signature");
  }

  @Test
  void forModel_codecThatDoesNotFit_isRefusedWithBothShapes() {
    CalibrationData<float[]> data = CalibrationData.of(pairs, new Vector("", 3)).forModel(MODEL);
    assertThatIllegalArgumentException()
        .isThrownBy(data::iterator)
        .withMessageContaining("[?, 2]")
        .withMessageContaining("[3]");
  }

  @Test
  void forModel_fixedBatch_fillsTheLastOneWithItsLastExample() {
    CalibrationData<float[]> data =
        CalibrationData.of(pairs, new Vector("", 2)).batchSize(2).forModel(model(4));
    List<Map<String, Tensor>> batches = batches(data);
    assertThat(batches).hasSize(2);
    assertThat(batches.get(1).get("input").shape()).isEqualTo(Shape.of(4, 2));
    assertThat(batches.get(1).get("input").toFloats()).containsExactly(4, -4, 4, -4, 4, -4, 4, -4);
  }

  @Test
  void iterator_rowsOfDifferentSize_arePaddedToTheLargestOfTheirBatch() {
    Dataset<float[], Integer> growing =
        Dataset.lazy(3, i -> Arrays.copyOf(new float[] {7, 8, 9}, i + 1), i -> i);
    List<Map<String, Tensor>> batches =
        batches(CalibrationData.of(growing, new Vector("x", Shape.ANY)).batchSize(2));
    assertThat(batches.get(0).get("x").shape()).isEqualTo(Shape.of(2, 2));
    assertThat(batches.get(0).get("x").toFloats()).containsExactly(7, 0, 7, 8);
    assertThat(batches.get(1).get("x").toFloats()).containsExactly(7, 8, 9);
  }

  @Test
  void iterator_exampleThatDoesNotFit_isNamed() {
    Dataset<float[], Integer> broken = Dataset.lazy(3, i -> new float[i == 2 ? 1 : 2], i -> i);
    CalibrationData<float[]> data = CalibrationData.of(broken, new Vector("x", 2)).batchSize(1);
    assertThatThrownBy(() -> batches(data))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("example 2")
        .hasMessageContaining("2 values, but was 1");
  }

  @Test
  void batchSize_belowOne_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibrationData.of(pairs, new Vector("x", 2)).batchSize(0))
        .withMessageContaining("0");
  }

  private static List<Map<String, Tensor>> batches(CalibrationData<?> data) {
    List<Map<String, Tensor>> batches = new ArrayList<>();
    data.forEach(batches::add);
    return batches;
  }

  private static Signature model(long batch) {
    TensorSpec input = TensorSpec.of("input", ElementType.FLOAT32, batch, 2);
    return new Signature(List.of(input), List.of(input));
  }

  /** Vectors of one length, or padded with zeros where the length is open. */
  private record Vector(String name, long length) implements Preprocessor<float[]> {
    @Override
    public List<TensorSpec> tensors() {
      return List.of(TensorSpec.of(name, ElementType.FLOAT32, length));
    }

    @Override
    public EncodedRow encode(float[] item) {
      if (length != Shape.ANY && item.length != length) {
        throw new InvalidInputException(
            "a vector must have " + length + " values, but was " + item.length);
      }
      return new EncodedRow() {
        @Override
        public void write(int tensor, RowWriter out) {
          out.putFloats(item);
          out.fill(item.length, out.size(), 0);
        }

        @Override
        public Shape shape(int tensor, TensorSpec spec) {
          return Shape.of(item.length);
        }
      };
    }
  }
}
