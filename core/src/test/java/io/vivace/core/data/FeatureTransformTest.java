package io.vivace.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected values of the cancer data are scikit-learn 1.9's, on the same rows. */
class FeatureTransformTest {
  private static final Percentage CLOSE = Percentage.withPercentage(1e-10);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "standard, 1.0041939665636628, -0.7424185786778545, -11245.120396313456",
    "minMax, 0.5172511713758341, 0.10068214613669157, 17523.01360085474",
    "robust, 0.993250843644545, -0.4626619552414608, 5839.2648582193515"
  })
  void scaling_equalsScikitLearn(String kind, double first, double last, double sum)
      throws IOException {
    List<double[]> cancer = cancer();
    FeatureTransform fitted = scaling(kind).fit(cancer.subList(0, 400));

    List<double[]> scaled = cancer.subList(400, 569).stream().map(fitted).toList();

    assertThat(scaled.get(0)[0]).isCloseTo(first, CLOSE);
    assertThat(scaled.get(168)[29]).isCloseTo(last, CLOSE);
    assertThat(weightedSum(scaled)).isCloseTo(sum, CLOSE);
  }

  @Test
  void imputation_equalsScikitLearn() throws IOException {
    List<double[]> holed = holed();

    FeatureTransform mean = Imputation.mean().fit(holed);
    FeatureTransform both = Imputation.median().then(FeatureScaling.standard()).fit(holed);

    assertThat(weightedSum(holed.stream().map(mean).toList())).isCloseTo(11616693.06650156, CLOSE);
    assertThat(weightedSum(holed.stream().map(Imputation.median().fit(holed)).toList()))
        .isCloseTo(11469685.2840471, CLOSE);
    assertThat(both.apply(holed.get(3))[21]).isCloseTo(-0.0515025436028157, CLOSE);
    assertThat(both.apply(holed.get(0))[0]).isCloseTo(-0.22308896012385787, CLOSE);
  }

  @Test
  void scaling_leavesMissingValuesMissing() throws IOException {
    List<double[]> holed = holed();
    FeatureTransform fitted = FeatureScaling.standard().fit(holed);

    assertThat(fitted.apply(holed.get(1))[0]).isCloseTo(1.7876750834421715, CLOSE);
    assertThat(fitted.apply(holed.get(0))[0]).isNaN();
  }

  /**
   * The eight values have mean 4, and 78 / 8 is the mean of (1 + 16 + 16 + 4 + 16 + 25 + 0 + 0).
   */
  @Test
  void standardTogether_usesOneMeanAndOneDeviation() throws IOException {
    List<double[]> training =
        List.of(new double[] {3, 8, 0}, new double[] {Double.NaN, 6, 8}, new double[] {-1, 4, 4});
    FeatureTransform fitted = FeatureScaling.standardTogether().fit(training);

    assertThat(fitted.apply(new double[] {4, 4, 4})).containsExactly(0, 0, 0);
    double[] scaled = fitted.apply(new double[] {Double.NaN, 8, 0});
    assertThat(scaled[0]).isNaN();
    assertThat(scaled[1]).isCloseTo(4 / Math.sqrt(9.75), within(1e-15));
    assertThat(scaled[2]).isEqualTo(-scaled[1]);
    assertThat(fitted.inverse(scaled)[1]).isCloseTo(8, within(1e-12));
    assertThat(FeatureTransform.fromJson(fitted.toJson()).apply(new double[] {1, 2, 3}))
        .isEqualTo(fitted.apply(new double[] {1, 2, 3}));
  }

  @Test
  void floats_arePreparedAsDoubles() {
    List<float[]> images = List.of(new float[] {0.1f, 2}, new float[] {3, -4.5f});
    List<double[]> wide = List.of(new double[] {0.1f, 2}, new double[] {3, -4.5});

    FeatureTransform fitted = FeatureScaling.standard().fitFloats(images);

    assertThat(fitted.toJson()).isEqualTo(FeatureScaling.standard().fit(wide).toJson());
    assertThat(fitted.ofFloats().apply(images.get(0))).isEqualTo(fitted.apply(images.get(0)));
    assertThatThrownBy(() -> FeatureScaling.standard().fitFloats(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one training example");
  }

  @Test
  void standardTogether_refusesWhatHasNoValue() {
    List<double[]> holes = List.of(new double[] {Double.NaN, Double.NaN});
    assertThatThrownBy(() -> FeatureScaling.standardTogether().fit(holes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no feature has a value");
    List<double[]> infinite = List.of(new double[] {1, Double.POSITIVE_INFINITY});
    assertThatThrownBy(() -> FeatureScaling.standardTogether().fit(infinite))
        .hasMessageContaining("feature 1 of example 0");
  }

  @Test
  void constantFeature_becomesZeroAndNotNaN() {
    List<double[]> same = List.of(new double[] {0.1}, new double[] {0.1}, new double[] {0.1});

    for (String kind : List.of("standard", "minMax", "robust")) {
      FeatureTransform fitted = scaling(kind).fit(same);
      assertThat(fitted.apply(new double[] {0.1})[0]).isCloseTo(0, within(1e-15));
      assertThat(fitted.apply(new double[] {1.1})[0]).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void inverse_givesBackWhatWasScaled() throws IOException {
    List<double[]> cancer = cancer();
    FeatureTransform fitted =
        FeatureScaling.robust().then(FeatureScaling.standard()).fit(cancer.subList(0, 400));

    for (double[] example : cancer) {
      assertThat(fitted.inverse(fitted.apply(example))).containsExactly(example, within(1e-9));
    }
  }

  @Test
  void savedTransform_isReadBackExactly() throws IOException {
    Path file = folder.resolve("features.json");
    List<double[]> holed = holed();
    FeatureTransform fitted = Imputation.median().then(FeatureScaling.standard()).fit(holed);

    fitted.save(file);
    FeatureTransform read = FeatureTransform.load(file);

    assertThat(read).isEqualTo(fitted).hasSameHashCodeAs(fitted);
    assertThat(read).hasToString("FeatureTransform[30 features, impute, scale]");
    for (double[] example : holed) {
      assertThat(read.apply(example)).containsExactly(fitted.apply(example));
    }
    assertThat(FeatureTransform.fromJson(fitted.toJson())).isEqualTo(fitted);
  }

  @Test
  void projection_byHand() {
    FeatureTransform turned =
        FeatureTransform.projection(
            new double[] {1, 2}, new double[][] {{0.6, 0.8}}, new double[] {2});

    assertThat(turned.features()).isEqualTo(2);
    assertThat(turned.outputs()).isEqualTo(1);
    assertThat(turned.apply(new double[] {4, 6}))
        .containsExactly(new double[] {2.5}, within(1e-15));
    assertThat(turned.inverse(new double[] {2.5}))
        .containsExactly(new double[] {4, 6}, within(1e-15));
    assertThat(turned.apply(new double[] {Double.NaN, 6})[0]).isNaN();
    assertThat(FeatureTransform.fromJson(turned.toJson())).isEqualTo(turned);
    assertThatThrownBy(() -> turned.inverse(new double[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void distances_byHand_chainWithWhatFits() {
    FeatureTransform distances =
        FeatureTransform.distances(new double[][] {{0, 0}, {3, 4}, {3, 0}});

    assertThat(distances.apply(new double[] {3, 4})).containsExactly(5, 0, 4);
    assertThat(FeatureTransform.fromJson(distances.toJson())).isEqualTo(distances);
    assertThatThrownBy(() -> distances.then(distances))
        .hasMessage("a transform of 2 features cannot follow one that gives 3");
    assertThatThrownBy(() -> distances.inverse(new double[3]))
        .isInstanceOf(UnsupportedOperationException.class);
    FeatureTransform three =
        FeatureScaling.minMax().fit(List.of(new double[3], new double[] {1, 1, 2}));
    assertThat(distances.then(three).apply(new double[] {3, 4})).containsExactly(5, 0, 2);
    assertThat(FeatureTransform.fromJson(distances.then(three).toJson()))
        .isEqualTo(distances.then(three))
        .hasToString("FeatureTransform[2 features, distance, scale]");
  }

  @Test
  void projectionsAndDistances_ofNumbersThatDoNotFit_areRefused() {
    double[] two = {1, 2};
    double[] one = {1};

    assertRefused(() -> FeatureTransform.projection(two, new double[][] {{1}}, one), "1 numbers");
    assertRefused(() -> FeatureTransform.projection(two, new double[][] {two}, two), "2 and 2");
    assertRefused(
        () -> FeatureTransform.projection(two, new double[][] {two}, new double[1]), "not be 0");
    assertRefused(
        () -> FeatureTransform.projection(new double[0], new double[][] {two}, one),
        "at least one");
    assertRefused(() -> FeatureTransform.distances(new double[0][]), "at least one");
    assertRefused(() -> FeatureTransform.distances(new double[][] {two, one}), "same length");
    assertRefused(() -> FeatureTransform.distances(new double[][] {{Double.NaN}}), "finite");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void drop_leavesOutIncompleteExamples_inOrder() throws IOException {
    List<double[]> holed = holed().subList(0, 30);
    List<double[]> all = new ArrayList<>(cancer().subList(0, 5));
    all.addAll(2, holed);
    List<Integer> labels = IntStream.range(0, all.size()).boxed().toList();

    Dataset<double[], Integer> whole = Imputation.drop(Dataset.of(all, labels));

    assertThat(whole.labels()).containsExactly(0, 1, 32, 33, 34);
    assertThat(Imputation.drop(Dataset.of(holed, labels.subList(0, 30))).isEmpty()).isTrue();
  }

  @Test
  void floats_areScaledInDoublePrecision() {
    FeatureTransform fitted =
        FeatureScaling.minMax().fit(List.of(new double[] {1}, new double[] {4}));

    assertThat(fitted.apply(new float[] {2})).containsExactly((float) (1.0 / 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"format\":2,\"steps\":[]}",
        "{\"format\":1,\"steps\":[]}",
        "{\"format\":1,\"steps\":[{}]}",
        "{\"format\":1,\"steps\":[7]}",
        "{\"format\":{},\"steps\":[]}",
        "{\"format\":\"x\",\"steps\":[]}",
        "{\"format\":1,\"steps\":[{\"type\":{}}]}",
        "{\"format\":1,\"steps\":[{\"type\":null}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"distance\",\"centres\":[1]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"distance\",\"centres\":[[1],[1,2]]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"project\",\"mean\":[1],\"directions\":[[1]]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"project\",\"mean\":[1],\"directions\":[[1]],\"divisor\":[0]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"scale\",\"shift\":[1]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"scale\",\"shift\":[1],\"divisor\":[1,2]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"impute\",\"fill\":[\"x\"]}]}",
        "{\"format\":1,\"steps\":[{\"type\":\"impute\",\"fill\":[1]},{\"type\":\"impute\",\"fill\":[1,2]}]}"
      })
  void load_aFileOfSomethingElse_namesIt(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), content);

    assertThatThrownBy(() -> FeatureTransform.load(file))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("no feature transform in ")
        .hasMessageContaining("bad.json");
  }

  @Test
  void badExamples_areNamed() {
    FeaturePreparation standard = FeatureScaling.standard();

    assertFault(standard, List.of(), "there must be at least one training example");
    assertFault(standard, List.of(new double[0]), "at least one feature");
    assertFault(
        standard, List.of(new double[2], new double[3]), "example 1 has 3 features, but example 0");
    assertFault(
        standard,
        List.of(new double[] {1}, new double[] {Double.POSITIVE_INFINITY}),
        "feature 0 of example 1 is Infinity");
    assertFault(standard, List.of(new double[] {Double.NaN}), "feature 0 has no value");
    assertFault(Imputation.mean(), List.of(new double[] {Double.NaN}), "feature 0 has no value");
    assertThat(Imputation.constant(3).fit(List.of(new double[] {Double.NaN})).apply(nan()))
        .containsExactly(3);
    assertThatThrownBy(() -> Imputation.constant(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> standard.fit(List.of(new double[2])).apply(new double[3]))
        .hasMessage("an example must have 2 features, but has 3");
  }

  private static void assertFault(FeaturePreparation how, List<double[]> examples, String message) {
    assertThatThrownBy(() -> how.fit(examples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static double[] nan() {
    return new double[] {Double.NaN};
  }

  private static FeaturePreparation scaling(String kind) {
    return switch (kind) {
      case "standard" -> FeatureScaling.standard();
      case "minMax" -> FeatureScaling.minMax();
      default -> FeatureScaling.robust();
    };
  }

  private static double weightedSum(List<double[]> rows) {
    double sum = 0;
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * (i + 1);
      }
    }
    return sum;
  }

  /** The first 400 rows with holes at places that the oracle made too. */
  private static List<double[]> holed() throws IOException {
    List<double[]> cancer = cancer();
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double[] row = cancer.get(i).clone();
      row[i * 7 % 30] = Double.NaN;
      if (i % 3 == 0) {
        row[(i * 11 + 5) % 30] = Double.NaN;
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<double[]> cancer() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            FeatureTransformTest.class.getResourceAsStream("/data/breast_cancer.csv"))) {
      return CsvReader.doubles()
          .headerless()
          .skipLines(1)
          .intLabels()
          .read(in, "breast_cancer.csv")
          .inputs();
    }
  }
}
