package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.BatchNormFolding;
import io.vivace.optimize.graph.ConstantFolding;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.DuplicateWeights;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.HardSwishFusion;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.Patterns;
import io.vivace.optimize.graph.ShortNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes that must not change what a model computes, checked in ONNX Runtime. */
class GraphPassesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    TestModels.MINILM + ",18",
    TestModels.FASHION + ",22",
    TestModels.CLASSIFIER + ",13",
    TestModels.CLASSIFIER + ",22",
    TestModels.RECOGNIZER + ",21"
  })
  void opsetConversion_realModel_computesTheSame(String resource, long version) {
    CompressionReport report = run(resource, OpsetConversion.atLeast(version));
    assertThat(report.differences()).isNotEmpty();
    assertSame(report, 60);
    try (ModelGraph model = ModelGraph.open(ModelSource.path(folder.resolve("out.onnx")))) {
      assertThat(model.opset()).isEqualTo(version);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TestModels.FASHION,
        TestModels.CLASSIFIER,
        TestModels.RECOGNIZER,
        TestModels.MINILM
      })
  void cleaning_realModel_computesTheSameWithLess(String resource) {
    CompressionReport report =
        run(
            resource,
            new ConstantFolding(),
            new DeadCode(),
            new DuplicateWeights(),
            new ShortNames());
    assertSame(report, Double.POSITIVE_INFINITY);
    assertThat(report.after().operators()).doesNotContainKey("Constant");
    assertThat(report.after().bytes()).isLessThan(report.before().bytes());
  }

  @Test
  void hardSwishFusion_classifier_writesThemWithoutDivisions() {
    CompressionReport report = run(TestModels.CLASSIFIER, new HardSwishFusion());
    assertThat(report.before().operators()).containsEntry("Div", 18).containsEntry("Clip", 18);
    assertThat(report.after().operators())
        .doesNotContainKey("Div")
        .doesNotContainKey("Clip")
        .containsEntry("HardSigmoid", 27);
    assertSame(report, 100);
  }

  /** The three ways in which it is written, and one that only looks like it. */
  @Test
  void hardSwishFusion_spellings_computeTheSame() {
    Path file =
        new TestGraph(13)
            .input("x", 8)
            .floats("three", new float[] {3}, 1)
            .floats("zero", new float[] {0}, new long[0])
            .floats("six", new float[] {6}, new long[0])
            .floats("seven", new float[] {7}, new long[0])
            .floats("sixth", new float[] {1f / 6}, new long[0])
            .node("Add", "x three", "s")
            .node("Clip", "s zero six", "c")
            .node("Mul", "c x", "p")
            .node("Div", "p six", "a")
            .node("Mul", "c sixth", "h")
            .node("Mul", "x h", "b")
            .node("Clip", "s zero seven", "d")
            .node("Div", "d six", "e")
            .output("a", 8)
            .output("b", 8)
            .output("e", 8)
            .output("c", 8)
            .save(folder.resolve("spellings.onnx"));
    CompressionReport report =
        Compression.of(ModelSource.path(file))
            .pass(new HardSwishFusion())
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.after().operators())
        .containsEntry("HardSigmoid", 2)
        .containsEntry("Clip", 2)
        .containsEntry("Div", 1);
    assertSame(report, 100);
  }

  @Test
  void batchNormFolding_classifier_removesAllAfterConvolutions() {
    CompressionReport report = run(TestModels.CLASSIFIER, new BatchNormFolding(), new DeadCode());
    assertThat(report.before().operators()).containsEntry("BatchNormalization", 35);
    assertThat(report.after().operators()).doesNotContainKey("BatchNormalization");
    assertSame(report, 80);
  }

  @Test
  void opsetConversion_softmaxOverSeveralAxes_computesTheSame() throws Exception {
    NodeProto softmax =
        NodeProto.newBuilder()
            .setOpType("Softmax")
            .addInput("x")
            .addOutput("y")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("axis")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(1))
            .build();
    NodeProto clip =
        NodeProto.newBuilder()
            .setOpType("Clip")
            .addInput("y")
            .addOutput("z")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("max")
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF(0.05f))
            .build();
    Path source = folder.resolve("softmax.onnx");
    Files.write(source, model(9, softmax, clip).toByteArray());
    CompressionReport report =
        Compression.of(ModelSource.path(source))
            .pass(OpsetConversion.atLeast(13))
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.after().operators()).containsKeys("Flatten", "Reshape");
    assertSame(report, 120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nearest", "linear"})
  void opsetConversion_upsample_computesTheSame(String mode) throws Exception {
    NodeProto upsample =
        NodeProto.newBuilder()
            .setOpType("Upsample")
            .addInput("x")
            .addOutput("y")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("mode")
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(mode)))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("scales")
                    .setType(AttributeProto.AttributeType.FLOATS)
                    .addAllFloats(List.of(1f, 1.5f, 2f)))
            .build();
    NodeProto sum =
        NodeProto.newBuilder()
            .setOpType("ReduceMax")
            .addInput("y")
            .addOutput("z")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("axes")
                    .setType(AttributeProto.AttributeType.INTS)
                    .addInts(2))
            .build();
    ModelProto model = model(8, upsample, sum);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    graph.getOutputBuilder(0).getTypeBuilder().getTensorTypeBuilder().clearShape();
    Path source = folder.resolve("upsample.onnx");
    Files.write(source, model.toBuilder().setGraph(graph).build().toByteArray());
    CompressionReport report =
        Compression.of(ModelSource.path(source))
            .pass(OpsetConversion.atLeast(18))
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.after().operators()).containsKey("Resize");
    assertSame(report, 120);
  }

  @Test
  void opsetConversion_unknownTarget_isRefused() {
    assertThatThrownBy(() -> OpsetConversion.atLeast(23))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("7 to 22");
  }

  @Test
  void patterns_sentenceEncoder_findsAll() {
    try (ModelGraph model = ModelGraph.open(ModelSource.path(TestModels.file(TestModels.MINILM)))) {
      assertThat(Patterns.gelus(model.graph())).hasSize(6);
      assertThat(Patterns.layerNorms(model.graph()))
          .hasSize(13)
          .allSatisfy(
              norm -> {
                assertThat(norm.scale()).endsWith("LayerNorm.weight");
                assertThat(norm.shift()).endsWith("LayerNorm.bias");
                assertThat(norm.epsilon()).isEqualTo(1e-12f);
              });
    }
  }

  private CompressionReport run(String resource, GraphPass... passes) {
    Compression compression = Compression.of(ModelSource.path(TestModels.file(resource)));
    for (GraphPass pass : passes) {
      compression = compression.pass(pass);
    }
    return compression
        .samples(
            resource.equals(TestModels.MINILM)
                ? CompressionTest.sentences().subList(0, 2)
                : CompressionTest.images(resource))
        .saveTo(folder.resolve("out.onnx"));
  }

  private static void assertSame(CompressionReport report, double decibels) {
    assertThat(report.differences())
        .isNotEmpty()
        .allSatisfy(
            difference ->
                assertThat(difference.signalToNoiseDecibels()).isGreaterThanOrEqualTo(decibels));
  }

  private static ModelProto model(long opset, NodeProto... nodes) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(1)
            .setShape(
                TensorShapeProto.newBuilder()
                    .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(2))
                    .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(3))
                    .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(4)));
    TypeProto type = TypeProto.newBuilder().setTensorType(tensor).build();
    return ModelProto.newBuilder()
        .setIrVersion(4)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(
            GraphProto.newBuilder()
                .setName("g")
                .addAllNode(List.of(nodes))
                .addInput(ValueInfoProto.newBuilder().setName("x").setType(type))
                .addOutput(ValueInfoProto.newBuilder().setName("z").setType(type)))
        .build();
  }
}
