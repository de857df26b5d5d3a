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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forward pass against the ONNX project's own node tests. */
class OnnxNodeTest {
  /** Cases that come out otherwise, and why. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "test_resize_downsample_scales_linear_align_corners",
          "ONNX Runtime, too, takes the size in whole elements",
          "test_reduce_log_sum_exp_empty_set",
          "the engine has no maximum of nothing",
          "test_reduce_max_empty_set",
          "the engine has no maximum of nothing",
          "test_reduce_max_empty_set_bool",
          "the engine has no maximum of nothing",
          "test_reduce_min_empty_set",
          "the engine has no minimum of nothing");

  @TempDir Path folder;

  @Test
  void forward_equalsTheReference() throws IOException {
    assertThat(refused(cases()))
        .hasSizeLessThan(30)
        .allMatch(
            name ->
                name.matches(
                    ".*(resize|peepholes|with_argmax|blocked|batchnorm_.*_training_mode).*"));
  }

  /** Quantized to 16, 8, 4 and 2 bits; integer products are not trained. */
  @Test
  void forward_quantization_equalsTheReference() throws IOException {
    List<NodeCase> all = NodeCase.read("/io/vivace/optimize/quantize/onnx-quantization-tests.gz");
    List<NodeCase> integers =
        all.stream().filter(each -> !each.name().matches(".*(e4m3fn|e5m2|e2m1).*")).toList();
    assertThat(integers).hasSize(34);
    assertThat(refused(integers))
        .hasSize(18)
        .allMatch(name -> name.matches(".*(blocked|integer|dynamic|qlinear).*"));
  }

  /** The cases that are refused; all others must come out right. */
  private Set<String> refused(List<NodeCase> cases) throws IOException {
    Map<String, String> faults = new TreeMap<>();
    Set<String> refused = new TreeSet<>();
    for (NodeCase each : cases) {
      try {
        String fault = fault(each);
        if (!fault.isEmpty()) {
          faults.put(each.name(), fault);
        }
      } catch (GraphException e) {
        // Only before anything runs may a node be refused.
        if (e.getMessage().contains("cannot be trained")) {
          refused.add(each.name());
        } else {
          faults.put(each.name(), e.getMessage());
        }
      }
    }
    assertThat(faults).isEmpty();
    return refused;
  }

  /** Dropout is random in training; the cases of it that drop something are left out. */
  private static List<NodeCase> cases() {
    return NodeCase.all().stream()
        .filter(each -> !OTHERWISE.containsKey(each.name()))
        .filter(each -> !each.name().matches("test_training_dropout(_default)?(_mask)?"))
        .toList();
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
              : is[i] == must[i]
                  || Math.abs(is[i] - must[i]) <= 1e-4 * Math.max(1, Math.abs(must[i]));
      if (!equal) {
        return "element " + i + " is " + is[i] + " instead of " + must[i];
      }
    }
    return "";
  }
}
