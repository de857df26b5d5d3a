package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import io.vivace.optimize.graph.GraphException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gradients of every operator, in double precision. */
class GradientTest {
  private static final double TOLERANCE = 1e-4;

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
      } catch (RuntimeException e) {
        failures.put(each.name(), e.toString());
      }
    }
    failures.forEach((n, f) -> System.out.println("FAIL " + n + " " + f));
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

  @Test
  void gradients_equalFiniteDifferences() {
    Map<String, String> failures = new TreeMap<>();
    Set<String> checked = new TreeSet<>();
    int count = 0;
    for (NodeCase each : NodeCase.all()) {
      try (Gradients gradients = new Gradients(each)) {
        List<double[]> found;
        try {
          found = gradients.backward();
        } catch (ai.djl.engine.EngineException e) {
          System.out.println("NOGRAD " + each.name() + " " + e.getMessage().lines().findFirst().get());
          continue;
        }
        for (int input = 0; input < gradients.inputs(); input++) {
          if (gradients.isDifferentiable(input)) {
            count++;
            check(each.name() + " input " + input, gradients, input, found.get(input), failures);
            checked.add(each.name());
          }
        }
      } catch (GraphException e) {
        continue;
      } catch (RuntimeException e) {
        failures.put(each.name(), e.toString());
      }
    }
    System.out.println("checked " + count);
    failures.forEach((n, f) -> System.out.println("FAIL " + n + " " + f));
    assertThat(failures).isEmpty();
  }

  private static void check(
      String name, Gradients gradients, int input, double[] found, Map<String, String> failures) {
    for (int probe = 0; probe < 3; probe++) {
      int element = (int) ((probe * 7919L + 1) % found.length);
      double slope = gradients.slope(input, element);
      double difference = Math.abs(slope - found[element]);
      if (!(difference <= TOLERANCE * Math.max(1, Math.abs(slope)))) {
        failures.put(name, "element " + element + ": " + found[element] + " instead of " + slope);
      }
    }
  }
}
