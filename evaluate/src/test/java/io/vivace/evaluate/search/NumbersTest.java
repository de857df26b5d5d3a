package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void logExpectedImprovement_holdsFarOut() {
    JsonObject golden = Golden.part("logei");
    double[] z = Golden.row(golden.get("z"));
    double[] value = Golden.row(golden.get("value"));
    for (int i = 0; i < z.length; i++) {
      double found = Normal.logExpectedImprovement(z[i]);
      assertThat(found)
          .as("z %s", z[i])
          .isCloseTo(value[i], within(1e-9 * Math.max(1, Math.abs(value[i]))));
    }
  }

  @Test
  void logExpectedImprovementSlope_isTheSlope() {
    for (double z : new double[] {3, 0.5, -0.9, -1.1, -4, -30, -200}) {
      double h = 1e-5;
      double slope =
          (Normal.logExpectedImprovement(z + h) - Normal.logExpectedImprovement(z - h)) / (2 * h);
      assertThat(Normal.logExpectedImprovementSlope(z))
          .isCloseTo(slope, within(1e-5 * Math.abs(slope)));
    }
  }

  @Test
  void logCdfSlope_isTheSlope() {
    for (double z : new double[] {3, 0.5, -0.9, -4, -30}) {
      double h = 1e-5;
      double slope = (Normal.logCdf(z + h) - Normal.logCdf(z - h)) / (2 * h);
      assertThat(Normal.logCdfSlope(z)).isCloseTo(slope, within(1e-5 * slope));
    }
  }

  @Test
  void logCdf_equalsScipy() {
    JsonObject golden = Golden.part("logcdf");
    double[] z = Golden.row(golden.get("z"));
    double[] value = Golden.row(golden.get("value"));
    for (int i = 0; i < z.length; i++) {
      assertThat(Normal.logCdf(z[i])).isCloseTo(value[i], within(1e-11 * Math.abs(value[i])));
    }
  }

  @Test
  void logMass_holdsInTheTails() {
    for (JsonElement element : Golden.cases("logmass")) {
      double[] row = Golden.row(element);
      assertThat(Normal.logMass(row[0], row[1]))
          .isCloseTo(row[2], within(1e-10 * Math.max(1e-4, Math.abs(row[2]))));
    }
  }

  @Test
  void quantile_invertsTheCdf() {
    for (double z : new double[] {-6, -1, 0, 0.3, 4}) {
      assertThat(Normal.quantile(Normal.cdf(z))).isCloseTo(z, within(1e-10));
    }
  }

  @Test
  void signedRanks_equalScipy() {
    for (JsonElement element : Golden.cases("wilcoxon")) {
      JsonObject golden = element.getAsJsonObject();
      List<Double> differences = Arrays.stream(Golden.row(golden.get("d"))).boxed().toList();
      assertThat(SignedRanks.greaterProbability(differences))
          .as("%s", differences)
          .isCloseTo(golden.get("p").getAsDouble(), within(1e-12));
    }
  }

  @Test
  void sortedPlaces_keepTheOrderOfTies() {
    double[] values = {2, -1, 2, 0, -0.0, -1, Double.NEGATIVE_INFINITY};
    int[] order = SortedPlaces.of(values);
    assertThat(order).containsExactly(6, 1, 5, 3, 4, 0, 2);
    assertThat(values).startsWith(Double.NEGATIVE_INFINITY, -1).endsWith(2, 2);
  }

  @Test
  void lbfgs_findsTheMinimumInsideAndAtABound() {
    Lbfgs.Function rosenbrock =
        (x, g) -> {
          double a = 1 - x[0];
          double b = x[1] - x[0] * x[0];
          g[0] = -2 * a - 400 * x[0] * b;
          g[1] = 200 * b;
          return a * a + 100 * b * b;
        };
    double[] low = {-2, -2};
    Lbfgs.Minimum inside =
        Lbfgs.minimize(rosenbrock, new double[] {-1.2, 1}, low, new double[] {2, 2}, 1e-8, 500);
    assertThat(inside.x()[0]).isCloseTo(1, within(1e-6));
    assertThat(inside.x()[1]).isCloseTo(1, within(1e-6));
    // with x at most 0.5 the best is x = 0.5, y = 0.25
    Lbfgs.Minimum bound =
        Lbfgs.minimize(rosenbrock, new double[] {-1.2, 1}, low, new double[] {0.5, 2}, 1e-8, 500);
    assertThat(bound.x()[0]).isCloseTo(0.5, within(1e-9));
    assertThat(bound.x()[1]).isCloseTo(0.25, within(1e-6));
    assertThat(bound.value()).isCloseTo(0.25, within(1e-9));
  }
}
