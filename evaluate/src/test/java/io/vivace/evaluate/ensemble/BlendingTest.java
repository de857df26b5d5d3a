package io.vivace.evaluate.ensemble;

import static io.vivace.evaluate.metric.ClassificationMetrics.ACCURACY;
import static io.vivace.evaluate.metric.ClassificationMetrics.LOG_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.Prediction;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.Candidate;
import io.vivace.evaluate.Scorer;
import io.vivace.evaluate.metric.Scores;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BlendingTest {
  /** Row i has class i mod 2. */
  private static final Dataset<Integer, Integer> DATA = rows(120);

  private static final Scorer<Integer, Object> CLASSES = Scorer.classification(List.of(0, 1));

  private static Dataset<Integer, Integer> rows(int size) {
    List<Integer> rows = IntStream.range(0, size).boxed().toList();
    return Dataset.of(rows, rows.stream().map(i -> i % 2).toList());
  }

  /** Right but for the rows that leave this remainder of three. */
  private static Candidate<Integer, Integer> wrongAt(int remainder) {
    return Candidate.of(
        "wrong" + remainder, Predictor.of(i -> i % 3 == remainder ? 1 - i % 2 : i % 2));
  }

  @Test
  void majority_ofThree_isRightWhereTwoAre() {
    Predictor<Integer, Integer> ensemble =
        Blending.majority().equal(List.of(wrongAt(0), wrongAt(1), wrongAt(2)));
    assertThat(ensemble.predictAll(DATA.inputs())).isEqualTo(DATA.labels());
  }

  @Test
  void softVote_outvotesAHesitantMajority() {
    // Two hold class 0 for 0.51 probable, one class 1 for 0.9.
    List<Candidate<Integer, Classification>> candidates =
        List.of(
            Candidate.of("a", Predictor.of(i -> classification(0.51))),
            Candidate.of("b", Predictor.of(i -> classification(0.51))),
            Candidate.of("c", Predictor.of(i -> classification(0.1))));
    assertThat(Blending.softVote().equal(candidates).predict(0).label()).isEqualTo("1");
    assertThat(Blending.hardVote().equal(candidates).predict(0).label()).isEqualTo("0");
  }

  private static Classification classification(double ofZero) {
    return new Classification(
        List.of(new Prediction("0", 0, ofZero), new Prediction("1", 1, 1 - ofZero)).stream()
            .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
            .toList());
  }

  @Test
  void greedy_addsWhatHelps() {
    Blend<Integer, Integer> blend =
        Blending.majority()
            .greedy(List.of(wrongAt(0), wrongAt(1), wrongAt(2)), DATA, CLASSES, ACCURACY);
    assertThat(blend.validationScore()).isEqualTo(1);
    assertThat(blend.weights().keySet()).containsExactly("wrong0", "wrong1", "wrong2");
    assertThat(blend.weights().values()).allMatch(weight -> Math.abs(weight - 1 / 3.0) < 1e-12);
    assertThat(blend.predictor().predictAll(DATA.inputs())).isEqualTo(DATA.labels());
    assertThat(blend.provenance().facts().get("settings")).containsEntry("blending", "majority");
  }

  @Test
  void greedy_oneModelIsPerfect_takesItAlone() {
    Candidate<Integer, Integer> perfect = Candidate.of("perfect", Predictor.of(i -> i % 2));
    Blend<Integer, Integer> blend =
        Blending.majority().greedy(List.of(wrongAt(0), perfect), DATA, CLASSES, ACCURACY);
    assertThat(blend.weights()).containsEntry("wrong0", 0.0).containsEntry("perfect", 1.0);
  }

  @Test
  void weights_ofTwoNumbers_areThoseOfLeastSquares() {
    // y = 0.7 a + 0.3 b exactly, so the mean squared error has its least value, 0, there.
    Dataset<double[], Double> data =
        Dataset.of(
            IntStream.range(0, 50)
                .mapToObj(i -> new double[] {Math.sin(i), Math.cos(3 * i)})
                .toList(),
            IntStream.range(0, 50)
                .mapToObj(i -> 0.7 * Math.sin(i) + 0.3 * Math.cos(3 * i))
                .toList());
    Blend<double[], Double> blend =
        Blending.mean()
            .weights(
                List.of(
                    Candidate.<double[], Double>of("a", Predictor.of(x -> x[0])),
                    Candidate.<double[], Double>of("b", Predictor.of(x -> x[1]))),
                data,
                Scorer.regression(),
                io.vivace.evaluate.metric.Metric.of(
                    "squares",
                    io.vivace.evaluate.metric.Goal.MINIMIZE,
                    0,
                    Double.POSITIVE_INFINITY,
                    io.vivace.evaluate.metric.Values.class,
                    SquareSum::new,
                    sum -> sum.total));
    assertThat(blend.weights().get("a")).isCloseTo(0.7, within(1.0 / 256));
    assertThat(blend.weights().get("b")).isCloseTo(0.3, within(1.0 / 256));
  }

  /** Adds squared errors up. */
  private static final class SquareSum
      implements io.vivace.evaluate.metric.Accumulator<
          io.vivace.evaluate.metric.Values, SquareSum> {
    private double total;

    @Override
    public void update(io.vivace.evaluate.metric.Values batch) {
      for (int row = 0; row < batch.size(); row++) {
        double error = batch.truth(row, 0) - batch.prediction(row, 0);
        total += error * error;
      }
    }

    @Override
    public void merge(SquareSum other) {
      total += other.total;
    }

    @Override
    public void reset() {
      total = 0;
    }

    @Override
    public void write(java.io.DataOutputStream out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void read(java.io.DataInputStream in) {
      throw new UnsupportedOperationException();
    }
  }

  @Property(tries = 8, seed = "42")
  void weights_areNeverWorseThanTheBestModel(@ForAll long seed) {
    List<Candidate<Integer, double[]>> candidates =
        IntStream.range(0, 4)
            .mapToObj(
                m ->
                    Candidate.<Integer, double[]>of(
                        "m" + m,
                        Predictor.of(
                            i -> {
                              double p = noise(seed, m, i);
                              return new double[] {p, 1 - p};
                            })))
            .toList();
    double best =
        candidates.stream()
            .mapToDouble(
                candidate -> {
                  List<double[]> answers =
                      DATA.inputs().stream()
                          .<double[]>map(i -> candidate.predictor().predict(i))
                          .toList();
                  return LOG_LOSS.of(CLASSES.batch(Scores.class, DATA.labels(), answers));
                })
            .min()
            .orElseThrow();
    Blending<double[]> blending = Blending.averageOfDoubles();
    Blend<Integer, double[]> greedy = blending.greedy(candidates, DATA, CLASSES, LOG_LOSS);
    Blend<Integer, double[]> weights = blending.weights(candidates, DATA, CLASSES, LOG_LOSS);
    assertThat(greedy.validationScore()).isLessThanOrEqualTo(best);
    assertThat(weights.validationScore()).isLessThanOrEqualTo(greedy.validationScore());
    assertThat(weights.weights().values().stream().mapToDouble(w -> w).sum())
        .isCloseTo(1, within(1e-9));
  }

  private static double noise(long seed, int model, int row) {
    long bits = (seed + model * 31L + row * 7_919L) * 0x9e3779b97f4a7c15L;
    return 0.05 + 0.9 * ((bits >>> 40) / (double) (1 << 24));
  }

  @Test
  void weights_rowsThatACandidateFailsOn_areLeftOutAndCounted() {
    Candidate<Integer, Integer> failing =
        Candidate.of(
            "failing",
            Predictor.of(
                i -> {
                  if (i % 4 == 0) {
                    throw new IllegalStateException();
                  }
                  return i % 2;
                }));
    Blend<Integer, Integer> blend =
        Blending.majority().weights(List.of(wrongAt(0), failing), DATA, CLASSES, ACCURACY);
    assertThat(blend.leftOut()).isEqualTo(30);
    assertThat(blend.examples()).isEqualTo(90);
    assertThat(blend.validationScore()).isEqualTo(1);
    Candidate<Integer, Integer> never =
        Candidate.of(
            "never",
            Predictor.of(
                i -> {
                  throw new IllegalStateException();
                }));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blending.majority().greedy(List.of(never), DATA, CLASSES, ACCURACY))
        .withMessageContaining("none of 120 validation examples");
  }

  @Test
  void faults_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Blending.majority().equal(List.<Candidate<Integer, Integer>>of()));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Blending.majority().greedy(List.of(wrongAt(0)), DATA, CLASSES, ACCURACY, 0))
        .withMessage("rounds must be at least 1, but was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Blending.majority()
                    .greedy(List.of(wrongAt(0), wrongAt(0)), DATA, CLASSES, ACCURACY))
        .withMessage("two candidates are called wrong0");
  }
}
