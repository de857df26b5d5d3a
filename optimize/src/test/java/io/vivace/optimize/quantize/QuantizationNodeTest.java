package io.vivace.optimize.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.vivace.core.InferenceException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.model.TensorSpec;
import io.vivace.core.model.onnx.OnnxContent;
import io.vivace.core.spi.EngineProvider;
import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.graph.Attribute;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Node;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.train.graph.NodeCase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our rounding, and the files that we write, against ONNX's own tests of quantization. */
class QuantizationNodeTest {
  private static final List<NodeCase> CASES =
      NodeCase.read("/io/vivace/optimize/quantize/onnx-quantization-tests.gz");

  /** What neither predictors nor the engine exchange: the values of these cases stay unseen. */
  private static final String UNSEEN =
      "test_(de)?quantizelinear_(e4m3fn|e5m2|float4e2m1|u?int16|u?int2|u?int4).*"
          + "|test_quantizelinear_blocked_symmetric";

  @TempDir Path folder;

  /** Weights and activations are rounded to 8 bits in one place. */
  @Test
  void quantizedContent_quantizeLinear_givesTheIntegersOfTheReference() throws IOException {
    int checked = 0;
    for (NodeCase each : CASES) {
      NodeProto node = node(each);
      boolean bytes = each.out().get(0).getDataType() == 2 || each.out().get(0).getDataType() == 3;
      if (node.getOpType().equals("QuantizeLinear") && bytes && !each.name().contains("blocked")) {
        TensorProto scale = each.in().get(1);
        byte[] found = quantized(each.in().get(0), floats(scale), each.in().get(2));
        assertThat(found).as(each.name()).isEqualTo(bytes(each.out().get(0)));
        checked++;
      }
    }
    assertThat(checked).isEqualTo(2);
  }

