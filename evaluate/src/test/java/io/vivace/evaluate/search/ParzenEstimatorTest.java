package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class ParzenEstimatorTest {
  private static final Space SPACE =
      Space.of(
          Parameter.real("a", -2, 3),
          Parameter.real("b", 1e-4, 10).log(),
          Parameter.integer("c", 1, 9),
          Parameter.integer("d", 1, 100).log(),
          Parameter.real("e", 0, 1).step(0.25),
          Parameter.choice("f", "p", "q", "r"));

  private static ParzenEstimator estimator(List<double[]> points, double prior, int... places) {
    SeenPoints seen = new SeenPoints(SPACE);
    points.forEach(seen::add);
    int[] trials = IntStream.range(0, points.size()).toArray();
    return new ParzenEstimator(seen, places, trials, prior);
  }

  @Test
  void logDensity_equalsOptuna() {
    for (JsonElement element : Golden.cases("parzen")) {
      JsonObject golden = element.getAsJsonObject();
      List<double[]> points = List.of(Golden.rows(golden.get("points")));
      double prior = golden.get("prior").getAsDouble();
      double[][] queries = Golden.rows(golden.get("queries"));
      double[] joint = Golden.row(golden.get("joint"));
      double[][] marginal = Golden.rows(golden.get("marginal"));
      int[] axes =
          Arrays.stream(Golden.row(golden.get("axes"))).mapToInt(axis -> (int) axis).toArray();
      for (int q = 0; q < queries.length; q++) {
        for (int d : axes) {
          assertThat(estimator(points, prior, d).logDensity(new double[] {queries[q][d]}))
              .as("%d points, axis %d, query %s", points.size(), d, queries[q][d])
              .isCloseTo(marginal[d][q], within(1e-9));
        }
        double[] query = queries[q];
        double[] point = Arrays.stream(axes).mapToDouble(axis -> query[axis]).toArray();
        assertThat(estimator(points, prior, axes).logDensity(point))
            .isCloseTo(joint[q], within(1e-9));
      }
    }
  }

  @Test
  void draw_followsTheDensity() {
    List<double[]> points = List.of(new double[] {0, 1e-2, 3, 10, 0.5, 1});
    ParzenEstimator estimator = estimator(points, 1, 2);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(5);
    int[] counts = new int[10];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[(int) estimator.draw(random)[0]]++;
    }
    for (int c = 1; c <= 9; c++) {
      double expected = Math.exp(estimator.logDensity(new double[] {c}));
      double sigma = Math.sqrt(expected * (1 - expected) / draws);
      assertThat(counts[c] / (double) draws).isCloseTo(expected, within(4 * sigma));
    }
  }

  @Test
  void weights_rampUpToTheLatest25() {
    double[] weights = ParzenEstimator.weights(27, 1);
    double sum = 1.0 / 27 + 1 + 25 + 1;
    assertThat(weights[0]).isCloseTo(1 / 27.0 / sum, within(1e-15));
    assertThat(weights[1]).isCloseTo(1 / sum, within(1e-15));
    assertThat(weights[27]).isCloseTo(1 / sum, within(1e-15));
    assertThat(ParzenEstimator.weights(0, 3)).containsExactly(1);
  }
}
