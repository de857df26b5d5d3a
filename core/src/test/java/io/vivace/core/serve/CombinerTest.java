package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.EngineException;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CombinerTest {
  private static final int CLASSES = 4;

  static Classification ranked(double... probabilities) {
    return new Classification(
        IntStream.range(0, probabilities.length)
            .mapToObj(i -> new Prediction("c" + i, i, probabilities[i]))
            .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
            .toList());
  }

  static Stream<Arguments> weightings() {
    return Stream.of(
        Arguments.of(12, new double[0]),
        Arguments.of(18, new double[] {2, 1, 1}),
        Arguments.of(24, new double[] {1, 2, 3}));
  }

  @ParameterizedTest
  @MethodSource("weightings")
  void votes_classifiers_equalThoseOfScikitLearn(int column, double[] weights) throws IOException {
    List<double[]> rows = golden();
    assertThat(rows).hasSize(24);
    for (double[] row : rows) {
      List<Classification> answers =
          IntStream.range(0, 3)
              .mapToObj(m -> ranked(Arrays.copyOfRange(row, m * CLASSES, (m + 1) * CLASSES)))
              .toList();
      Classification soft = Combiner.softVote(weights).combine(answers);
      for (Prediction prediction : soft.ranked()) {
        assertThat(prediction.probability())
            .isCloseTo(row[column + prediction.index()], within(1e-8));
      }
      assertThat(soft.top().index()).isEqualTo((int) row[column + CLASSES]);
      assertThat(Combiner.hardVote(weights).combine(answers).top().index())
          .isEqualTo((int) row[column + CLASSES + 1]);
      List<Integer> classes = answers.stream().map(answer -> answer.top().index()).toList();
      assertThat(Combiner.majority(weights).combine(classes))
          .isEqualTo((int) row[column + CLASSES + 1]);
    }
  }

  private static List<double[]> golden() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(CombinerTest.class.getResourceAsStream("votes.csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(
              line -> Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
          .toList();
    }
  }

  @Test
  void hardVote_tie_goesToTheLowestClassAndSumsToOne() {
    Classification vote = Combiner.hardVote().combine(List.of(ranked(0, 0, 1), ranked(0, 1, 0)));
    assertThat(vote.ranked())
        .containsExactly(
            new Prediction("c1", 1, 0.5), new Prediction("c2", 2, 0.5), new Prediction("c0", 0, 0));
  }

  @Test
  void hardVote_weightsThatAddUpToTheSame_tieExactly() {
    assertThat(
            Combiner.hardVote(3, 1, 2)
                .combine(List.of(ranked(0, 1), ranked(1, 0), ranked(1, 0)))
                .top())
        .isEqualTo(new Prediction("c0", 0, 0.5));
    assertThat(Combiner.majority(3, 1, 2).combine(List.of(9, 4, 4))).isEqualTo(4);
    assertThat(Combiner.majority().combine(List.of(5, -2))).isEqualTo(-2);
  }

  @Test
  void softVote_labelsCutOff_isAnError() {
    Classification cut = new Classification(List.of(new Prediction("c0", 0, 0.9)));
    assertThatThrownBy(() -> Combiner.softVote().combine(List.of(cut, ranked(0.5, 0.5))))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("one gave 1 of 2");
  }

  @Test
  void votes_otherLabels_areAnError() {
    Classification other = new Classification(List.of(new Prediction("cat", 0, 1)));
    assertThatThrownBy(() -> Combiner.hardVote().combine(List.of(other, ranked(1))))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("class 0 is \"cat\" to one predictor and \"c0\" to another");
  }

  @Test
  void average_arrays_isTheMeanOfEachElement() {
    List<float[]> answers = List.of(new float[] {1, 10}, new float[] {2, 20}, new float[] {6, 60});
    assertThat(Combiner.average().combine(answers)).containsExactly(3, 30);
    assertThat(Combiner.weightedAverage(1, 0, 3).combine(answers)).containsExactly(4.75f, 47.5f);
    assertThat(Combiner.average().combine(List.of(new float[] {Float.NaN, 1})))
        .containsExactly(Float.NaN, 1);
    assertThat(Combiner.average().combine(List.of(new float[0]))).isEmpty();
    assertThatThrownBy(() -> Combiner.average().combine(List.of(new float[1], new float[2])))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("answers of 1 and 2 numbers");
  }

  @Test
  void mean_numbers_isTheirMean() {
    assertThat(Combiner.mean().combine(List.of(1.0, 2.0, 6.0))).isEqualTo(3);
    assertThat(Combiner.weightedMean(2, 1, 1).combine(List.of(1.0, 2.0, 6.0))).isEqualTo(2.5);
    assertThat(Combiner.mean().combine(List.of(1.0, Double.NaN))).isNaN();
  }

  @Test
  void weights_outOfRange_areRefused() {
    assertThatThrownBy(() -> Combiner.softVote(1, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Combiner.weightedMean(0, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Combiner.weightedMean(1, Double.POSITIVE_INFINITY))
        .hasMessageContaining("finite");
  }
}
