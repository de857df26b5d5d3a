package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.vivace.core.EngineException;
import io.vivace.core.model.ElementType;
import io.vivace.core.model.Signature;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddingOutputTest {
  private static final TensorSpec STATES =
      TensorSpec.of("last_hidden_state", ElementType.FLOAT32, -1, -1, 4);
  private static final TensorSpec MASK = TensorSpec.of("attention_mask", ElementType.INT64, -1, -1);

  /** PyTorch's answers in double precision; made by make_goldens.py. */
  private record Golden(
      List<List<float[]>> hidden,
      List<long[]> mask,
      List<double[]> mean,
      List<double[]> normalized) {
    ModelRow row(int index) {
      float[] flat = new float[24];
      for (int t = 0; t < 6; t++) {
        System.arraycopy(hidden.get(index).get(t), 0, flat, t * 4, 4);
      }
      return EmbeddingOutputTest.row(flat, mask.get(index));
    }
  }

  private static Golden golden() throws IOException {
    return new Gson().fromJson(Rows.json("outputs.json"), Golden.class);
  }

  private static ModelRow row(float[] states, long... mask) {
    return Rows.row(
        Map.of("attention_mask", Tensor.of(mask, mask.length)),
        Map.of("out", Tensor.of(states, states.length / 4, 4)));
  }

  private static void close(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      // Sums are double, the answer is rounded to float: relative error 2^-24 of values below 4.
      assertThat((double) found[i]).isCloseTo(expected[i], within(3e-7));
    }
  }

  @Test
  void meanPooled_golden_ignoresMaskedTokens() throws IOException {
    Golden golden = golden();
    for (int i = 0; i < golden.mean().size(); i++) {
      close(EmbeddingOutput.meanPooled().decode(golden.row(i)), golden.mean().get(i));
      close(
          EmbeddingOutput.meanPooled().normalized().decode(golden.row(i)),
          golden.normalized().get(i));
    }
  }

  @Test
  void meanPooled_paddingOfNaN_doesNotCount() {
    float nan = Float.NaN;
    float[] states = {1, 2, 3, 4, nan, nan, nan, nan};
    assertThat(EmbeddingOutput.meanPooled().decode(row(states, 1, 0))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void cls_anyTokens_isTheFirst() {
    float[] states = {3, 0, 4, 0, 9, 9, 9, 9};
    assertThat(EmbeddingOutput.cls().decode(row(states, 1, 1))).containsExactly(3, 0, 4, 0);
    assertThat(EmbeddingOutput.cls().normalized().decode(row(states, 1, 1)))
        .containsExactly(0.6f, 0, 0.8f, 0);
  }

  @Test
  void pooled_vector_isTakenAsItIs() {
    ModelRow row = Rows.output(Tensor.of(new float[] {0, -5}, 2));
    assertThat(EmbeddingOutput.pooled().decode(row)).containsExactly(0, -5);
    assertThat(EmbeddingOutput.pooled().normalized().decode(row)).containsExactly(0, -1);
  }

  @Test
  void normalized_zeros_stayZeros() {
    ModelRow row = Rows.output(Tensor.of(new float[] {0, 0}, 2));
    assertThat(EmbeddingOutput.pooled().normalized().decode(row)).containsExactly(0, 0);
  }

  @Test
  void normalized_notFinite_isAnEngineError() {
    ModelRow row = Rows.output(Tensor.of(new float[] {1, Float.NaN}, 2));
    assertThat(EmbeddingOutput.pooled().decode(row)).containsExactly(1, Float.NaN);
    assertThatThrownBy(() -> EmbeddingOutput.pooled().normalized().decode(row))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("not finite");
  }

  @Test
  void decode_rowThatIsNoEmbedding_isAnEngineError() {
    float[] states = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThatThrownBy(() -> EmbeddingOutput.meanPooled().decode(row(states, 0, 0)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("marks no token");
    assertThatThrownBy(() -> EmbeddingOutput.meanPooled().decode(row(states, 1, 1, 1)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("2 tokens, and a mask \"attention_mask\" of 3");
    assertThatThrownBy(() -> EmbeddingOutput.pooled().decode(row(states, 1, 1)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("[2, 4]");
    assertThatThrownBy(() -> EmbeddingOutput.cls().decode(row(new float[0])))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no token");
  }

  @Test
  void check_rankTypeAndMask_areCompared() {
    Signature good = new Signature(List.of(MASK), List.of(STATES));
    EmbeddingOutput.meanPooled().check(good);
    EmbeddingOutput.cls().named("last_hidden_state").check(good);
    EmbeddingOutput.meanPooled().check(Signature.UNDECLARED);
    assertThatThrownBy(() -> EmbeddingOutput.pooled().check(good))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output first must have shape [batch, dimensions] for pooled, but the model gives"
                + " \"last_hidden_state\" float32 [?, ?, 4]");
    Signature unmasked = new Signature(List.of(), List.of(STATES));
    EmbeddingOutput.cls().check(unmasked);
    assertThatThrownBy(() -> EmbeddingOutput.meanPooled().check(unmasked))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no input \"attention_mask\"");
    assertThatThrownBy(() -> EmbeddingOutput.meanPooled().mask("m").check(good))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no input \"m\"");
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(EmbeddingOutput.meanPooled().normalized())
        .hasToString(
            "EmbeddingOutput.meanPooled[output=first, mask=\"attention_mask\", normalized=true]");
  }
}
