package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.GraphException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forward pass against the ONNX project's own node tests. */
class OnnxNodeTest {
  @TempDir Path folder;

  @Test
  void forward_equalsTheReference() throws IOException {
    Map<String, String> failures = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    int passed = 0;
    for (NodeCase each : NodeCase.all()) {
      try {
        String fault = fault(each);
        if (!fault.isEmpty()) {
          failures.put(each.name(), fault);
        } else {
          passed++;
        }
      } catch (GraphException e) {
        refused.add(each.name() + ": " + e.getMessage());
      } catch (RuntimeException e) {
        failures.put(each.name(), e.toString());
      }
    }
    System.out.println("passed " + passed);
    failures.forEach((n, f) -> System.out.println("FAIL " + n + " " + f));
    refused.forEach(r -> System.out.println("REFUSED " + r));
    assertThat(failures).isEmpty();
  }

  private String fault(NodeCase each) throws IOException {
    Path file = folder.resolve("case.onnx");
    Files.write(file, each.model());
    boolean training = each.name().contains("training_mode");
    try (GraphNetwork network = GraphNetwork.open(ModelSource.path(file));
        NDManager manager = network.manager().newSubManager()) {
      NDList inputs = new NDList();
      each.in().forEach(tensor -> inputs.add(Tensors.array(manager, tensor, DataType.FLOAT32)));
      NDList outputs = network.forward(inputs, training);
      for (int i = 0; i < outputs.size() && i < each.out().size(); i++) {
        String fault = difference(outputs.get(i), each.out().get(i));
        if (!fault.isEmpty()) {
          return "output " + i + ": " + fault;
        }
      }
      return "";
    }
  }

  private static String difference(NDArray found, OnnxMl.TensorProto expected) {
    long[] shape = expected.getDimsList().stream().mapToLong(d -> d).toArray();
    if (!found.getShape().equals(new Shape(shape))) {
      return "shape " + found.getShape() + " instead of " + new Shape(shape);
    }
    double[] is = found.toType(DataType.FLOAT64, true).toDoubleArray();
    double[] must = Tensors.values(expected);
    for (int i = 0; i < is.length; i++) {
      boolean equal =
          Double.isNaN(must[i])
              ? Double.isNaN(is[i])
              : is[i] == must[i] || Math.abs(is[i] - must[i]) <= 1e-4 * Math.max(1, Math.abs(must[i]));
      if (!equal) {
        return "element " + i + " is " + is[i] + " instead of " + must[i];
      }
    }
    return "";
  }
}
