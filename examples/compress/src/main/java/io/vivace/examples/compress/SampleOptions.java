package io.vivace.examples.compress;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxDimension;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where samples come from, and how they fit the model. */
final class SampleOptions {
  @Option(
      names = "--samples",
      paramLabel = "FILE",
      description =
          "What both models are run on for the report: a CSV table of numbers without a header, an"
              + " IDX file, an array of NumPy (.npy), or arrays by the names of inputs (.npz).")
  private @Nullable Path samples;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Of one sample, as 1x28x28. Default: that of an ONNX model's input.")
  private @Nullable String shape;

  @Option(
      names = "--divide",
      paramLabel = "NUMBER",
      description = "What numbers of the file are divided by. Default: ${DEFAULT-VALUE}.")
  private double divisor = 1;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many samples are read. Default: ${DEFAULT-VALUE}.")
  private int count = 100;

  /** The samples for the report; null if none were given. */
  @Nullable List<Map<String, Tensor>> forReport(ModelSource model) {
    return samples == null ? null : read(samples, model);
  }

  List<Map<String, Tensor>> read(Path file, ModelSource model) {
    if (count < 1 || !(divisor > 0)) {
      throw new IllegalArgumentException(
          "--count must be at least 1 and --divide above 0, but were %d and %s"
              .formatted(count, divisor));
    }
    try (ModelArtifact artifact = model.resolve()) {
      if (artifact.format() != ModelFormat.ONNX) {
        if (SampleFile.isByName(file)) {
          throw new IllegalArgumentException(
              "a TorchScript file does not name its inputs: give one array (.npy)");
        }
        return SampleFile.read(file, "input", parse(List.of()), divisor, count);
      }
    }
    try (ModelGraph graph = ModelGraph.open(model)) {
      List<Value> inputs =
          graph.graph().inputs().stream()
              .filter(value -> graph.graph().weight(value.name()).isEmpty())
              .toList();
      if (SampleFile.isByName(file)) {
        return SampleFile.readByName(file, types(inputs), divisor, count);
      }
      if (inputs.size() != 1) {
        throw new IllegalArgumentException(
            "a file of samples fills one input, but the model has %s; give arrays by name (.npz)"
                .formatted(inputs.stream().map(Value::name).toList()));
      }
      Value input = inputs.get(0);
      return SampleFile.read(file, input.name(), parse(sizes(input)), divisor, count);
    }
  }

  private static Map<String, OnnxElementType> types(List<Value> inputs) {
    Map<String, OnnxElementType> types = new LinkedHashMap<>();
    for (Value input : inputs) {
      types.put(input.name(), Objects.requireNonNull(input.type().element(), input.name()));
    }
    return types;
  }

  /** Without the batch axis; nothing where a size is open. */
  private static List<Long> sizes(Value input) {
    List<OnnxDimension> dimensions = input.type().dimensions();
    if (dimensions == null || dimensions.isEmpty()) {
      return List.of();
    }
    List<Long> sizes =
        dimensions.subList(1, dimensions.size()).stream().map(OnnxDimension::size).toList();
    return sizes.stream().allMatch(size -> size > 0) ? sizes : List.of();
  }

  private List<Long> parse(List<Long> stated) {
    if (shape == null) {
      return stated;
    }
    if (!shape.matches("[1-9]\\d{0,8}(x[1-9]\\d{0,8}){0,7}")) {
      throw new IllegalArgumentException(
          "--shape must be sizes with an x between, as 1x28x28, but was " + shape);
    }
    return Arrays.stream(shape.split("x", -1)).map(Long::valueOf).toList();
  }
}
