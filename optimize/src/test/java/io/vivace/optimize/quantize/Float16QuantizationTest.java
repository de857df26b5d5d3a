package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vivace.core.model.ElementType;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.core.tensor.Float16;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.SentenceVectors;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Float16QuantizationTest {
  private static final Float16Quantization STORED = Quantization.float16();

  @TempDir Path folder;

  /** The tensors of ONNX Runtime's converter (1.30); see README.md beside them. */
  @ParameterizedTest
  @ValueSource(strings = {TestModels.MINILM, TestModels.FASHION, TestModels.CLASSIFIER})
  void halfPrecision_realModels_haveTheToolsTensors(String resource) throws Exception {
    Map<String, String> golden = golden(resource.substring(resource.lastIndexOf('/') + 1));
    Map<String, String> found = new TreeMap<>();
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(resource)))) {
      STORED.halfPrecision().apply(model, PassContext.defaults());
      for (Weight weight : model.graph().weights()) {
        if (weight.type() == OnnxElementType.FLOAT16) {
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(weight.elements().bytes());
          String name = weight.name().substring(0, weight.name().length() - "_half".length());
          found.put(name, HexFormat.of().formatHex(hash).substring(0, 16));
        }
      }
    }
    // Layer normalizations stay floats; constants of nodes are initializers here.
    golden.keySet().removeIf(name -> name.contains("LayerNorm"));
    assertThat(found).containsAllEntriesOf(golden);
  }

  private static Map<String, String> golden(String model) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (InputStream in =
        new GZIPInputStream(
            Objects.requireNonNull(
                Float16QuantizationTest.class.getResourceAsStream("float16-1.30.tsv.gz")))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", -1))
          .filter(fields -> fields[0].equals(model))
          .forEach(fields -> digests.put(fields[1], fields[2]));
    }
    assertThat(digests).isNotEmpty();
    return digests;
  }

  @Test
  void float16_minilm_halfTheBytesAndTheSameSentences() throws Exception {
    Path original = TestModels.file(TestModels.MINILM);
    Path stored = converted(original, STORED);
    assertThat(Files.size(stored)).isLessThan((long) (0.503 * Files.size(original)));
    assertThat(SentenceVectors.meanCosine(stored, 0, 20)).isGreaterThan(0.999_99);
    Path computed = converted(original, STORED.halfPrecision());
    assertThat(Files.size(computed)).isLessThan((long) (0.503 * Files.size(original)));
    assertThat(SentenceVectors.meanCosine(computed, 0, 20)).isGreaterThan(0.999_99);
  }

  @Test
  void float16_convolutions_stayClose() throws Exception {
    for (String resource : List.of(TestModels.FASHION, TestModels.CLASSIFIER)) {
      Path original = TestModels.file(resource);
      List<Map<String, Tensor>> samples =
          resource.equals(TestModels.FASHION)
              ? CalibrationSets.fashion("fashion-test-images", 0, 64)
              : CalibrationSets.lines(32, 48);
      List<float[]> wanted = ModelRun.outputs(original, samples);
      for (Float16Quantization way : List.of(STORED, STORED.halfPrecision())) {
        Path half = converted(original, way);
        assertThat(Files.size(half)).isLessThan((long) (0.56 * Files.size(original)));
        assertThat(ModelRun.signalToNoise(wanted, ModelRun.outputs(half, samples)))
            .as(resource + " " + way)
            .isGreaterThan(45);
      }
    }
  }

  /** Values at the borders, by IEEE 754 and the rules of the converter. */
  @Test
  void half_borders_neitherInfiniteNorZero() {
    assertThat(Float16.toFloat(HalfContent.half(65_519))).isEqualTo(65_504);
    assertThat(Float16.toFloat(HalfContent.half(-3.4e38f))).isEqualTo(-65_504);
    assertThat(Float16.toFloat(HalfContent.half(Float.NEGATIVE_INFINITY)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Float16.toFloat(HalfContent.half(Float.NaN))).isNaN();
    assertThat(Float16.toFloat(HalfContent.half(1e-12f))).isEqualTo(0x1p-24f);
    assertThat(Float16.toFloat(HalfContent.half(-1e-30f))).isEqualTo(-0x1p-24f);
    assertThat(HalfContent.half(-0f)).isEqualTo((short) 0x8000);
    assertThat(Float16.toFloat(HalfContent.half(1 + 0x1p-11f))).isEqualTo(1);
  }

  @Test
  void content_oddPieces_areTheSameBytes() throws IOException {
    float[] values = new float[70_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * i / 2;
    }
    Weight weight = Weight.ofFloats("w", Shape.of(values.length), values);
    HalfContent content = new HalfContent(weight.elements());
    byte[] whole = content.bytes();
    for (int i = 0; i < values.length; i++) {
      short half = (short) ((whole[2 * i] & 255) | (whole[2 * i + 1] << 8));
      assertThat(half).isEqualTo(Float16.fromFloat(values[i]));
    }
    byte[] pieces = new byte[whole.length];
    for (int at = 0; at < pieces.length; at += 33_333) {
      content.read(at, ByteBuffer.wrap(pieces, at, Math.min(33_333, pieces.length - at)));
    }
    assertThat(pieces).isEqualTo(whole);
  }

  @Test
  void overflow_storedStaysAFloat_computedIsClampedOrRefused() {
    float[] huge = new float[256];
    huge[3] = 70_000;
    huge[4] = -1e9f;
    Path file =
        new TestGraph(13)
            .input("x", 1, 16)
            .floats("huge", huge, 16, 16)
            .weight("w", 16, 16)
            .node("MatMul", "x w", "y")
            .node("MatMul", "y huge", "z")
            .output("z", 1, 16)
            .save(folder.resolve("huge.onnx"));
    assertThat(type(converted(file, STORED), "huge")).isEqualTo(OnnxElementType.FLOAT);
    assertThat(type(converted(file, STORED), "w_half")).isEqualTo(OnnxElementType.FLOAT16);
    try (ModelGraph model =
        ModelGraph.open(ModelSource.path(converted(file, STORED.halfPrecision())))) {
      float[] clamped = model.graph().weight("huge_half").orElseThrow().floats();
      assertThat(clamped[3]).isEqualTo(65_504);
      assertThat(clamped[4]).isEqualTo(-65_504);
    }
    for (Float16Quantization way : List.of(STORED, STORED.halfPrecision())) {
      assertThatThrownBy(() -> converted(file, way.refuseOverflow()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("\"huge\"")
          .hasMessageContaining("-1.0E9");
    }
  }

  private static OnnxElementType type(Path file, String weight) {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
      return model.graph().weight(weight).orElseThrow().type();
    }
  }

  @Test
  void halfPrecision_blockedNodes_getCastsOnce() {
    Path file = mixed();
    Map<String, Tensor> sample = Map.of("x", Tensor.of(wave(), 1, 2, 4, 4));
    float[] wanted = ModelRun.outputs(file, List.of(sample)).get(0);
    for (Float16Quantization way :
        List.of(
            STORED.halfPrecision(),
            STORED.halfPrecision().excludeOperators("Softmax"),
            STORED.halfPrecision().exclude("c_node"))) {
      Path half = converted(file, way);
      float[] found = ModelRun.outputs(half, List.of(sample)).get(0);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(found[i]).as(way.toString()).isCloseTo(wanted[i], within(2e-3f));
      }
    }
    try (ModelGraph model =
        ModelGraph.open(ModelSource.path(converted(file, STORED.halfPrecision())))) {
      // Into the first convolution, around Max and of one output; the other output is of Max.
      assertThat(model.graph().nodes().stream().filter(node -> node.is("Cast"))).hasSize(4);
    }
  }

  @Test
  void halfInputsAndOutputs_becomeHalf() {
    Path half = folder.resolve("half.onnx");
    Compression.of(ModelSource.path(mixed()))
        .quantize(STORED.halfInputsAndOutputs())
        .unchecked()
        .saveTo(half);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(half))) {
      assertThat(model.graph().inputs())
          .allMatch(input -> input.type().element() == OnnxElementType.FLOAT16);
      assertThat(model.graph().outputs())
          .allMatch(output -> output.type().element() == OnnxElementType.FLOAT16);
    }
    float[] x = wave();
    Tensor halves = Tensor.allocate(ElementType.FLOAT16, Shape.of(1, 2, 4, 4));
    for (int i = 0; i < x.length; i++) {
      halves.data().putShort(i * Short.BYTES, Float16.fromFloat(x[i]));
    }
    float[] found = ModelRun.outputs(half, List.of(Map.of("x", halves))).get(0);
    Map<String, Tensor> sample = Map.of("x", Tensor.of(x, 1, 2, 4, 4));
    float[] wanted = ModelRun.outputs(mixed(), List.of(sample)).get(0);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], within(2e-3f));
    }
  }

  @Test
  void float16_nothingToDo_isRefused() {
    Path file =
        new TestGraph(13)
            .input("x", 4)
            .node("Relu", "x", "y")
            .output("y", 4)
            .save(folder.resolve("relu.onnx"));
    assertThatThrownBy(() -> converted(file, STORED))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no float weight");
    assertThatThrownBy(() -> converted(file, STORED.halfPrecision().exclude("nobody")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nobody");
  }

  /** A convolution, a resize whose scales stay floats, a Max that stays float, two outputs. */
  private Path mixed() {
    return new TestGraph(13)
        .input("x", 1, 2, 4, 4)
        .weight("w", 4, 2, 3, 3)
        .floats("scales", new float[] {1, 1, 2, 2}, 4)
        .floats("floor", new float[] {-0.5f}, 1)
        .node("Conv", "x w", "c", "pads", new long[] {1, 1, 1, 1})
        .node("Resize", "c - scales", "r", "mode", "nearest")
        .node("Max", "r floor", "m")
        .node("Softmax", "m", "y", "axis", 1)
        .node("Relu", "m", "z")
        .output("y", 1, 4, 8, 8)
        .output("m", 1, 4, 8, 8)
        .save(folder.resolve("mixed.onnx"));
  }

  private static float[] wave() {
    float[] values = new float[32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(i);
    }
    return values;
  }

  private Path converted(Path original, Float16Quantization way) {
    Path target = folder.resolve("half.onnx");
    Compression.of(ModelSource.path(original)).quantize(way).saveTo(target);
    return target;
  }
}
