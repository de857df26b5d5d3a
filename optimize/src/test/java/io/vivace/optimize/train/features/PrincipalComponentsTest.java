package io.vivace.optimize.train.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.data.FeaturePreparation;
import io.vivace.core.data.FeatureScaling;
import io.vivace.core.data.FeatureTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalComponentsTest {
  private static final Map<String, double[]> GOLDEN = Digits.golden("pca-digits.txt.gz");
  private static final Offset<Double> CLOSE = within(1e-9);

  @TempDir Path folder;

  @Test
  void analyse_equalsScikitLearn_withItsSigns() {
    ComponentAnalysis found = PrincipalComponents.count(16).analyse(Digits.training().inputs());

    for (int i = 0; i < 16; i++) {
      assertThat(found.components()[i]).containsExactly(GOLDEN.get("component" + i), CLOSE);
    }
    assertThat(found.explainedVariance()).containsExactly(GOLDEN.get("variance"), CLOSE);
    assertThat(found.explainedVarianceRatio()).containsExactly(GOLDEN.get("ratio"), CLOSE);
    assertThat(found).hasToString("ComponentAnalysis[16 components of 64 features]");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 500})
  void transform_ofHeldOutRows_equalsScikitLearn(int row) {
    List<double[]> training = Digits.training().inputs();
    double[] example = Digits.heldOut().inputs().get(row);
    FeatureTransform plain = PrincipalComponents.count(16).fit(training);
    FeatureTransform whitened = PrincipalComponents.count(16).whitened().fit(training);

    assertThat(plain.apply(example)).containsExactly(GOLDEN.get("projected" + row), CLOSE);
    assertThat(whitened.apply(example)).containsExactly(GOLDEN.get("whitened" + row), CLOSE);
    assertThat(plain.inverse(plain.apply(example)))
        .containsExactly(GOLDEN.get("restored" + row), CLOSE);
    assertThat(whitened.inverse(whitened.apply(example)))
        .containsExactly(GOLDEN.get("restored" + row), CLOSE);
  }

  @Test
  void variance_keepsAsManyAsScikitLearn() {
    List<double[]> training = Digits.training().inputs();
    double[] shares = {0.5, 0.9, 0.99};
    for (int i = 0; i < shares.length; i++) {
      FeatureTransform found = PrincipalComponents.variance(shares[i]).fit(training);
      assertThat(found.outputs()).isEqualTo((int) GOLDEN.get("count")[i]);
    }
  }

  @Test
  void whitened_trainingExamples_haveVarianceOneAndNoCorrelation() {
    List<double[]> training = Digits.training().inputs();
    FeatureTransform fitted = PrincipalComponents.count(5).whitened().fit(training);
    List<double[]> white = training.stream().map(fitted).toList();

    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double sum = 0;
        for (double[] each : white) {
          sum += each[a] * each[b];
        }
        assertThat(sum / (white.size() - 1)).isCloseTo(a == b ? 1 : 0, CLOSE);
      }
    }
  }

  @Test
  void constantColumnAndFewRows_areNoHindrance() {
    List<double[]> line =
        List.of(new double[] {1, 7, 2}, new double[] {2, 7, 4}, new double[] {3, 7, 6});

    FeatureTransform found = PrincipalComponents.count(2).whitened().fit(line);

    double root = Math.sqrt(5);
    assertThat(found.apply(new double[] {3, 7, 6})[0]).isCloseTo(1, CLOSE);
    assertThat(found.apply(new double[] {3, 7, 6})[1]).isCloseTo(0, CLOSE);
    assertThat(PrincipalComponents.count(1).analyse(line).components()[0])
        .containsExactly(new double[] {1 / root, 0, 2 / root}, CLOSE);
  }

  @Test
  void savedTransform_afterAScaling_isReadBackExactly() throws IOException {
    List<double[]> training = Digits.training().inputs();
    FeaturePreparation both = FeatureScaling.standard().then(PrincipalComponents.count(3));
    FeatureTransform fitted = both.fit(training);
    Path file = folder.resolve("features.json");

    fitted.save(file);
    FeatureTransform read = FeatureTransform.load(file);

    assertThat(read).isEqualTo(fitted).hasToString("FeatureTransform[64 features, scale, project]");
    assertThat(read.outputs()).isEqualTo(3);
    assertThat(read.apply(training.get(7))).containsExactly(fitted.apply(training.get(7)));
  }

  @Test
  void badInput_isNamed() {
    PrincipalComponents two = PrincipalComponents.count(2);

    assertThatThrownBy(() -> PrincipalComponents.count(0)).hasMessageContaining("asked for 0");
    assertThatThrownBy(() -> PrincipalComponents.variance(1)).hasMessageContaining("but was 1.0");
    assertThatThrownBy(() -> PrincipalComponents.variance(Double.NaN))
        .hasMessageContaining("but was NaN");
    assertFault(two, List.of(), "at least one training example");
    assertFault(two, List.of(new double[0]), "at least one feature");
    assertFault(two, List.of(new double[] {1, 2}), "at least 2 examples");
    assertFault(
        two, List.of(new double[1], new double[1]), "2 examples of 1 features have at most 1");
    assertFault(two, List.of(new double[2], new double[3]), "example 1 has 3 features");
    assertFault(
        two, List.of(new double[2], new double[] {0, Double.NaN}), "feature 1 of example 1");
    assertFault(
        two,
        List.of(new double[2], new double[] {Double.NEGATIVE_INFINITY, 0}),
        "feature 0 of example 1 is -Infinity");
    assertFault(two, List.of(new double[2], new double[2]), "all examples are equal");
    double[] third = {1 / 3.0, 1e9 / 7, 0.1}; // ten times this by ten is another number
    assertFault(two, java.util.Collections.nCopies(10, third), "all examples are equal");
    double[] tiny = {1e-200, 0};
    assertFault(two, List.of(new double[2], tiny), "differ so little that their variance is 0");
  }

  private static void assertFault(PrincipalComponents how, List<double[]> rows, String message) {
    assertThatThrownBy(() -> how.fit(rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
