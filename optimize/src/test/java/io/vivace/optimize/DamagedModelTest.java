package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxLimits;
import io.vivace.optimize.graph.BatchNormFolding;
import io.vivace.optimize.graph.ConstantFolding;
import io.vivace.optimize.graph.DeadCode;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.OpsetConversion;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.graph.TypeInference;
import io.vivace.optimize.quantize.Quantization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bad input: a clear error, or a model that loads; never a crash, an endless loop, half a file. */
class DamagedModelTest {
  private static final int WIDTH = 64;

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void passes_damagedModels_refuseOrWriteAModelThatReads() throws IOException {
    byte[] original = Files.readAllBytes(TestModels.file(TestModels.CLASSIFIER));
    Path file = folder.resolve("damaged.onnx");
    Path target = folder.resolve("out.onnx");
    int written = 0;
    for (int seed = 0; seed < 60; seed++) {
      Files.write(file, damaged(original, seed));
      try (ModelGraph model = ModelGraph.open(ModelSource.path(file))) {
        PassContext context = PassContext.defaults().threads(1);
        TypeInference.of(model);
        OpsetConversion.atLeast(18).apply(model, context);
        new ConstantFolding().apply(model, context);
        new BatchNormFolding().apply(model, context);
        Quantization.dynamicInt8().apply(model, context);
        new DeadCode().apply(model, context);
        model.save(target);
        ModelGraph.open(ModelSource.path(target)).close();
        written++;
      } catch (ModelLoadException | GraphException e) {
        assertThat(e).hasMessageMatching("(?s).{20,}");
      }
    }
    assertThat(written).isPositive();
  }

