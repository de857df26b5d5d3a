package io.vivace.core.model.onnx;

import static io.vivace.core.model.onnx.TestModels.body;
import static io.vivace.core.model.onnx.TestModels.graph;
import static io.vivace.core.model.onnx.TestModels.integers;
import static io.vivace.core.model.onnx.TestModels.model;
import static io.vivace.core.model.onnx.TestModels.node;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantCheckTest {
  private static final long HUGE = 10_000_000_000L;

  @TempDir Path folder;

  @Test
  void constantOfShape_beyondTheLimit_isRefused() throws IOException {
    assertRefused(graph(node("c", "ConstantOfShape", "s")).addInitializer(integers("s", HUGE)));
    assertRefused(
        graph(node("c", "ConstantOfShape", "s")).addInitializer(integers("s", 100_000, 100_000)));
    assertRefused(
        graph(node("c", "ConstantOfShape", "s"))
            .addInitializer(integers("s", Long.MAX_VALUE, Long.MAX_VALUE)));
  }

  @Test
  void constantOfShape_atTheLimit_passesAndOneMoreIsRefused() throws IOException {
    long floats = (1L << 30) / 4;
    assertPasses(graph(node("c", "ConstantOfShape", "s")).addInitializer(integers("s", floats)));
    assertRefused(
        graph(node("c", "ConstantOfShape", "s")).addInitializer(integers("s", floats + 1)));
  }

  @Test
  void limit_raised_lets_theModelPass() throws IOException {
    Path file = write(graph(node("c", "ConstantOfShape", "s")).addInitializer(integers("s", HUGE)));
    assertThatNoException()
        .isThrownBy(
            () -> OnnxValidator.validate(file, OnnxLimits.standard().constantBytes(4 * HUGE)));
  }

  @Test
  void constantsOfSeveralNodes_areAddedUp() throws IOException {
    GraphProto.Builder graph = graph().addInitializer(integers("s", 60_000_000));
    for (int i = 0; i < 5; i++) {
      graph.addNode(node("c" + i, "ConstantOfShape", "s"));
    }
    assertRefused(graph);
  }

  @Test
  void elementTypeOfTheFill_countsTowardsTheSize() throws IOException {
    AttributeProto.Builder bytes =
        AttributeProto.newBuilder()
            .setName("value")
            .setT(TensorProto.newBuilder().setDataType(2).addDims(1).addInt32Data(1));
    assertPasses(
        graph(node("c", "ConstantOfShape", "s").addAttribute(bytes))
            .addInitializer(integers("s", 1_000_000_000)));
  }

  @Test
  void shapeFromAConstantNode_isFollowed() throws IOException {
    assertRefused(graph(constant("s", HUGE), node("c", "ConstantOfShape", "s")));
    NodeProto.Builder ints =
        node("s", "Constant")
            .addAttribute(
                AttributeProto.newBuilder().setName("value_ints").addInts(HUGE).addInts(2));
    assertRefused(graph(ints, node("c", "ConstantOfShape", "s")));
  }

  @Test
  void shapeThatIsComputed_isFollowed() throws IOException {
    assertRefused(
        graph(
            constant("a", 100_000),
            node("b", "Mul", "a", "a"),
            node("u", "Identity", "b"),
            node("c", "ConstantOfShape", "u")));
    assertRefused(
        graph(
            constant("a", 100_000),
            node("b", "Concat", "a", "a").addAttribute(integer("axis", 0)),
            node("c", "ConstantOfShape", "b")));
    assertRefused(
        graph(
            constant("a", 1, HUGE),
            constant("one", 1),
            node("b", "Gather", "a", "one"),
            node("c", "ConstantOfShape", "b")));
  }

  @Test
  void nodesOutOfOrder_areFollowedAllTheSame() throws IOException {
    assertRefused(graph(node("c", "ConstantOfShape", "s"), constant("s", HUGE)));
  }

  @Test
  void expandAndTile_evenOfInputs_areRefused() throws IOException {
    assertRefused(graph(constant("s", HUGE), node("e", "Expand", "x", "s")));
    assertRefused(graph(constant("s", HUGE), node("t", "Tile", "x", "s")));
  }

  @Test
  void range_beyondTheLimit_isRefused() throws IOException {
    assertRefused(range(0, HUGE, 1));
    assertRefused(range(HUGE, 0, -1));
    assertRefused(range(Long.MIN_VALUE, Long.MAX_VALUE, 1));
    assertPasses(range(0, HUGE, HUGE / 2));
    assertPasses(range(0, HUGE, -1));
    assertPasses(range(0, HUGE, 0));
  }

  @Test
  void oneHot_beyondTheLimit_isRefused() throws IOException {
    assertRefused(
        graph(
            constant("i", 1, 2),
            constant("depth", HUGE),
            constant("pair", 0, 1),
            node("o", "OneHot", "i", "depth", "pair")));
  }

  @Test
  void randomTensor_beyondTheLimit_isRefused() throws IOException {
    AttributeProto.Builder shape = AttributeProto.newBuilder().setName("shape").addInts(HUGE);
    assertRefused(graph(node("r", "RandomNormal").addAttribute(shape)));
  }

  @Test
  void constantsThatMultiply_areRefused() throws IOException {
    GraphProto.Builder columnAndRow =
        graph().addInitializer(zeros("a", 40_000, 1)).addInitializer(zeros("b", 1, 40_000));
    assertRefused(columnAndRow.clone().addNode(node("m", "MatMul", "a", "b")));
    assertRefused(columnAndRow.clone().addNode(node("m", "Add", "a", "b")));
    assertRefused(
        columnAndRow
            .clone()
            .addNode(node("m", "Less", "a", "b"))
            .addNode(node("n", "Where", "m", "a", "b")));
    assertPasses(columnAndRow.clone().addNode(node("m", "Add", "a", "a")));
  }

  @Test
  void gather_ofManyRows_isRefused() throws IOException {
    assertRefused(
        graph(node("g", "Gather", "a", "i"))
            .addInitializer(zeros("a", 1, 40_000))
            .addInitializer(zeros("i", 40_000).setDataType(7).setRawData(bytes(320_000))));
  }

  @Test
  void chainThatDoubles_isRefused() throws IOException {
    GraphProto.Builder graph = graph(constant("c0", 1));
    for (int i = 1; i < 40; i++) {
      graph.addNode(
          node("c" + i, "Concat", "c" + (i - 1), "c" + (i - 1)).addAttribute(integer("axis", 0)));
    }
    assertRefused(graph);
  }

  @Test
  void partsThatAreJoined_buildNothingNew() throws IOException {
    Path file =
        write(
            graph(node("c", "Concat", "a", "b").addAttribute(integer("axis", 0)))
                .addInitializer(integers("a", 1, 2))
                .addInitializer(integers("b", 3, 4)));
    assertThatNoException()
        .isThrownBy(() -> OnnxValidator.validate(file, OnnxLimits.standard().constantBytes(0)));
  }

  @Test
  void chainThatAddsAxes_takesLinearTime() throws IOException {
    GraphProto.Builder graph = graph(constant("c0", 0), constant("i", 0));
    for (int i = 1; i < 20_000; i++) {
      graph.addNode(node("c" + i, "OneHot", "c" + (i - 1), "i", "i"));
    }
    assertPasses(graph);
  }

  @Test
  void constantOfABody_countsAndSeesNamesFromOutside() throws IOException {
    assertRefused(
        graph(
            constant("s", HUGE),
            node("a", "If", "x")
                .addAttribute(
                    body(
                        "then_branch",
                        GraphProto.newBuilder().addNode(node("b", "ConstantOfShape", "s"))))));
  }

  @Test
  void constantOfAFunction_countsOncePerCall() throws IOException {
    FunctionProto.Builder function =
        FunctionProto.newBuilder()
            .setDomain("test")
            .setName("f")
            .addOutput("c")
            .addNode(constant("s", 60_000_000))
            .addNode(node("c", "ConstantOfShape", "s"));
    GraphProto.Builder graph = graph();
    for (int calls = 1; calls <= 5; calls++) {
      graph.addNode(node("y" + calls, "f").setDomain("test"));
      Path file = write(model(graph).toBuilder().addFunctions(function).build());
      if (calls < 5) {
        assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
      } else {
        assertThatThrownBy(() -> OnnxValidator.validate(file))
            .hasMessageContaining("OnnxLimits.constantBytes");
      }
    }
  }

  @Test
  void initializerThatTheCallerMayReplace_isNoConstant() throws IOException {
    assertPasses(
        graph(node("c", "ConstantOfShape", "s"))
            .addInitializer(integers("s", HUGE))
            .addInput(TestModels.value("s")));
  }

  @Test
  void operatorOfAnotherDomain_isLeftAlone() throws IOException {
    assertPasses(
        graph(node("c", "ConstantOfShape", "s").setDomain("test"))
            .addInitializer(integers("s", HUGE)));
  }

  private static GraphProto.Builder range(long start, long end, long step) {
    return graph(
        scalar("from", start),
        scalar("to", end),
        scalar("by", step),
        node("r", "Range", "from", "to", "by"));
  }

  private static NodeProto.Builder scalar(String name, long value) {
    return node(name, "Constant").addAttribute(integer("value_int", value));
  }

  private static NodeProto.Builder constant(String name, long... values) {
    return node(name, "Constant")
        .addAttribute(AttributeProto.newBuilder().setName("value").setT(integers("", values)));
  }

  private static AttributeProto.Builder integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value);
  }

  private static TensorProto.Builder zeros(String name, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    long elements = 1;
    for (long size : dims) {
      tensor.addDims(size);
      elements *= size;
    }
    return tensor.setRawData(bytes(4 * (int) elements));
  }

  private static com.google.protobuf.ByteString bytes(int count) {
    return com.google.protobuf.ByteString.copyFrom(new byte[count]);
  }

  private Path write(GraphProto.Builder graph) throws IOException {
    return write(model(graph));
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.toByteArray());
  }

  private void assertPasses(GraphProto.Builder graph) throws IOException {
    Path file = write(graph);
    assertThatNoException().isThrownBy(() -> OnnxValidator.validate(file));
  }

  private void assertRefused(GraphProto.Builder graph) throws IOException {
    Path file = write(graph);
    assertThatThrownBy(() -> OnnxValidator.validate(file))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("OnnxLimits.constantBytes");
  }
}
