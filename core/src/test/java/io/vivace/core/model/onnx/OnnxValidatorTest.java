package io.vivace.core.model.onnx;

import static io.vivace.core.model.onnx.TestModels.body;
import static io.vivace.core.model.onnx.TestModels.graph;
import static io.vivace.core.model.onnx.TestModels.integers;
import static io.vivace.core.model.onnx.TestModels.model;
import static io.vivace.core.model.onnx.TestModels.node;
import static io.vivace.core.model.onnx.TestModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxValidatorTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        TestModels.DIGITS,
        TestModels.MINILM,
        TestModels.CLASSIFIER,
        TestModels.DETECTOR,
        "/models/ch_PP-OCRv3_det_infer.onnx",
        "/models/ch_PP-OCRv3_rec_infer.onnx",
        "/models/ch_PP-OCRv4_rec_infer.onnx"
      })
  void validate_realFile_passes(String resource) {
    assertThat(OnnxValidator.validate(TestModels.file(resource)).graph().nodes()).isNotEmpty();
  }

  @Test
  void validate_artifact_namesTheModelAsTheArtifactDoes() throws IOException {
    Path file = write("no model".getBytes(StandardCharsets.UTF_8));
    ModelArtifact artifact = ModelArtifact.of("from memory", file, ModelFormat.ONNX);

    assertThatThrownBy(() -> OnnxValidator.validate(artifact, OnnxLimits.standard()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("\"from memory\"");
  }

  @Test
  void validate_textFile_isRefused() throws IOException {
    assertRefused("This is not a model.\n".getBytes(StandardCharsets.UTF_8))
        .hasMessageContaining("model.onnx");
  }

  @Test
  void validate_emptyFile_isRefused() throws IOException {
    assertRefused(new byte[0]).hasMessageContaining("has no graph (0 bytes)");
  }

  @Test
  void validate_modelWithoutGraph_isRefused() throws IOException {
    assertRefused(ModelProto.newBuilder().setIrVersion(8).build()).hasMessageContaining("no graph");
  }

  @Test
  void validate_truncatedFile_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(TestModels.file(TestModels.DIGITS));
    assertRefused(Arrays.copyOf(whole, whole.length / 2)).hasMessageContaining("are left");
  }

  @Test
  void validate_lengthBeyondTheEnd_isRefused() throws IOException {
    assertRefused(
            bytes(
                out -> {
                  out.writeTag(7, 2);
                  out.writeUInt64NoTag(Long.MAX_VALUE);
                }))
        .hasMessageContaining("length of 9223372036854775807 bytes where only 0 are left");
  }

  @Test
  void validate_numberOfMoreThan64Bits_isRefused() throws IOException {
    byte[] bytes = new byte[12];
    Arrays.fill(bytes, (byte) 0xFF);
    bytes[0] = 8;
    assertRefused(bytes).hasMessageContaining("more than 64 bits");
  }

  @Test
  void validate_numberCutOff_isRefused() throws IOException {
    assertRefused(new byte[] {8, (byte) 0x80}).hasMessageContaining("middle of a number");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 6, 7})
  void validate_wireTypeThatOnnxNeverUses_isRefused(int wireType) throws IOException {
    assertRefused(bytes(out -> out.writeTag(100, wireType))).hasMessageContaining("wire type");
  }

  @Test
  void validate_knownFieldWithOtherWireType_isRefused() throws IOException {
    assertRefused(bytes(out -> out.writeUInt64(7, 1))).hasMessageContaining("field 7");
  }

  @Test
  void validate_twoGraphsThatProtobufWouldMerge_isRefused() throws IOException {
    byte[] one = model(graph(node("a", "Relu", "x"))).toByteArray();
    byte[] twice = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, twice, one.length, one.length);

    assertRefused(twice).hasMessageContaining("twice");
  }

  @Test
  void validate_nameThatIsNotUtf8_isRefused() throws IOException {
    ModelProto model =
        model(
            graph(node("a", "Relu", "x"))
                .setNameBytes(ByteString.copyFrom(new byte[] {(byte) 0xC0})));
    assertRefused(model).hasMessageContaining("not UTF-8");
  }

  @Test
  void validate_nameOfManyControlCharacters_isShownShortAndPlain() throws IOException {
    String name = "\u001b[31m".repeat(1_000);
    assertRefused(model(graph(node("a", "Relu", name))))
        .satisfies(
            error -> assertThat(error.getMessage()).doesNotContain("\u001b").hasSizeLessThan(400));
  }

  @Test
  void validate_moreParts_thanAllowed_isRefused() throws IOException {
    GraphProto.Builder graph = graph();
    for (int i = 0; i < 100; i++) {
      graph.addNode(node("n" + i, "Relu", "x"));
    }
    Path file = write(model(graph).toByteArray());

    assertThatThrownBy(() -> OnnxValidator.validate(file, OnnxLimits.standard().parts(200)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("OnnxLimits.parts");
    assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void validate_nestedIfs_withinTheLimit_passes(int depth) throws IOException {
    assertPasses(model(nested(depth).addOutput(value("y0"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 16, 2_000})
  void validate_nestedIfs_beyondTheLimit_isRefused(int depth) throws IOException {
    assertRefused(nestedBytes(depth)).hasMessageContaining("more than 8 deep");
  }

  @Test
  void validate_nestedTypes_isRefused() throws IOException {
    ByteString type = ByteString.EMPTY;
    for (int i = 0; i < 5_000; i++) {
      type = field(4, field(1, type));
    }
    ByteString input = field(11, field(2, type));
    assertRefused(field(7, input).toByteArray()).hasMessageContaining("types nested");
  }

  @Test
  void validate_nodeThatUsesItsOwnOutput_isRefused() throws IOException {
    assertRefused(model(graph(node("a", "Add", "x", "a"))))
        .hasMessageContaining("cycle")
        .hasMessageContaining("\"a\"");
  }

  @Test
  void validate_nodesThatWaitForEachOther_isRefused() throws IOException {
    assertRefused(
            model(
                graph(node("a", "Add", "x", "c"), node("b", "Relu", "a"), node("c", "Relu", "b"))))
        .hasMessageContaining("cycle");
  }

  @Test
  void validate_bodyThatUsesItsOwnNode_isRefused() throws IOException {
    assertRefused(
            model(
                graph(
                    node("a", "If", "x")
                        .addAttribute(
                            body(
                                "then_branch",
                                GraphProto.newBuilder().addNode(node("b", "Relu", "a")))))))
        .hasMessageContaining("cycle");
  }

  @Test
  void validate_nodesOutOfOrder_passes() throws IOException {
    assertPasses(
        model(graph(node("b", "Relu", "a"), node("a", "Relu", "x")).addOutput(value("b"))));
  }

  @Test
  void validate_nameDefinedTwice_isRefused() throws IOException {
    assertRefused(model(graph(node("a", "Relu", "x"), node("a", "Tanh", "x"))))
        .hasMessageContaining("twice");
  }

  @Test
  void validate_outputNamedLikeAnInput_isRefused() throws IOException {
    assertRefused(model(graph(node("x", "Relu", "x")))).hasMessageContaining("twice");
  }

  @Test
  void validate_undefinedName_isRefused() throws IOException {
    assertRefused(model(graph(node("a", "Add", "x", "nowhere"))))
        .hasMessageContaining("\"nowhere\"")
        .hasMessageContaining("\"a\"");
  }

  @Test
  void validate_undefinedOutput_isRefused() throws IOException {
    assertRefused(model(graph(node("a", "Relu", "x")).addOutput(value("b"))))
        .hasMessageContaining("\"b\"");
  }

  @Test
  void validate_inputLeftOut_passes() throws IOException {
    assertPasses(model(graph(node("a", "Clip", "x", "", "x"))));
  }

  @Test
  void validate_bodyThatUsesNamesFromOutside_passes() throws IOException {
    assertPasses(
        model(
            graph(
                node("before", "Relu", "x"),
                node("a", "If", "x")
                    .addAttribute(
                        body(
                            "then_branch",
                            GraphProto.newBuilder()
                                .addNode(node("b", "Relu", "before"))
                                .addOutput(value("b")))))));
  }

  @Test
  void validate_undefinedNameInABody_isRefused() throws IOException {
    assertRefused(
            model(
                graph(
                    node("a", "If", "x")
                        .addAttribute(
                            body(
                                "then_branch",
                                GraphProto.newBuilder().addNode(node("b", "Relu", "nowhere")))))))
        .hasMessageContaining("\"nowhere\"")
        .hasMessageContaining("\"b\"");
  }

  @Test
  void validate_functionThatCallsItself_isRefused() throws IOException {
    ModelProto model =
        model(graph(call("y", 0, "x"))).toBuilder()
            .addFunctions(function(0).addNode(call("m", 1, "in")).addNode(call("out", 1, "m")))
            .addFunctions(function(1).addNode(call("out", 0, "in")))
            .build();
    assertRefused(model).hasMessageContaining("calls itself");
  }

  @Test
  void validate_functionsThatGrowBeyondMeasure_isRefused() throws IOException {
    assertRefused(doubling(40)).hasMessageContaining("OnnxLimits.parts");
  }

  @Test
  void validate_functionsThatGrowALittle_passes() throws IOException {
    assertPasses(doubling(5));
  }

  @Test
  void validate_bodiesNestedThroughFunctions_isRefused() throws IOException {
    ModelProto.Builder model = model(graph(call("y", 11, "x"))).toBuilder();
    for (int i = 0; i < 12; i++) {
      GraphProto.Builder branch =
          GraphProto.newBuilder()
              .addNode(i == 0 ? node("b", "Relu", "in") : call("b", i - 1, "in"));
      model.addFunctions(
          function(i).addNode(node("out", "If", "in").addAttribute(body("then_branch", branch))));
    }
    assertRefused(model.build()).hasMessageContaining("OnnxLimits.subgraphDepth");
  }

  @Test
  void validate_longChainOfFunctions_isRefused() throws IOException {
    ModelProto.Builder model = model(graph(node("y", "Relu", "x"))).toBuilder();
    for (int i = 0; i < 10_000; i++) {
      model.addFunctions(function(i).addNode(call("out", i + 1, "in")));
    }
    assertRefused(model.build()).hasMessageContaining("more than 64 deep");
  }

  @Test
  void validate_longChainOfNodes_passes() throws IOException {
    GraphProto.Builder graph = graph();
    String before = "x";
    for (int i = 0; i < 50_000; i++) {
      graph.addNode(0, node("n" + i, "Relu", before));
      before = "n" + i;
    }
    assertPasses(model(graph));
  }

  @Test
  void limits_print_everyValue() {
    assertThat(OnnxLimits.standard().subgraphDepth(3).constantBytes(5).parts(7))
        .hasToString("OnnxLimits[subgraphDepth=3, constantBytes=5, parts=7]");
  }

  @Test
  void limits_outOfRange_areRefused() {
    assertThatThrownBy(() -> OnnxLimits.standard().subgraphDepth(65))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OnnxLimits.standard().constantBytes(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OnnxLimits.standard().parts(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ModelProto doubling(int functions) {
    ModelProto.Builder model =
        model(graph(call("y", functions - 1, "x")).addInitializer(integers("unused", 1)))
            .toBuilder();
    model.addFunctions(function(0).addNode(node("out", "Relu", "in")));
    for (int i = 1; i < functions; i++) {
      model.addFunctions(
          function(i).addNode(call("m", i - 1, "in")).addNode(call("out", i - 1, "m")));
    }
    return model.build();
  }

  private static FunctionProto.Builder function(int number) {
    return FunctionProto.newBuilder()
        .setDomain("test")
        .setName("f" + number)
        .addInput("in")
        .addOutput("out");
  }

  private static ai.onnx.proto.OnnxMl.NodeProto.Builder call(
      String output, int number, String input) {
    return node(output, "f" + number, input).setDomain("test");
  }

  private static GraphProto.Builder nested(int depth) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addNode(node("y" + depth, "Relu", "x"))
            .addOutput(value("y" + depth));
    for (int i = depth - 1; i >= 0; i--) {
      graph =
          GraphProto.newBuilder()
              .addNode(node("y" + i, "If", "x").addAttribute(body("then_branch", graph)));
      if (i > 0) {
        graph.addOutput(value("y" + i));
      }
    }
    return graph.addInput(value("x"));
  }

  /** Built from the inside out by hand: protobuf's classes would overflow the stack. */
  private static byte[] nestedBytes(int depth) {
    ByteString graph = graph(node("y", "Relu", "x")).build().toByteString();
    for (int i = 0; i < depth; i++) {
      graph = field(1, field(5, field(6, graph)));
    }
    return field(7, graph).toByteArray();
  }

  private static ByteString field(int number, ByteString content) {
    return ByteString.copyFrom(bytesUnchecked(out -> out.writeBytes(number, content)));
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writing.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] bytesUnchecked(Writing writing) {
    try {
      return bytes(writing);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("model.onnx"), bytes);
  }

  private void assertPasses(ModelProto model) throws IOException {
    Path file = write(model.toByteArray());
    assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(ModelProto model)
      throws IOException {
    return assertRefused(model.toByteArray());
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(byte[] bytes)
      throws IOException {
    Path file = write(bytes);
    return assertThatThrownBy(() -> OnnxValidator.validate(file))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("\"model.onnx\" is refused");
  }
}
