package io.vivace.optimize.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.CompressionTest;
import io.vivace.optimize.TestGraph;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.ConstantLifting;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.Macs;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.ChannelClasses.Axis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pruned model against the original whose products take 0 of the removed channels. */
class StructuralPruningTest {
  @TempDir Path folder;

  /** A small graph of one rule, and what must come out: weight and shape, several by commas. */
  record Rule(String name, TestGraph graph, String wanted) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Rule> rules() {
    return Stream.of(
        new Rule(
            "gemm",
            image(13)
                .node("Flatten", "x", "f")
                .weight("w1", 12, 64)
                .weight("b1", 12)
                .weight("w2", 12, 5)
                .weight("b2", 5)
                .node("Gemm", "f w1 b1", "g", "transB", 1)
                .node("Relu", "g", "r")
                .node("Gemm", "r w2 b2", "y", "alpha", 0.5f)
                .output("y", -1, 5),
            "w1[6, 64] b1[6] w2[6, 5]"),
        new Rule(
            "matmul-gelu",
            new TestGraph(20)
                .input("x", -1, -2, 6)
                .weight("w1", 6, 8)
                .weight("b1", 8)
                .weight("w2", 8, 3)
                .node("MatMul", "x w1", "m")
                .node("Add", "b1 m", "a")
                .node("Gelu", "a", "g")
                .node("MatMul", "g w2", "y")
                .output("y", -1, -2, 3),
            "w1[6, 4] b1[4] w2[4, 3]"),
        new Rule(
            "residual",
            image(13)
                .weight("w1", 8, 4, 3, 3)
                .weight("w2", 8, 8, 3, 3)
                .weight("b2", 8)
                .weight("w3", 2, 8, 1, 1)
                .node("Conv", "x w1", "c1", "pads", new long[] {1, 1, 1, 1})
                .node("Conv", "c1 w2 b2", "c2", "pads", new long[] {1, 1, 1, 1})
                .node("Add", "c1 c2", "s")
                .node("Conv", "s w3", "y")
                .output("y", -1, 2, 4, 4),
            "w1[4, 4, 3, 3] w2[4, 4, 3, 3] b2[4] w3[2, 4, 1, 1]"),
        new Rule(
            "concat",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 4, 4, 1, 1)
                .weight("w3", 3, 12, 1, 1)
                .node("Conv", "x w1", "c1")
                .node("Conv", "x w2", "c2")
                .node("Concat", "c1 c2", "c", "axis", 1)
                .node("LeakyRelu", "c", "l")
                .node("Conv", "l w3", "y")
                .output("y", -1, 3, 4, 4),
            "w1[4, 4, 1, 1] w2[2, 4, 1, 1] w3[3, 6, 1, 1]"),
        new Rule(
            "depthwise",
            image(13)
                .weight("w1", 6, 4, 1, 1)
                .weight("w2", 12, 1, 3, 3)
                .weight("b2", 12)
                .weight("w3", 2, 12, 1, 1)
                .node("Conv", "x w1", "c1")
                .node("Conv", "c1 w2 b2", "c2", "group", 6)
                .node("Conv", "c2 w3", "y")
                .output("y", -1, 2, 2, 2),
            "w1[3, 4, 1, 1] w2[6, 1, 3, 3] b2[6] w3[2, 6, 1, 1]"),
        new Rule(
            "grouped",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 12, 4, 3, 3)
                .weight("w3", 2, 12, 1, 1)
                .node("Conv", "x w1", "c1")
                .node("Conv", "c1 w2", "c2", "group", 2)
                .node("Conv", "c2 w3", "y")
                .output("y", -1, 2, 2, 2),
            "w1[4, 4, 1, 1] w2[6, 2, 3, 3] w3[2, 6, 1, 1]"),
        new Rule(
            "batch-norm",
            image(13)
                .weight("w1", 8, 4, 3, 3)
                .weight("scale", 8)
                .weight("shift", 8)
                .weight("mean", 8)
                .floats("variance", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 8)
                .weight("slope", 8, 1, 1)
                .weight("w2", 2, 8, 1, 1)
                .node("Conv", "x w1", "c")
                .node("BatchNormalization", "c scale shift mean variance", "n")
                .node("PRelu", "n slope", "p")
                .node("InstanceNormalization", "p scale shift", "i")
                .node("Conv", "i w2", "y")
                .output("y", -1, 2, 2, 2),
            "w1[4, 4, 3, 3] scale[4] variance[4] slope[4, 1, 1] w2[2, 4, 1, 1]"),
        new Rule("flatten", flattened("Flatten"), "w1[4, 4, 3, 3] w2[16, 3]"),
        new Rule("reshape-open", flattened("0,-1"), "w1[4, 4, 3, 3] w2[16, 3]"),
        new Rule("reshape-fixed", flattened("-1,32"), "w1[4, 4, 3, 3] w2[16, 3]"),
        new Rule(
            "transposed-convolution",
            image(13)
                .weight("w1", 4, 6, 2, 2)
                .weight("b1", 6)
                .weight("w2", 6, 1, 2, 2)
                .weight("w3", 6, 2, 2, 2)
                .node("ConvTranspose", "x w1 b1", "c1", "strides", new long[] {2, 2})
                .node("Sigmoid", "c1", "s")
                .node("ConvTranspose", "s w2", "c2", "group", 6)
                .node("ConvTranspose", "c2 w3", "y")
                .output("y", -1, 2, 10, 10),
            "w1[4, 3, 2, 2] b1[3] w2[3, 1, 2, 2] w3[3, 2, 2, 2]"),
        new Rule(
            "squeeze-excite",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 2, 8, 1, 1)
                .weight("w3", 8, 2, 1, 1)
                .weight("w4", 3, 8, 1, 1)
                .node("Conv", "x w1", "c")
                .node("GlobalAveragePool", "c", "p")
                .node("Conv", "p w2", "down")
                .node("Relu", "down", "r")
                .node("Conv", "r w3", "up")
                .node("HardSigmoid", "up", "gate")
                .node("Mul", "c gate", "m")
                .node("Conv", "m w4", "y")
                .output("y", -1, 3, 4, 4),
            "w1[4, 4, 1, 1] w2[1, 4, 1, 1] w3[4, 1, 1, 1] w4[3, 4, 1, 1]"),
        new Rule(
            "split-transpose",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 4, 3)
                .node("Conv", "x w1", "c")
                .node("Split", "c", "a b", "axis", 1)
                .node("Sigmoid", "b", "gate")
                .node("Mul", "a gate", "m")
                .node("Transpose", "m", "t", "perm", new long[] {0, 2, 3, 1})
                .node("MatMul", "t w2", "y")
                .output("y", -1, 4, 4, 3),
            "w1[4, 4, 1, 1] w2[2, 3]"),
        new Rule(
            "split-by-sizes",
            image(11)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 3, 2, 1, 1)
                .weight("w3", 3, 6, 1, 1)
                .node("Conv", "x w1", "c")
                .node("Split", "c", "a b", "axis", 1, "split", new long[] {2, 6})
                .node("Conv", "a w2", "d")
                .node("Conv", "b w3", "e")
                .node("Add", "d e", "y")
                .output("y", -1, 3, 4, 4),
            "w1[4, 4, 1, 1] w2[3, 1, 1, 1] w3[3, 3, 1, 1]"),
        new Rule(
            "pad-resize-pool",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 3, 8, 1, 1)
                .floats("scales", new float[] {1, 1, 2, 2}, 4)
                .longs("pads", 0, 0, 1, 1, 0, 0, 0, 0)
                .node("Conv", "x w1", "c")
                .node("Pad", "c pads", "p")
                .node("Resize", "p - scales", "r", "mode", "nearest")
                .node("MaxPool", "r", "m", "kernel_shape", new long[] {2, 2})
                .node("Conv", "m w2", "y")
                .output("y", -1, 3, 9, 9),
            "w1[4, 4, 1, 1] w2[3, 4, 1, 1]"),
        new Rule(
            "one-weight-in-two-places",
            image(13)
                .weight("w1", 8, 4, 1, 1)
                .weight("w2", 8, 8, 3, 3)
                .weight("w3", 3, 8, 1, 1)
                .node("Conv", "x w1", "c1")
                .node("Conv", "c1 w2", "c2", "pads", new long[] {1, 1, 1, 1})
                .node("Relu", "c2", "r")
                .node("Conv", "r w2", "c3", "pads", new long[] {1, 1, 1, 1})
                .node("Conv", "c3 w3", "y")
                .output("y", -1, 3, 4, 4),
            "w1[4, 4, 1, 1] w2[4, 4, 3, 3] w3[3, 4, 1, 1]"),
        new Rule("attention", attention(false), "q[8, 4] k[8, 4] v[8, 4] o[4, 8]"),
        new Rule("attention-computed-shapes", attention(true), "q[8, 4] k[8, 4] v[8, 4] o[4, 8]"));
  }

  private static TestGraph image(long opset) {
    return new TestGraph(opset).input("x", -1, 4, 4, 4);
  }

  private static TestGraph flattened(String how) {
    TestGraph graph = image(13).weight("w1", 8, 4, 3, 3).weight("w2", 32, 3);
    graph.node("Conv", "x w1", "c");
    if (how.equals("Flatten")) {
      graph.node("Flatten", "c", "f");
    } else {
      long[] shape = Stream.of(how.split(",", -1)).mapToLong(Long::parseLong).toArray();
      graph.longs("shape", shape).node("Reshape", "c shape", "f");
    }
    return graph.node("MatMul", "f w2", "y").output("y", -1, 3);
  }

  /** Two heads of width 4; shapes are constants, or put together from sizes of the input. */
  private static TestGraph attention(boolean computed) {
    TestGraph graph =
        new TestGraph(13)
            .input("x", -1, -2, 8)
            .weight("q", 8, 8)
            .weight("k", 8, 8)
            .weight("v", 8, 8)
            .weight("vb", 8)
            .weight("o", 8, 8)
            .node("MatMul", "x q", "xq")
            .node("MatMul", "x k", "xk")
            .node("MatMul", "x v", "xv0")
            .node("Add", "xv0 vb", "xv");
    if (computed) {
      graph
          .scalar("zero", 0)
          .scalar("one", 1)
          .longs("first", 0)
          .longs("heads", 2)
          .longs("width", 4)
          .longs("all", 8)
          .node("Shape", "xq", "s")
          .node("Gather", "s zero", "n0")
          .node("Gather", "s one", "l0")
          .node("Unsqueeze", "n0 first", "n")
          .node("Unsqueeze", "l0 first", "l")
          .node("Concat", "n l heads width", "split", "axis", 0)
          .node("Concat", "n l all", "join0", "axis", 0)
          .node("Identity", "join0", "join");
    } else {
      graph.longs("split", 0, 0, 2, 4).longs("join", 0, 0, 8);
    }
    return graph
        .node("Reshape", "xq split", "q4")
        .node("Reshape", "xk split", "k4")
        .node("Reshape", "xv split", "v4")
        .node("Transpose", "q4", "qt", "perm", new long[] {0, 2, 1, 3})
        .node("Transpose", "k4", "kt", "perm", new long[] {0, 2, 3, 1})
        .node("Transpose", "v4", "vt", "perm", new long[] {0, 2, 1, 3})
        .node("MatMul", "qt kt", "scores")
        .node("Softmax", "scores", "p", "axis", -1)
        .node("MatMul", "p vt", "h")
        .node("Transpose", "h", "ht", "perm", new long[] {0, 2, 1, 3})
        .node("Reshape", "ht join", "c")
        .node("MatMul", "c o", "y")
        .output("y", -1, -2, 8);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void l2_smallGraph_equalsZeroingAndHasTheShapes(Rule rule) {
    Path file = rule.graph().save(folder.resolve("rule.onnx"));
    boolean sequence = rule.name().startsWith("attention") || rule.name().startsWith("matmul");
    int width = rule.name().startsWith("attention") ? 8 : 6;
    Tensor input =
        sequence
            ? Tensor.of(numbers(3 * 5 * width), 3, 5, width)
            : Tensor.of(numbers(3 * 64), 3, 4, 4, 4);
    assertEqualsZeroing(file, StructuralPruning.l2(), List.of(Map.of("x", input)));
    try (ModelGraph model = open(folder.resolve("pruned.onnx"))) {
      for (String wanted : rule.wanted().split("(?<=]) ", -1)) {
        String name = wanted.substring(0, wanted.indexOf('['));
        assertThat(name + model.graph().weight(name).orElseThrow().shape()).isEqualTo(wanted);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9, 1})
  void l2_imageNetworks_equalsZeroing(double ratio) {
    for (String resource : List.of(TestModels.FASHION, TestModels.CLASSIFIER)) {
      assertEqualsZeroing(
          TestModels.file(resource),
          StructuralPruning.l2().ratio(ratio),
          CompressionTest.images(resource));
    }
  }

  @Test
  void l1_sentenceEncoder_removesHeadsAndNeuronsAndEqualsZeroing() {
    StructuralPruning pruning = StructuralPruning.l1().ratio(0.25);
    CompressionReport report =
        assertEqualsZeroing(
            TestModels.file(TestModels.MINILM), pruning, CompressionTest.sentences().subList(0, 2));
    assertThat(report.after().parameters()).isLessThan(report.before().parameters() - 2_600_000);
    try (ModelGraph model = open(TestModels.file(TestModels.MINILM))) {
      StructuralPlan plan = pruning.plan(model, PassContext.defaults());
      assertThat(plan.groups().stream().filter(group -> group.width() == 32))
          .hasSize(6)
          .allSatisfy(group -> assertThat(group.after()).isEqualTo(9));
      assertThat(plan.groups().stream().filter(group -> group.before() == 1536))
          .hasSize(6)
          .allSatisfy(group -> assertThat(group.after()).isEqualTo(1152));
      assertThat(plan.refusals().toString()).contains("output \"last_hidden_state\"");
    }
  }

  static Stream<Rule> refusals() {
    return Stream.of(
        new Rule("softmax", refused().node("Softmax", "c", "z", "axis", 1), "normalizes"),
        new Rule(
            "layer-norm",
            refused()
                .weight("s", 4, 4)
                .weight("t", 8, 4, 4)
                .node("LayerNormalization", "c t", "z", "axis", 1),
            "normalizes"),
        new Rule(
            "mean",
            refused().node("ReduceMean", "c", "m", "axes", new long[] {1}).node("Mul", "m c", "z"),
            "reduces"),
        new Rule("unknown", refused().node("LRN", "c", "z", "size", 3), "LRN"),
        new Rule(
            "computed-size",
            refused()
                .longs("one", 1)
                .node("Shape", "c", "s")
                .node("Gather", "s one", "n")
                .node("Cast", "n", "f", "to", 1)
                .node("Div", "c f", "z"),
            "computes with the size"),
        new Rule("output", refused().node("Relu", "c", "z").output("c", -1, 8, 4, 4), "output"));
  }

  private static TestGraph refused() {
    return image(17).weight("w1", 8, 4, 1, 1).weight("w2", 3, 8, 1, 1).node("Conv", "x w1", "c");
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void apply_whatCannotBeProved_isRefusedWithTheReason(Rule rule) {
    Path file =
        rule.graph()
            .node("Conv", "z w2", "y")
            .output("y", -1, 3, 4, 4)
            .save(folder.resolve("refused.onnx"));
    try (ModelGraph model = open(file)) {
      assertThatThrownBy(
              () -> StructuralPruning.l2().only("w1").apply(model, PassContext.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("\"w1\" because of ")
          .hasMessageContaining(rule.wanted());
    }
  }

  @Test
  void apply_namesNumbersAndWeightsThatAreWrong_areRefused() {
    Path file = TestModels.file(TestModels.FASHION);
    try (ModelGraph model = open(file)) {
      assertThatThrownBy(
              () -> StructuralPruning.l2().ratio("fc9", 0.5).apply(model, PassContext.defaults()))
          .hasMessageContaining("no layer weight named [fc9]; it has [");
    }
    assertThatThrownBy(() -> StructuralPruning.l2().ratio(1.1)).hasMessageContaining("1.1");
    assertThatThrownBy(() -> StructuralPruning.l2().ratio(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> StructuralPruning.l2().multipleOf(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> StructuralPruning.taylor(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    Path nan =
        mlp(new float[] {0, 0, 0, Float.NaN, 0, 0, 0, 0, 0, 0, 0, 0})
            .save(folder.resolve("nan.onnx"));
    try (ModelGraph model = open(nan)) {
      assertThatThrownBy(() -> StructuralPruning.l2().apply(model, PassContext.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("element 3 of weight \"w1\" is NaN");
    }
  }

  /** 3 inputs, 4 neurons with these weights [4, 3], 2 outputs. */
  private static TestGraph mlp(float[] weights) {
    return new TestGraph(13)
        .input("x", -1, 3)
        .floats("w1", weights, 4, 3)
        .floats("b1", new float[] {1, -1, 2, 0.5f}, 4)
        .floats("w2", new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4)
        .floats("b2", new float[] {10, 20}, 2)
        .node("Gemm", "x w1 b1", "g", "transB", 1)
        .node("Relu", "g", "r")
        .node("Gemm", "r w2 b2", "y", "transB", 1)
        .output("y", -1, 2);
  }

  @Test
  void plan_ratiosAndMultiples_keepWhatTheySay() {
    try (ModelGraph model = open(TestModels.file(TestModels.FASHION))) {
      assertThat(sizes(model, StructuralPruning.l1().ratio(0))).containsExactly(16, 32, 64);
      assertThat(sizes(model, StructuralPruning.l1().ratio(1))).containsExactly(1, 1, 1);
      assertThat(sizes(model, StructuralPruning.l1().ratio(1).multipleOf(8)))
          .containsExactly(8, 8, 8);
      assertThat(sizes(model, StructuralPruning.l1().ratio(0.3).multipleOf(8)))
          .containsExactly(16, 24, 48);
      List<String> names =
          StructuralPruning.l1().plan(model, PassContext.defaults()).groups().stream()
              .map(group -> group.weights().get(0))
              .toList();
      assertThat(sizes(model, StructuralPruning.l1().ratio(0).ratio(names.get(1), 0.25)))
          .containsExactly(16, 24, 64);
      assertThat(sizes(model, StructuralPruning.l1().only(names.get(2))))
          .containsExactly(16, 32, 32);
      assertThat(sizes(model, StructuralPruning.l1().exclude(names.get(2))))
          .containsExactly(8, 16, 64);
      List<Integer> global = sizes(model, StructuralPruning.l1().global());
      assertThat(global.stream().mapToInt(Integer::intValue).sum()).isEqualTo(56);
      assertThat(global).isNotEqualTo(List.of(8, 16, 32));
    }
  }

  private static List<Integer> sizes(ModelGraph model, StructuralPruning pruning) {
    return pruning.plan(model, PassContext.defaults()).groups().stream()
        .map(StructuralPlan.Group::after)
        .toList();
  }

  @Test
  void fashionCnn_halfOfTheChannels_takesAThirdOfTheMultiplications() {
    Path file = folder.resolve("half.onnx");
    Compression.of(ModelSource.path(TestModels.file(TestModels.FASHION)))
        .pass(StructuralPruning.l2().ratio(0.5))
        .saveTo(file);
    try (ModelGraph before = open(TestModels.file(TestModels.FASHION));
        ModelGraph after = open(file)) {
      assertThat((double) Macs.of(after).total() / Macs.of(before).total()).isLessThan(0.35);
    }
  }

  @Test
  void methods_weighByTheirOwnMeasure() {
    Path file =
        mlp(new float[] {9, 0, 0, 1, 1, 1, 2, 0, 0, 3, 0, 0}).save(folder.resolve("mlp.onnx"));
    // Column sums of w2 are 6, 8, 10, 12: with the rows of w1, the sums are 15, 11, 12, 15.
    assertThat(kept(file, StructuralPruning.l1().ratio(0.25))).containsExactly(1, 2, 0.5f);
    // Gradients say that only neuron 2 matters.
    float[] gradient = new float[12];
    gradient[6] = 1;
    assertThat(kept(file, StructuralPruning.taylor(Map.of("w1", gradient)).ratio(0.75)))
        .containsExactly(2);
    // After Relu, 10, 0, 4 and 0.5 for x = (1, -1, -9): the third and fourth input matter not.
    Tensor sample = Tensor.of(new float[] {1, -1, -9}, 1, 3);
    assertThat(kept(file, StructuralPruning.activation(List.of(Map.of("x", sample))).ratio(0.25)))
        .containsExactly(1, 2, 0.5f);
    assertThatThrownBy(() -> kept(file, StructuralPruning.batchNormScale()))
        .hasMessageContaining("nothing that BATCH_NORM_SCALE could weigh");
    assertThatThrownBy(() -> kept(file, StructuralPruning.taylor(Map.of("w1", new float[] {1, 2}))))
        .hasMessageContaining("must have 12 elements, but has 2");
  }

  /** The biases of the neurons that stay. */
  private static float[] kept(Path file, StructuralPruning pruning) {
    try (ModelGraph model = open(file)) {
      pruning.apply(model, PassContext.defaults());
      return model.graph().weight("b1").orElseThrow().floats();
    }
  }

  @Test
  void batchNormScale_classifier_removesTheSmallestFactors() {
    try (ModelGraph model = open(TestModels.file(TestModels.CLASSIFIER))) {
      String name = "conv3_expand_bn_scale";
      float[] before = model.graph().constant(name).orElseThrow().floats();
      StructuralPruning.batchNormScale()
          .ratio("conv3_expand_weights", 0.25)
          .apply(model, PassContext.defaults());
      float[] after = model.graph().constant(name).orElseThrow().floats();
      assertThat(after).hasSizeLessThan(before.length).hasSizeGreaterThan(1);
    }
  }

  @Test
  void zeroed_rowsOfALayer_computesTheSameWithoutThem() {
    Path file =
        mlp(new float[] {9, 0, 0, 1, 1, 1, 2, 0, 0, 3, 0, 0}).save(folder.resolve("mlp.onnx"));
    Tensor input = Tensor.of(numbers(30), 10, 3);
    CompressionReport zeros =
        Compression.of(ModelSource.path(file))
            .pass(ZeroedWeights.slices("w1", 0, 1, 3))
            .saveTo(folder.resolve("zeros.onnx"));
    assertThat(zeros.after().parameters()).isEqualTo(zeros.before().parameters());
    CompressionReport report =
        Compression.of(ModelSource.path(folder.resolve("zeros.onnx")))
            .pass(StructuralPruning.zeroed())
            .samples(List.of(Map.of("x", input)))
            .saveTo(folder.resolve("small.onnx"));
    assertThat(report.differences().get(0).largestError()).isLessThan(1e-5);
    try (ModelGraph model = open(folder.resolve("small.onnx"))) {
      assertThat(model.graph().weight("w1").orElseThrow().shape()).isEqualTo(Shape.of(2, 3));
      // The bias of the removed neuron 2 was 2, which the layer behind took 3 and 7 times.
      Weight bias = model.graph().constant(model.graph().nodes().get(2).input(2)).orElseThrow();
      assertThat(bias.floats()).containsExactly(16, 34);
    }
  }

  @Test
  void zeroed_realNetworks_goWhereNothingChanges() {
    for (String resource : List.of(TestModels.FASHION, TestModels.CLASSIFIER)) {
      String weight;
      try (ModelGraph model = open(TestModels.file(resource))) {
        weight =
            StructuralPruning.l2()
                .plan(model, PassContext.defaults())
                .groups()
                .get(1)
                .weights()
                .get(0);
      }
      Path middle = folder.resolve("zeros.onnx");
      Compression.of(ModelSource.path(TestModels.file(resource)))
          .pass(ZeroedWeights.slices(weight, 0, 1, 4))
          .saveTo(middle);
      CompressionReport report =
          Compression.of(ModelSource.path(middle))
              .pass(StructuralPruning.zeroed())
              .samples(CompressionTest.images(resource))
              .saveTo(folder.resolve("small.onnx"));
      // In the classifier, what a normalization adds meets padded borders, so the channels stay.
      assertThat(report.after().parameters() < report.before().parameters())
          .isEqualTo(resource.equals(TestModels.FASHION));
      assertThat(report.differences())
          .allSatisfy(difference -> assertThat(difference.largestError()).isLessThan(1e-5));
    }
  }

  @Test
  void apply_anyNumberOfThreads_sameBytes() throws Exception {
    byte[][] results = new byte[2][];
    for (int i = 0; i < 2; i++) {
      Path target = folder.resolve("threads.onnx");
      Compression.of(ModelSource.path(TestModels.file(TestModels.CLASSIFIER)))
          .pass(StructuralPruning.l2().global())
          .threads(i == 0 ? 1 : 4)
          .saveTo(target);
      results[i] = java.nio.file.Files.readAllBytes(target);
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  private CompressionReport assertEqualsZeroing(
      Path source, StructuralPruning pruning, List<Map<String, Tensor>> samples) {
    Set<Integer> removed;
    Path zeroed = folder.resolve("zeroed.onnx");
    try (ModelGraph model = open(source)) {
      new ConstantLifting().apply(model, PassContext.defaults());
      removed = pruning.run(model, PassContext.defaults()).removed();
      zero(model.graph(), ChannelGroups.of(model), removed);
      model.save(zeroed);
    }
    assertThat(removed).isNotEmpty();
    GraphPass cut =
        (model, context) ->
            new ChannelRemoval(model, ChannelGroups.of(model).classes(), removed).run();
    CompressionReport report =
        Compression.of(ModelSource.path(zeroed))
            .pass(cut)
            .samples(samples)
            .saveTo(folder.resolve("cut.onnx"));
    assertThat(report.differences())
        .isNotEmpty()
        .allSatisfy(difference -> assertThat(difference.largestError()).isLessThanOrEqualTo(1e-5));
    CompressionReport direct =
        Compression.of(ModelSource.path(source))
            .pass(pruning)
            .samples(samples)
            .saveTo(folder.resolve("pruned.onnx"));
    assertThat(direct.after().parameters()).isLessThan(report.before().parameters());
    return direct;
  }

  private static void zero(Graph graph, ChannelGroups found, Set<Integer> removed) {
    for (Axis axis : found.couplings().consumed()) {
      Weight weight = graph.weight(axis.tensor()).orElseThrow();
      float[] values = weight.floats();
      int inner = 1;
      for (int i = axis.index() + 1; i < weight.shape().rank(); i++) {
        inner *= (int) weight.shape().dimension(i);
      }
      for (int i = 0; i < values.length; i++) {
        int position = axis.first() + i / inner % axis.size();
        values[i] = removed.contains(found.classes().find(position)) ? 0 : values[i];
      }
      graph.put(Weight.ofFloats(weight.name(), weight.shape(), values));
    }
  }

  private static ModelGraph open(Path file) {
    return ModelGraph.open(ModelSource.path(file));
  }

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
