package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares with what ONNX Runtime's tool made of the same models. The golden files hold one line
 * per initializer (T: name, type, shape, start of the SHA-256 of its elements) and per node (N:
 * operator, name, inputs, outputs), in the tool's order; see the README beside them.
 */
class StrictDynamicTest {
  private static final DynamicQuantization CURRENT =
      Quantization.dynamicInt8().strict(StrictProfile.ONNXRUNTIME_1_30);

  @TempDir Path folder;

  static List<Arguments> goldens() {
    return List.of(
        Arguments.of(
            "minilm-symmetric-tables",
            TestModels.MINILM,
            Quantization.dynamicInt8()
                .perChannel()
                .reduceRange()
                .strict(StrictProfile.SYMMETRIC_TABLES)),
        Arguments.of("minilm-1.30", TestModels.MINILM, CURRENT),
        Arguments.of("minilm-1.30-unsigned", TestModels.MINILM, CURRENT.unsignedWeights()),
        Arguments.of(
            "minilm-1.30-per-channel-reduced",
            TestModels.MINILM,
            CURRENT.perChannel().reduceRange()),
        Arguments.of("fashion-cnn-1.30", TestModels.FASHION, CURRENT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void apply_strict_sameTensorsAndNodes(
      String golden, String resource, DynamicQuantization quantization) throws IOException {
    Path target = folder.resolve("out.onnx");
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(resource)))) {
      quantization.apply(model, PassContext.defaults());
      model.save(target);
    }
    assertThat(lines(target)).isEqualTo(golden(golden));
  }

  private static List<String> lines(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      for (Weight weight : model.graph().weights()) {
        lines.add(
            String.join(
                "\t",
                "T",
                weight.name(),
                String.valueOf(weight.type().number()),
                LongStream.of(weight.shape().toArray())
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(",")),
                digest(weight.elements().bytes())));
      }
      for (Node node : model.graph().nodes()) {
        lines.add(
            String.join(
                "\t",
                "N",
                node.operator(),
                node.name(),
                String.join("|", node.inputs()),
                String.join("|", node.outputs())));
      }
    }
    return lines;
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> golden(String name) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        StrictDynamicTest.class.getResourceAsStream(name + ".tsv.gz"), name)),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