  /** The scale of what is quantized while it runs, as the runtime finds it. */
  @Test
  void affine_dynamicQuantizeLinear_givesScaleAndZeroPointOfTheReference() throws IOException {
    int checked = 0;
    for (NodeCase each : CASES) {
      if (node(each).getOpType().equals("DynamicQuantizeLinear")) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : floats(each.in().get(0))) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
        Affine affine = Affine.of(low, high, IntegerRange.unsigned(false), false);
        assertThat(affine.scale()).as(each.name()).isEqualTo(floats(each.out().get(1))[0]);
        TensorProto zero = each.out().get(2);
        assertThat(bytes(zero)).as(each.name()).containsExactly((byte) affine.zeroPoint());
        byte[] found = quantized(each.in().get(0), new float[] {affine.scale()}, zero);
        assertThat(found).as(each.name()).isEqualTo(bytes(each.out().get(0)));
        checked++;
      }
    }
    assertThat(checked).isEqualTo(3);
  }

  private static byte[] quantized(TensorProto input, float[] scales, TensorProto zero)
      throws IOException {
    Shape shape = shape(input);
    float[] zeros = new float[scales.length];
    boolean unsigned = zero.getDataType() == 2;
    byte[] stored = bytes(zero);
    for (int i = 0; i < zeros.length; i++) {
      byte value = stored[i % stored.length];
      zeros[i] = unsigned ? Byte.toUnsignedInt(value) : value;
    }
    QuantizedContent content =
        new QuantizedContent(
            OnnxContent.of(input.getRawData().toByteArray()),
            scales.length == 1 ? Channels.all(shape) : Channels.along(shape, 1),
            scales,
            zeros,
            unsigned ? IntegerRange.unsigned(false) : IntegerRange.signed(false, false));
    ByteBuffer found = ByteBuffer.allocate((int) content.length());
    content.read(0, found);
    return found.array();
  }

  /** Integer products and all else: the file that we write gives in the engine what it must. */
  @Test
  void save_encodedAnew_runsToTheReference() throws IOException {
    Map<String, String> faults = new TreeMap<>();
    Map<String, String> refused = new TreeMap<>();
    for (NodeCase each : CASES) {
      if (!each.name().matches(UNSEEN)) {
        try {
          String fault = fault(each);
          if (!fault.isEmpty()) {
            faults.put(each.name(), fault);
          }
        } catch (InferenceException e) {
          refused.put(each.name(), String.valueOf(e.getMessage()));
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(refused)
        .hasEntrySatisfying(
            "test_convinteger_with_padding",
            reason -> assertThat(reason).contains("Non per-tensor quantization is not supported"))
        .hasSize(1);
    assertThat(CASES.stream().filter(each -> !each.name().matches(UNSEEN))).hasSize(21);
  }

  private String fault(NodeCase each) throws IOException {
    Path file = folder.resolve("anew.onnx");
    try (ModelGraph model = ModelGraph.open(ModelSource.path(write(each)))) {
      // What the engine's release reads; for these types the operators are the same there.
      model.opset("", Math.min(21, model.opset()));
      model.irVersion(Math.min(10, model.irVersion()));
      for (Node node : model.graph().nodes()) {
        node.attribute(Attribute.of("added", 1));
        node.removeAttribute("added");
      }
      model.save(file);
    }
    EngineProvider engine = ServiceLoader.load(EngineProvider.class).iterator().next();
    try (LoadedModel loaded =
            engine.open(
                ModelArtifact.of(each.name(), file, ModelFormat.ONNX), engine.defaultOptions());
        ExecutionContext context = loaded.newContext()) {
      List<TensorSpec> specs = new ArrayList<>();
      List<String> names = names(each);
      for (TensorSpec input : loaded.signature().inputs()) {
        TensorProto tensor = each.in().get(names.indexOf(input.name()));
        specs.add(new TensorSpec(input.name(), input.type(), shape(tensor)));
      }
      List<Tensor> buffers = context.prepare(specs);
      for (int i = 0; i < specs.size(); i++) {
        buffers.get(i).data().put(bytes(each.in().get(names.indexOf(specs.get(i).name()))));
      }
      List<Tensor> outputs = context.run();
      for (int i = 0; i < outputs.size(); i++) {
        byte[] found = new byte[outputs.get(i).data().remaining()];
        outputs.get(i).data().get(found);
        byte[] wanted = bytes(each.out().get(i));
        if (!Arrays.equals(found, wanted)) {
          return "output %d is %s instead of %s"
              .formatted(i, Arrays.toString(found), Arrays.toString(wanted));
        }
      }
      return "";
    }
  }

  private static List<String> names(NodeCase each) throws IOException {
    return ModelProto.parseFrom(each.model()).getGraph().getInputList().stream()
        .map(input -> input.getName())
        .toList();
  }

  /** A model with integers is not quantized again, whichever of the operators makes them. */
  @Test
  void apply_quantizedModel_isRefusedAndTheNodeNamed() throws IOException {
    List<GraphPass> passes =
        List.of(
            Quantization.dynamicInt8(),
            Quantization.staticInt8(List.of(Map.of("x", Tensor.of(new float[] {1}, 1)))));
    for (NodeCase each : CASES) {
      String operator = node(each).getOpType();
      for (GraphPass pass : passes) {
        try (ModelGraph model = ModelGraph.open(ModelSource.path(write(each)))) {
          assertThatThrownBy(() -> pass.apply(model, PassContext.defaults()))
              .as("%s of %s", pass, each.name())
              .isInstanceOf(GraphException.class)
              .hasMessageContaining("quantized already")
              .hasMessageContaining(operator);
        }
      }
    }
  }

  private Path write(NodeCase each) throws IOException {
    return Files.write(folder.resolve("case.onnx"), each.model());
  }

  private static NodeProto node(NodeCase each) throws IOException {
    return ModelProto.parseFrom(each.model()).getGraph().getNode(0);
  }

  private static Shape shape(TensorProto tensor) {
    return Shape.of(tensor.getDimsList().stream().mapToLong(size -> size).toArray());
  }

  private static byte[] bytes(TensorProto tensor) {
    return tensor.getRawData().toByteArray();
  }

  private static float[] floats(TensorProto tensor) {
    ByteBuffer raw = ByteBuffer.wrap(bytes(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[raw.remaining() / Float.BYTES];
    raw.asFloatBuffer().get(values);
    return values;
  }
}
