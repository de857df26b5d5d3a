package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.calibrate.ActivationRange;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with ONNX Runtime's tool, see README.md beside the golden files. */
class StrictStaticTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "static-fashion-cnn",
        "static-fashion-cnn-channel-reduced",
        "static-fashion-cnn-unsigned",
        "static-fashion-cnn-symmetric",
        "static-classifier",
        "static-classifier-channel"
      })
  void staticInt8_strictWithTheRangesOfTheTool_equalsOnnxRuntime(String name) throws Exception {
    Golden golden = Golden.read(name);
    try (ModelGraph model = model(name)) {
      options(name).apply(Quantization.staticInt8(golden.ranges)).apply(model, context());
      assertThat(tensors(model.graph())).containsExactlyInAnyOrderElementsOf(golden.tensors);
      assertThat(nodes(model.graph())).containsExactlyInAnyOrderElementsOf(golden.nodes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"static-fashion-cnn", "static-classifier"})
  void staticInt8_strictWithSamples_hasTheRangesAndNoiseOfTheTool(String name) throws Exception {
    Golden golden = Golden.read(name);
    boolean fashion = name.contains("fashion");
    List<Map<String, Tensor>> samples =
        fashion
            ? CalibrationSets.fashion("fashion-calibration-images", 0, 16)
            : CalibrationSets.lines(0, 8);
    List<Map<String, Tensor>> probe =
        fashion
            ? CalibrationSets.fashion("fashion-test-images", 0, 64)
            : CalibrationSets.lines(32, 64);
    Path original = file(name);
    Path target = folder.resolve("small.onnx");
    Compression.of(ModelSource.path(original))
        .quantize(options(name).apply(Quantization.staticInt8(samples)))
        .saveTo(target);
    try (ModelGraph model = model(name)) {
      Map<String, ActivationRange> ranges =
          Calibration.minMax().ranges(model, golden.ranges.keySet(), samples, context());
      ranges.forEach(
          (value, range) -> {
            ActivationRange wanted = golden.ranges.get(value);
            float size = Math.max(Math.abs(wanted.lowest()), Math.abs(wanted.highest()));
            assertThat(range.lowest()).as(value).isCloseTo(wanted.lowest(), within(1e-5f * size));
            assertThat(range.highest()).as(value).isCloseTo(wanted.highest(), within(1e-5f * size));
          });
    }
    assertThat(
            ModelRun.signalToNoise(
                ModelRun.outputs(original, probe), ModelRun.outputs(target, probe)))
        .isCloseTo(golden.signalToNoise, within(0.1));
  }

  private static UnaryOperator<StaticQuantization> options(String name) {
    return switch (name) {
      case "static-fashion-cnn", "static-classifier" -> StaticQuantization::strict;
      case "static-fashion-cnn-channel-reduced" ->
          way -> way.strict().unsignedActivations().perChannel().reduceRange();
      case "static-fashion-cnn-unsigned" ->
          way -> way.strict().unsignedActivations().unsignedWeights();
      case "static-fashion-cnn-symmetric" -> way -> way.strict().symmetricActivations();
      case "static-classifier-channel" -> way -> way.strict().unsignedActivations().perChannel();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static PassContext context() {
    return PassContext.defaults();
  }

  private static Path file(String name) {
    return TestModels.file(name.contains("fashion") ? TestModels.FASHION : TestModels.CLASSIFIER);
  }

  private static ModelGraph model(String name) {
    ModelGraph model = ModelGraph.open(ModelSource.path(file(name)));
    new ConstantLifting().apply(model, context());
    return model;
  }

  private static List<String> tensors(Graph graph) throws Exception {
    List<String> lines = new ArrayList<>();
    for (Weight weight : graph.weights()) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(weight.elements().bytes());
      String digest = HexFormat.of().formatHex(hash).substring(0, 16);
      lines.add(
          "T\t%s\t%d\t%s\t%s"
              .formatted(
                  weight.name(),
                  weight.type().number(),
                  Arrays.toString(weight.shape().toArray()),
                  digest));
    }
    return lines;
  }

  private static List<String> nodes(Graph graph) {
    return graph.nodes().stream()
        .map(
            node ->
                "N\t%s\t%s\t%s\t%s"
                    .formatted(
                        node.operator(),
                        node.name(),
                        String.join(",", node.inputs()),
                        String.join(",", node.outputs())))
        .toList();
  }

  private record Golden(
      Map<String, ActivationRange> ranges,
      List<String> tensors,
      List<String> nodes,
      double signalToNoise) {
    static Golden read(String name) throws IOException {
      Map<String, ActivationRange> ranges = new LinkedHashMap<>();
      List<String> tensors = new ArrayList<>();
      List<String> nodes = new ArrayList<>();
      double noise = Double.NaN;
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(
                      Objects.requireNonNull(
                          StrictStaticTest.class.getResourceAsStream(name + ".tsv.gz"))),
                  StandardCharsets.UTF_8))) {
        for (String line : reader.lines().toList()) {
          String[] cells = line.split("\t", -1);
          switch (cells[0]) {
            case "R" ->
                ranges.put(
                    cells[1],
                    new ActivationRange(Float.parseFloat(cells[2]), Float.parseFloat(cells[3])));
            case "T" -> tensors.add(line);
            case "N" -> nodes.add(line);
            default -> noise = Double.parseDouble(cells[1]);
          }
        }
      }
      return new Golden(ranges, tensors, nodes, noise);
    }
  }
}
