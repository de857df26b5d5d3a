package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import io.vivace.optimize.graph.GraphException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The gradients of every operator, in double precision. */
class GradientTest {
  private static final double TOLERANCE = 1e-4;

  /**
   * Operators of integers and truth values, of places and shapes; and those that the node tests
   * show only with integers or numbers that are not finite: Cast, CastLike, Trilu. Mish is in
   * PyTorch's cases; dropout and quantization have tests of their own.
   */
  private static final Set<String> WITHOUT_GRADIENT =
      Set.of(
          "And",
          "ArgMax",
          "ArgMin",
          "Cast",
          "CastLike",
          "ConstantOfShape",
          "DequantizeLinear",
          "Dropout",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "IsInf",
          "IsNaN",
          "Less",
          "LessOrEqual",
          "Mish",
          "Not",
          "OneHot",
          "Or",
          "QuantizeLinear",
          "Range",
          "Shape",
          "Size",
          "Trilu",
          "Xor");

  /**
   * The golden values were computed by PyTorch 2.13 in double precision: for each case of {@code
   * torch-gradients.gz} the output, then the gradients of the inputs.
   */
  @Test
  void gradients_equalThoseOfPyTorch() {
    Map<String, String> failures = new TreeMap<>();
    for (NodeCase each : NodeCase.read("torch-gradients.gz")) {
      try (Gradients gradients = new Gradients(each)) {
        check(each.name() + " output", gradients.output(), each.out().get(0), failures);
        List<double[]> found = gradients.backward();
        for (int i = 0; i < found.size(); i++) {
          check(each.name() + " input " + i, found.get(i), each.out().get(i + 1), failures);
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  private static void check(
      String name, double[] found, OnnxMl.TensorProto golden, Map<String, String> failures) {
    double[] expected = Tensors.values(golden);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    if (!(difference <= TOLERANCE * largest)) {
      failures.put(name, "off by " + difference + " of " + largest);
    }
  }

  /**
   * The inputs of ONNX's node tests, in which each operator appears. Where slope to the left and to
   * the right differ there is no gradient, and nothing to compare.
   */
  @Test
  void gradients_equalFiniteDifferences() {
    Map<String, String> failures = new TreeMap<>();
    Set<String> checked = new TreeSet<>();
    for (NodeCase each : NodeCase.all()) {
      if (each.name().matches(".*(dropout|quantizelinear|empty_set).*")) {
        continue; // random; straight-through by design; nothing to differentiate
      }
      try (Gradients gradients = new Gradients(each)) {
        if (gradients.hasGradient()) {
          check(each, gradients, checked, failures);
        }
      } catch (GraphException e) {
        assertThat(e).hasMessageContaining("cannot be trained");
      }
    }
    assertThat(failures).isEmpty();
    Set<String> missing = new TreeSet<>(Operators.names());
    missing.removeAll(checked);
    assertThat(missing).containsExactlyInAnyOrderElementsOf(WITHOUT_GRADIENT);
  }

  private static void check(
      NodeCase each, Gradients gradients, Set<String> checked, Map<String, String> failures) {
    List<double[]> found = gradients.backward();
    for (int input = 0; input < gradients.inputs(); input++) {
      if (!gradients.isDifferentiable(input)) {
        continue;
      }
      for (int probe = 0; probe < 3; probe++) {
        double[] gradient = found.get(input);
        int element = (int) ((probe * 7919L + 1) % gradient.length);
        OptionalDouble slope = gradients.slope(input, element);
        if (slope.isPresent()) {
          checked.add(gradients.operator());
          double difference = Math.abs(slope.getAsDouble() - gradient[element]);
          if (!(difference <= TOLERANCE * Math.max(1, Math.abs(slope.getAsDouble())))) {
            failures.put(
                each.name() + " input " + input + " element " + element,
                gradient[element] + " instead of " + slope);
          }
        }
      }
    }
  }
}
