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
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassificationOutputTest {
  private static final List<String> ABC = List.of("a", "b", "c");

  /** PyTorch's answers in double precision; made by make_goldens.py. */
  private record Golden(List<float[]> logits, List<double[]> softmax, List<double[]> sigmoid) {}

  private static Golden golden() throws IOException {
    return new Gson().fromJson(Rows.json("outputs.json"), Golden.class);
  }

  private static ModelRow row(float... scores) {
    return Rows.output(Tensor.of(scores, scores.length));
  }

  private static List<String> labels(int count) {
    return IntStream.range(0, count).mapToObj(i -> "label" + i).toList();
  }

  @Test
  void softmax_goldenLogits_equalsPyTorch() throws IOException {
    Golden golden = golden();
    for (int i = 0; i < golden.logits().size(); i++) {
      equal(ClassificationOutput.softmax(labels(7)), golden.logits().get(i), golden.softmax.get(i));
    }
  }

  @Test
  void sigmoid_goldenLogits_equalsPyTorch() throws IOException {
    Golden golden = golden();
    for (int i = 0; i < golden.logits().size(); i++) {
      equal(ClassificationOutput.sigmoid(labels(7)), golden.logits().get(i), golden.sigmoid.get(i));
    }
  }

  private static void equal(ClassificationOutput codec, float[] logits, double[] expected) {
    Classification answer = codec.decode(row(logits));
    assertThat(answer.ranked()).hasSize(expected.length);
    for (Prediction prediction : answer.ranked()) {
      // Both compute in double precision; exp may differ in the last bits.
      assertThat(prediction.probability()).isCloseTo(expected[prediction.index()], within(1e-14));
      assertThat(prediction.label()).isEqualTo("label" + prediction.index());
    }
    assertThat(answer.ranked())
        .isSortedAccordingTo(Comparator.comparingDouble(Prediction::probability).reversed());
  }

  @Test
  void decode_ties_goToTheLowestIndex() {
    Classification answer = ClassificationOutput.softmax(ABC).decode(row(1, 2, 2));
    assertThat(answer.ranked()).extracting(Prediction::index).containsExactly(1, 2, 0);
    assertThat(ClassificationOutput.softmax(ABC).decode(row(5, 5, 5)).label()).isEqualTo("a");
    assertThat(ClassificationOutput.softmax(ABC).decode(row(-0f, 0f, -1)).label()).isEqualTo("a");
  }

  @Test
  void decode_probabilitiesThatRoundToOne_keepTheOrderOfTheScores() {
    Classification answer = ClassificationOutput.sigmoid(ABC).decode(row(50, 70, 60));
    assertThat(answer.ranked()).extracting(Prediction::label).containsExactly("b", "c", "a");
    assertThat(answer.ranked()).extracting(Prediction::probability).containsOnly(1.0);
  }

  @Test
  void decode_hugeLogits_doNotOverflow() {
    Classification answer = ClassificationOutput.softmax(ABC).decode(row(3e38f, -3e38f, 3e38f));
    assertThat(answer.ranked()).extracting(Prediction::probability).containsExactly(0.5, 0.5, 0.0);
    assertThat(ClassificationOutput.sigmoid(ABC).decode(row(-3e38f, 0, 3e38f)).ranked())
        .extracting(Prediction::probability)
        .containsExactly(1.0, 0.5, 0.0);
  }

  @Test
  void top_anyCount_isTheHeadOfTheFullRanking() {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      float[] scores = new float[20];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = random.nextInt(8);
      }
      List<Integer> sorted =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -scores[i]))
              .toList();
      for (int top : new int[] {1, 3, 19, 20, 21}) {
        Classification answer =
            ClassificationOutput.softmax(labels(20)).top(top).decode(row(scores));
        assertThat(answer.ranked())
            .extracting(Prediction::index)
            .isEqualTo(sorted.subList(0, Math.min(top, 20)));
      }
    }
  }

  @Test
  void decode_noScore_isAnEngineError() {
    ClassificationOutput softmax = ClassificationOutput.softmax(ABC);
    assertThatThrownBy(() -> softmax.decode(row(1, Float.NaN, 2)))
        .isInstanceOf(EngineException.class)
        .hasMessage("output first gives NaN for label \"b\", which is no score for softmax");
    assertThatThrownBy(() -> softmax.decode(row(1, Float.POSITIVE_INFINITY, 2)))
        .isInstanceOf(EngineException.class);
    float low = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> softmax.decode(row(low, low, low)))
        .isInstanceOf(EngineException.class);
    assertThat(softmax.decode(row(low, 0, low)).top()).isEqualTo(new Prediction("b", 1, 1));
    assertThatThrownBy(() -> ClassificationOutput.sigmoid(ABC).decode(row(Float.NaN, 0, 0)))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void probabilities_logits_areRefusedAndRoundingIsClipped() {
    ClassificationOutput codec = ClassificationOutput.probabilities(ABC);
    assertThat(codec.decode(row(0.2f, 1.00001f, -1e-6f)).ranked())
        .extracting(Prediction::probability)
        .containsExactly(1.0, (double) 0.2f, 0.0);
    for (float wrong : new float[] {1.2f, -0.1f, Float.NaN}) {
      assertThatThrownBy(() -> codec.decode(row(0, 0, wrong)))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("label \"c\"");
    }
  }

  @Test
  void decode_otherNumberOfScores_namesBoth() {
    assertThatThrownBy(() -> ClassificationOutput.softmax(ABC).decode(row(1, 2)))
        .isInstanceOf(EngineException.class)
        .hasMessage("output first must hold 3 scores, one per label, but found a row of shape [2]");
  }

  @Test
  void check_numberOfLabels_isComparedWithTheLastAxis() {
    Signature ten = model(TensorSpec.of("logits", ElementType.FLOAT32, -1, 10));
    assertThatThrownBy(() -> ClassificationOutput.softmax(ABC).check(ten))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "output first must hold 3 scores, one per label, but the model gives"
                + " \"logits\" float32 [?, 10]");
    ClassificationOutput.softmax(labels(10)).check(ten);
    ClassificationOutput.softmax(ABC).check(model(TensorSpec.of(ElementType.FLOAT32, -1, -1)));
    ClassificationOutput.softmax(ABC).check(Signature.UNDECLARED);
    assertThatThrownBy(() -> MultiLabelOutput.sigmoid(ABC).check(ten))
        .isInstanceOf(IllegalArgumentException.class);
    Signature text = model(TensorSpec.of(ElementType.STRING, -1, 3));
    assertThatThrownBy(() -> ClassificationOutput.softmax(ABC).check(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Signature model(TensorSpec output) {
    return new Signature(List.of(), List.of(output));
  }

  @Test
  void multiLabel_threshold_picksWhatReachesIt() {
    MultiLabelOutput codec = MultiLabelOutput.sigmoid(ABC);
    assertThat(codec.decode(row(0, -0.001f, 3)))
        .extracting(Prediction::label)
        .containsExactly("c", "a");
    assertThat(codec.decode(row(-1, -1, -1))).isEmpty();
    assertThat(codec.threshold(0).decode(row(-1, 2, -1)))
        .extracting(Prediction::label)
        .containsExactly("b", "a", "c");
    assertThat(MultiLabelOutput.probabilities(ABC).threshold(1).decode(row(1, 0.99f, 0)))
        .containsExactly(new Prediction("a", 0, 1));
    assertThatThrownBy(() -> codec.decode(row(0, Float.NaN, 0)))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void options_outOfRange_areRefused() {
    assertThatThrownBy(() -> ClassificationOutput.softmax(ABC).top(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ClassificationOutput.softmax(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> MultiLabelOutput.sigmoid(ABC).threshold(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void toString_anyOptions_printsAll() {
    assertThat(ClassificationOutput.softmax(ABC).top(2).named("logits"))
        .hasToString("ClassificationOutput.softmax[output=\"logits\", labels=[a, b, c], top=2]");
    assertThat(MultiLabelOutput.sigmoid(ABC))
        .hasToString("MultiLabelOutput.sigmoid[output=first, labels=[a, b, c], threshold=0.5]");
    assertThat(ClassificationOutput.softmax(ABC).top(1).decode(row(0, 0, 0)))
        .hasToString("[a 0.3333]");
  }
}