  private static byte[] damaged(byte[] original, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = original.clone();
    if (seed % 5 == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    for (int i = 0; i <= seed % 3; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return bytes;
  }

  @Test
  void quantize_weightWithNaN_namesIt() throws IOException {
    float[] values = values();
    values[77] = Float.NaN;
    assertThatThrownBy(() -> quantize(model(values)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("\"w\"")
        .hasMessageContaining("NaN");
  }

  @Test
  void quantize_infiniteWeight_namesIt() throws IOException {
    float[] values = values();
    values[5] = Float.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> quantize(model(values)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("Infinity");
  }

  @Test
  void quantize_channelOfZeros_staysZero() throws IOException {
    float[] values = values();
    for (int row = 0; row < WIDTH; row++) {
      values[row * WIDTH + 3] = 0;
    }
    CompressionReport report = quantize(model(values));
    assertThat(report.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.signalToNoiseDecibels()).isGreaterThan(25));
  }

  @Test
  void quantize_weightsOfZeros_giveZeros() throws IOException {
    CompressionReport report = quantize(model(new float[WIDTH * WIDTH]));
    assertThat(report.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.largestError()).isZero());
  }

  @Test
  void quantize_emptyWeight_isLeftAlone() throws IOException {
    GraphProto.Builder graph = model(values()).getGraph().toBuilder();
    graph.addInitializer(TensorProto.newBuilder().setName("none").setDataType(1).addDims(0));
    CompressionReport report = quantize(model(values()).toBuilder().setGraph(graph).build());
    assertThat(report.after().operators()).containsKey("MatMulInteger");
  }

  @Test
  void quantize_excludedNodeThatIsNotThere_isRefused() throws IOException {
    Path file = write(model(values()));
    assertThatThrownBy(
            () ->
                Compression.of(ModelSource.path(file))
                    .quantize(Quantization.dynamicInt8().exclude("nobody"))
                    .saveTo(folder.resolve("out.onnx")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nobody");
  }

  @Test
  void quantize_excludedNode_staysAsItIs() throws IOException {
    Path file = write(model(values()));
    CompressionReport report =
        Compression.of(ModelSource.path(file))
            .quantize(Quantization.dynamicInt8().exclude("product"))
            .saveTo(folder.resolve("out.onnx"));
    assertThat(report.after().operators()).containsKey("MatMul");
    assertThat(report.differences())
        .allSatisfy(difference -> assertThat(difference.largestError()).isZero());
  }

  @Test
  void quantize_productInBranch_quantizesTheOuterWeight() throws IOException {
    CompressionReport report = quantize(branching());
    assertThat(report.after().operators()).containsEntry("If", 1).containsKey("MatMulInteger");
    assertThat(report.after().parameters()).isLessThan(WIDTH * WIDTH + 2 * WIDTH);
    assertThat(report.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.signalToNoiseDecibels()).isGreaterThan(25));
  }

  /** The weights of the model in a second file, {@code w.bin}. */
  private Path externalModel(float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(folder.resolve("w.bin"), bytes.array());
    GraphProto.Builder graph = model(values).getGraph().toBuilder();
    graph.setInitializer(
        0,
        graph.getInitializer(0).toBuilder()
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin")));
    return write(model(values).toBuilder().setGraph(graph).build());
  }

  /** A plan or journal must not be taken for a model with other weights. */
  @Test
  void hash_externalData_isPartOfIt() throws IOException {
    Path file = externalModel(values());
    String before = hash(file);
    assertThat(hash(file)).isEqualTo(before).hasSize(64);
    Path data = folder.resolve("w.bin");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length / 2] ^= 1;
    Files.write(data, bytes);
    assertThat(hash(file)).isNotEqualTo(before);
  }

  private static String hash(Path file) {
    try (ModelArtifact artifact = ModelSource.path(file).resolve()) {
      return ModelHash.of(artifact, OnnxLimits.standard());
    }
  }

  @Test
  void save_externalData_staysBesideTheModel() throws IOException {
    float[] values = values();
    Path file = externalModel(values);
    Path other = Files.createDirectory(folder.resolve("other")).resolve("copy.onnx");
    CompressionReport report = Compression.of(ModelSource.path(file)).saveTo(other);
    assertThat(other.resolveSibling("copy.onnx.data")).hasSize(values.length * 4L);
    assertThat(report.after().bytes())
        .isEqualTo(Files.size(other) + Files.size(other.resolveSibling("copy.onnx.data")));
    assertThat(report.differences())
        .singleElement()
        .satisfies(difference -> assertThat(difference.largestError()).isZero());
    CompressionReport small =
        Compression.of(ModelSource.path(other))
            .quantize(Quantization.dynamicInt8())
            .saveTo(folder.resolve("small.onnx"));
    assertThat(small.after().operators()).containsKey("MatMulInteger");
    Files.delete(folder.resolve("w.bin"));
    assertThatThrownBy(() -> Compression.of(ModelSource.path(file)).saveTo(other))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("w.bin");
  }

  private CompressionReport quantize(ModelProto model) throws IOException {
    return Compression.of(ModelSource.path(write(model)))
        .quantize(Quantization.dynamicInt8())
        .saveTo(folder.resolve("out.onnx"));
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.toByteArray());
  }

  private static float[] values() {
    SplittableRandom random = new SplittableRandom(3);
    float[] values = new float[WIDTH * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static ModelProto model(float[] values) {
    NodeProto.Builder product =
        NodeProto.newBuilder()
            .setName("product")
            .setOpType("MatMul")
            .addInput("x")
            .addInput("w")
            .addOutput("y");
    return wrap(graph("x", "y").addNode(product).addInitializer(weight(values)));
  }

  private static ModelProto branching() {
    NodeProto.Builder product =
        NodeProto.newBuilder()
            .setName("inner")
            .setOpType("MatMul")
            .addInput("x")
            .addInput("w")
            .addOutput("z");
    GraphProto.Builder body = GraphProto.newBuilder().setName("then").addNode(product);
    body.addOutput(value("z"));
    GraphProto.Builder other = GraphProto.newBuilder().setName("else");
    other
        .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("x").addOutput("n"))
        .addOutput(value("n"));
    TensorProto.Builder yes =
        TensorProto.newBuilder()
            .setName("yes")
            .setDataType(9)
            .setRawData(ByteString.copyFrom(new byte[] {1}));
    NodeProto.Builder choice =
        NodeProto.newBuilder()
            .setName("choice")
            .setOpType("If")
            .addInput("yes")
            .addOutput("y")
            .addAttribute(branch("then_branch", body))
            .addAttribute(branch("else_branch", other));
    return wrap(
        graph("x", "y").addNode(choice).addInitializer(yes).addInitializer(weight(values())));
  }

  private static AttributeProto.Builder branch(String name, GraphProto.Builder body) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(body);
  }

  private static TensorProto.Builder weight(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(1)
        .addDims(WIDTH)
        .addDims(WIDTH)
        .setRawData(ByteString.copyFrom(bytes.array()));
  }

  private static GraphProto.Builder graph(String input, String output) {
    return GraphProto.newBuilder().setName("g").addInput(value(input)).addOutput(value(output));
  }

  private static ValueInfoProto.Builder value(String name) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(1)
                        .setShape(
                            TensorShapeProto.newBuilder()
                                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("n"))
                                .addDim(
                                    TensorShapeProto.Dimension.newBuilder().setDimValue(WIDTH)))));
  }

  private static ModelProto wrap(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(15))
        .setGraph(graph)
        .build();
  }
}
