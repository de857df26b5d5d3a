package io.vivace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.MultiLabelScores;
import io.vivace.evaluate.metric.MultiLabels;
import io.vivace.evaluate.metric.Rankings;
import io.vivace.evaluate.metric.Scores;
import io.vivace.evaluate.metric.Values;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final Scorer<String, Object> ANIMALS =
      Scorer.classification(List.of("cat", "dog", "eel"));

  private static Classification dogThenEel() {
    return new Classification(
        List.of(
            new Prediction("dog", 1, 0.7),
            new Prediction("eel", 2, 0.2),
            new Prediction("cat", 0, 0.1)));
  }

  @Test
  void classification_everyKindOfAnswer_isRead() {
    Labels labels =
        ANIMALS.batch(
            Labels.class,
            List.of("dog", "cat", "eel", "cat"),
            List.of(
                dogThenEel(), "eel", new double[] {0.1, 0.2, 0.7}, new float[] {.4f, .4f, .2f}));
    assertThat(List.of(labels.truth(0), labels.truth(1), labels.truth(2))).containsExactly(1, 0, 2);
    // Of equally high scores the lowest class.
    assertThat(
            List.of(
                labels.prediction(0),
                labels.prediction(1),
                labels.prediction(2),
                labels.prediction(3)))
        .containsExactly(1, 2, 2, 0);
  }

  @Test
  void classification_scores_areInTheOrderOfTheClasses() {
    Scores scores =
        ANIMALS.batch(
            Scores.class,
            List.of("dog", "cat"),
            List.of(dogThenEel(), new float[] {0.5f, 0.25f, 0.25f}));
    assertThat(scores.score(0, 0)).isEqualTo(0.1);
    assertThat(scores.score(0, 1)).isEqualTo(0.7);
    assertThat(scores.score(0, 2)).isEqualTo(0.2);
    assertThat(scores.score(1, 1)).isEqualTo(0.25);
  }

  @Test
  void classification_oneScoreOfTwoClasses_isThatOfTheSecond() {
    Scores scores =
        Scorer.<Boolean, Double>classification(List.of(false, true))
            .batch(Scores.class, List.of(true, false), List.of(0.75, 0.5));
    assertThat(scores.isBinary()).isTrue();
    assertThat(scores.positive(0)).isEqualTo(0.75);
    assertThat(scores.truth(0)).isEqualTo(1);
  }

  @Test
  void classification_unknownLabel_isNamedWithItsRow() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ANIMALS.batch(Labels.class, List.of("cat", "zebra"), List.of("cat", "cat")))
        .withMessage("truth 1 is zebra, which is none of the 3 classes [cat, dog, eel]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANIMALS.batch(Labels.class, List.of("cat"), List.of("yak")))
        .withMessageContaining("answer 0 is yak");
  }

  @Test
  void classification_onlyTheBestAnswers_cannotBeScores() {
    Classification best = new Classification(List.of(new Prediction("dog", 1, 0.7)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANIMALS.batch(Scores.class, List.of("dog"), List.of(best)))
        .withMessageContaining("a score for each of 3 classes (not the best alone)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANIMALS.batch(Scores.class, List.of("dog"), List.of(new double[2])))
        .withMessageContaining("[double[], 2]");
  }

  @Test
  void classification_classNamedTwice_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scorer.classification(List.of("a", "b", "a")))
        .withMessage("class a is named twice");
    assertThatIllegalArgumentException().isThrownBy(() -> Scorer.classification(List.of()));
  }

  @Test
  void batch_ofAnotherTask_saysWhatThereIs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANIMALS.batch(Values.class, List.of("cat"), List.of("cat")))
        .withMessageContaining("a scorer of classification makes no Values")
        .withMessageContaining("but Labels and Scores");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ANIMALS.batch(Labels.class, List.of("cat"), List.of()))
        .withMessage("there are 1 truths and 0 answers");
  }

  @Test
  void multiLabel_setsAndPredictions_areMarked() {
    Scorer<Set<String>, Object> scorer = Scorer.multiLabel(List.of("a", "b", "c"));
    MultiLabels labels =
        scorer.batch(
            MultiLabels.class,
            List.of(Set.of("a", "c"), Set.of()),
            List.of(List.of(new Prediction("c", 2, 0.9)), List.of("b")));
    assertThat(labels.truth(0, 0)).isTrue();
    assertThat(labels.truth(0, 1)).isFalse();
    assertThat(labels.prediction(0, 2)).isTrue();
    assertThat(labels.prediction(0, 0)).isFalse();
    assertThat(labels.prediction(1, 1)).isTrue();
    MultiLabelScores scores =
        scorer.batch(
            MultiLabelScores.class, List.of(Set.of("b")), List.of(new double[] {0.1, 0.8, 0.3}));
    assertThat(scores.size()).isEqualTo(1);
  }

  @Test
  void regression_numbersAndVectors_areRead() {
    Values numbers =
        Scorer.<Integer, Float>regression().batch(Values.class, List.of(1, 2), List.of(1.5f, 2.5f));
    assertThat(numbers.prediction(1, 0)).isEqualTo(2.5);
    Values vectors =
        Scorer.<float[], double[]>regression()
            .batch(Values.class, List.of(new float[] {1, 2}), List.of(new double[] {3, 4}));
    assertThat(vectors.outputs()).isEqualTo(2);
    assertThat(vectors.truth(0, 1)).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Scorer.<float[], double[]>regression()
                    .batch(Values.class, List.of(new float[] {1, 2}), List.of(new double[] {3})))
        .withMessage("answer 0 must have 2 numbers, but has 1");
  }

  @Test
  void ranking_rowsOfOtherLengths_areRead() {
    Rankings rankings =
        Scorer.<double[], float[]>ranking()
            .batch(
                Rankings.class,
                List.of(new double[] {1, 0}, new double[] {0, 2, 1}),
                List.of(new float[] {0.3f, 0.1f}, new float[] {3, 2, 1}));
    assertThat(rankings.candidates(1)).isEqualTo(3);
    assertThat(rankings.score(1, 0)).isEqualTo(3);
  }

  @Test
  void byType_choosesTheTask() {
    assertThat(Scorer.byType(List.of("b", "a"))).hasToString("Scorer[classification]");
    assertThat(Scorer.byType(List.of(1.0, 2.0))).hasToString("Scorer[regression]");
    assertThat(Scorer.byType(List.of(Set.of("a")))).hasToString("Scorer[multi-label]");
    assertThat(Scorer.byType(List.of(new float[3]))).hasToString("Scorer[regression]");
  }
}
