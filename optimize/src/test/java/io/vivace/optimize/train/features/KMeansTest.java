package io.vivace.optimize.train.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.InvalidInputException;
import io.vivace.core.Predictor;
import io.vivace.core.Progress;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeatureScaling;
import io.vivace.core.data.FeatureTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KMeansTest {
  private static final Map<String, double[]> GOLDEN = Digits.golden("kmeans-digits.txt.gz");
  private static final Offset<Double> CLOSE = within(1e-9);

  @TempDir Path folder;

  private static double[][] firstTen() {
    return Digits.all().inputs().subList(0, 10).toArray(double[][]::new);
  }

  @Test
  void cluster_fromTheSameStart_equalsScikitLearn() {
    Clustering found = KMeans.startingAt(firstTen()).cluster(Digits.all().inputs());

    assertThat(found.rounds()).isEqualTo((int) GOLDEN.get("iterations")[0]);
    assertThat(found.inertia())
        .isCloseTo(GOLDEN.get("inertia")[0], Percentage.withPercentage(1e-10));
    assertThat(Arrays.stream(found.labels()).asDoubleStream().toArray())
        .containsExactly(GOLDEN.get("labels"));
    for (int i = 0; i < 10; i++) {
      assertThat(found.centres()[i]).containsExactly(GOLDEN.get("centre" + i), CLOSE);
    }
    assertThat(found.transform().apply(Digits.all().inputs().get(1500)))
        .containsExactly(GOLDEN.get("distances"), CLOSE);
  }

  @Test
  void roundsAndTolerance_meanWhatScikitLearnMeans() {
    List<double[]> digits = Digits.all().inputs();
    KMeans start = KMeans.startingAt(firstTen());

    assertThat(start.rounds(3).cluster(digits).inertia())
        .isCloseTo(GOLDEN.get("thirdInertia")[0], Percentage.withPercentage(1e-10));
    Clustering exact = start.tolerance(0).cluster(digits);
    assertThat(exact.rounds()).isEqualTo((int) GOLDEN.get("exactIterations")[0]);
    assertThat(start.tolerance(10).cluster(digits).rounds()).isEqualTo(3); // as theirs with tol=10
    assertThat(start.tolerance(1e9).cluster(digits).rounds()).isEqualTo(1);
  }

  @Test
  void restarts_reachScikitLearnsInertia() {
    double theirs = Arrays.stream(GOLDEN.get("best")).max().orElseThrow();
    List<double[]> digits = Digits.all().inputs();

    for (long seed = 0; seed < 3; seed++) {
      double ours = KMeans.clusters(10).seed(seed).cluster(digits).inertia();
      assertThat(ours).isLessThanOrEqualTo(theirs * 1.001);
    }
  }

  /** The figures are scikit-learn's for the same start, in which two centres get no example. */
  @Test
  void emptyClusters_getTheFarthestExamples() {
    List<double[]> points =
        Arrays.asList(
            new double[][] {
              {0, 0}, {0.5, 0}, {1, 0.2}, {5, 5}, {5.5, 5}, {9, 1}, {9.2, 1.5}, {20, 20}
            });
    double[][] start = {{0, 0}, {100, 100}, {5, 5}, {-50, 3}};

    Clustering found = KMeans.startingAt(start).cluster(points);

    assertThat(found.labels()).containsExactly(0, 0, 0, 2, 2, 3, 3, 1);
    assertThat(found.inertia()).isCloseTo(0.7966666666666665, CLOSE);
    assertThat(found.rounds()).isEqualTo(3);
    assertThat(found.centres()[3]).containsExactly(new double[] {9.1, 1.25}, CLOSE);
  }

  @Test
  void sameSeed_givesTheSameBits_andEachExampleItsNearestCentre() {
    List<double[]> cloud = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 400; i++) {
      cloud.add(new double[] {random.nextGaussian(), random.nextGaussian(), i % 5});
    }
    KMeans seven = KMeans.clusters(7).restarts(2);

    Clustering found = seven.seed(3).cluster(cloud);

    assertThat(seven.seed(3).cluster(cloud).centres()).isDeepEqualTo(found.centres());
    assertThat(seven.seed(4).cluster(cloud).centres()).isNotEqualTo(found.centres());
    try (Predictor<double[], Integer> predictor = found.predictor()) {
      for (int i = 0; i < cloud.size(); i++) {
        assertThat(predictor.predict(cloud.get(i))).isEqualTo(found.labels()[i]);
      }
    }
    double inertia = 0;
    for (double[] each : cloud) {
      double nearest = Arrays.stream(found.transform().apply(each)).min().orElseThrow();
      inertia += nearest * nearest;
    }
    assertThat(found.inertia()).isCloseTo(inertia, CLOSE);
  }

  @Test
  void savedDistances_serveAgain() throws IOException {
    Dataset<double[], Integer> digits = Digits.training();
    FeatureTransform fitted =
        FeatureScaling.standard().then(KMeans.clusters(10).restarts(1)).fit(digits.inputs());
    Path file = folder.resolve("clusters.json");

    fitted.save(file);

    try (Predictor<double[], Integer> served = Clustering.nearest(FeatureTransform.load(file));
        Predictor<double[], Integer> first = Clustering.nearest(fitted)) {
      for (double[] example : Digits.heldOut().inputs()) {
        assertThat(served.predict(example)).isEqualTo(first.predict(example)).isBetween(0, 9);
      }
      assertThatThrownBy(() -> served.predict(new double[3]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("64 features");
      double[] hole = new double[64];
      hole[5] = Double.NaN;
      assertThatThrownBy(() -> served.predict(hole)).isInstanceOf(InvalidInputException.class);
    }
    assertThatThrownBy(() -> fitted.inverse(new double[10]))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void estimator_takesSeedAndListenerOfItsContext() {
    Dataset<double[], Integer> digits = Digits.training().slice(0, 200);
    List<Progress.Step> heard = new ArrayList<>();
    FitContext<double[], Integer> context = FitContext.defaults();
    Estimator<double[], Integer, Integer> estimator = KMeans.clusters(4).restarts(3).estimator();

    List<Integer> answers;
    try (Predictor<double[], Integer> one =
        estimator.fit(digits, context.seed(1).progress(heard::add))) {
      answers = one.predictAll(digits.inputs());
    }

    assertThat(heard).extracting(Progress.Step::done).containsExactly(1L, 2L, 3L);
    int[] labels = KMeans.clusters(4).restarts(3).seed(1).cluster(digits.inputs()).labels();
    assertThat(answers).containsExactlyElementsOf(Arrays.stream(labels).boxed().toList());
    assertThatThrownBy(() -> estimator.fit(digits, context.stopSignal(() -> true)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void badInput_isNamed() {
    KMeans three = KMeans.clusters(3);
    double[] one = {1, 1};

    assertThatThrownBy(() -> KMeans.clusters(0)).hasMessageContaining("asked for 0");
    assertThatThrownBy(() -> three.restarts(0))
        .hasMessage("restarts must be at least 1, but was 0");
    assertThatThrownBy(() -> three.rounds(-1)).hasMessageContaining("rounds");
    assertThatThrownBy(() -> three.tolerance(Double.NaN)).hasMessageContaining("but was NaN");
    assertThatThrownBy(() -> KMeans.startingAt(new double[0][]))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> KMeans.startingAt(new double[][] {{1}, {1, 2}}))
        .hasMessageContaining("example 1 has 2 features");
    assertFault(three, List.of(), "at least one training example");
    assertFault(three, List.of(one, one), "3 clusters were asked for, but there are 2 examples");
    assertFault(
        three,
        List.of(one, new double[] {1, 2}, one, new double[] {1, 2}),
        "only 2 examples differ: ask for at most that");
    assertFault(three, List.of(one, one, new double[3]), "example 2 has 3 features");
    assertFault(
        three, List.of(one, one, new double[] {0, Double.NaN}), "feature 1 of example 2 is NaN");
    assertFault(
        KMeans.startingAt(new double[][] {{1, 2, 3}}), List.of(one), "the centres have 3 numbers");
  }

  @Test
  void oneCluster_isTheMean_andConstantFeaturesStay() {
    Clustering found =
        KMeans.clusters(1).cluster(List.of(new double[] {1, 5}, new double[] {3, 5}));

    assertThat(found.centres()).isDeepEqualTo(new double[][] {{2, 5}});
    assertThat(found.inertia()).isEqualTo(2);
    Clustering equal = KMeans.clusters(1).cluster(List.of(new double[] {4}, new double[] {4}));
    assertThat(equal.inertia()).isZero();
  }

  @Test
  void fewerDifferentExamplesThanGivenCentres_areClustered() {
    Clustering found =
        KMeans.startingAt(new double[][] {{4}, {9}})
            .cluster(List.of(new double[] {4}, new double[] {4}, new double[] {4}));
    assertThat(found.inertia()).isZero();
    assertThat(found.centres()[0]).containsExactly(4);
  }

  private static void assertFault(KMeans how, List<double[]> rows, String message) {
    assertThatThrownBy(() -> how.cluster(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
