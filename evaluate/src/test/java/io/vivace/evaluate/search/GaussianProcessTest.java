package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private final JsonObject golden = Golden.part("gp");
  private final double[][] points = Golden.rows(golden.get("X"));
  private final double[] values = Golden.row(golden.get("y"));
  private final Kernel kernel =
      new Kernel(
          new boolean[3],
          Arrays.stream(Golden.row(golden.get("lengths"))).map(l -> 1 / (l * l)).toArray(),
          golden.get("scale").getAsDouble(),
          golden.get("noise").getAsDouble());
  private final GaussianProcess process = new GaussianProcess(kernel, points, values);

  @Test
  void posterior_equalsScikitLearn() {
    double[][] queries = Golden.rows(golden.get("Q"));
    double[] mean = Golden.row(golden.get("mean"));
    double[] variance = Golden.row(golden.get("variance"));
    for (int i = 0; i < queries.length; i++) {
      double[] posterior = process.posterior(queries[i]);
      assertThat(posterior[0]).isCloseTo(mean[i], within(1e-9));
      assertThat(posterior[1]).isCloseTo(variance[i], within(1e-9));
    }
  }

  @Test
  void likelihood_equalsScikitLearn() {
    Cholesky root = Cholesky.of(kernel.covariance(points));
    double[] half = values.clone();
    root.forward(half);
    double fit = Arrays.stream(half).map(v -> v * v).sum();
    double likelihood =
        -0.5 * fit - root.halfLogDeterminant() - values.length * Normal.HALF_LOG_TWO_PI;
    assertThat(likelihood).isCloseTo(golden.get("likelihood").getAsDouble(), within(1e-8));
  }

  @Test
  void acquisition_hasTheSlopesOfItsValues() {
    GaussianProcess limit = new GaussianProcess(kernel, points, reversed(values));
    Acquisition acquisition =
        new Acquisition(process, 0.7, List.of(new Acquisition.Limit(limit, 0.2)));
    for (double[] x : Golden.rows(golden.get("Q"))) {
      double[] gradient = new double[3];
      assertThat(acquisition.at(x, gradient)).isCloseTo(acquisition.at(x), within(1e-9));
      for (int d = 0; d < 3; d++) {
        double h = 1e-6;
        double[] up = x.clone();
        double[] down = x.clone();
        up[d] += h;
        down[d] -= h;
        double slope = (acquisition.at(up) - acquisition.at(down)) / (2 * h);
        assertThat(gradient[d]).isCloseTo(slope, within(1e-3 * Math.max(1, Math.abs(slope))));
      }
    }
  }

  private static double[] reversed(double[] values) {
    double[] copy = values.clone();
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[copy.length - 1 - i];
    }
    return copy;
  }

  @Test
  void fit_findsTheIrrelevantParameterAndLittleNoise() {
    double[] only = new double[points.length];
    for (int i = 0; i < only.length; i++) {
      only[i] = Math.sin(5 * points[i][0]);
    }
    Kernel fitted = KernelFit.of(new boolean[3], points, Standardized.of(only).values());
    assertThat(fitted.inverseSquares()[0]).isGreaterThan(10 * fitted.inverseSquares()[1]);
    assertThat(fitted.inverseSquares()[0]).isGreaterThan(10 * fitted.inverseSquares()[2]);
    assertThat(fitted.noise()).isLessThan(0.01);
  }

  @Test
  void cholesky_ofTwiceTheSamePoint_addsJitter() {
    double[][] twice = {{1}, {1, 1}};
    Cholesky root = Cholesky.of(twice);
    assertThat(root.size()).isEqualTo(2);
    assertThat(root.halfLogDeterminant()).isFinite();
    double[][] nan = {{Double.NaN}};
    assertThatThrownBy(() -> Cholesky.of(nan)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void cholesky_inverse_timesMatrixIsOne() {
    double[][] matrix = kernel.covariance(points);
    double[][] inverse = Cholesky.of(matrix).inverse();
    for (int i = 0; i < matrix.length; i++) {
      double[] column = new double[matrix.length];
      for (int j = 0; j < column.length; j++) {
        column[j] = inverse[Math.max(i, j)][Math.min(i, j)];
      }
      for (int r = 0; r < matrix.length; r++) {
        double sum = 0;
        for (int j = 0; j < column.length; j++) {
          sum += matrix[Math.max(r, j)][Math.min(r, j)] * column[j];
        }
        assertThat(sum).isCloseTo(r == i ? 1 : 0, within(1e-8));
      }
    }
  }
}
