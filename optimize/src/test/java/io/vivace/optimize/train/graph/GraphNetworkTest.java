package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Weight;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphNetworkTest {
  @TempDir Path folder;

  @Test
  void forward_ofRealModels_equalsOnnxRuntime() throws OrtException {
    assertThat(difference(TestModels.FASHION, new Shape(5, 1, 28, 28))).isLessThan(1e-4);
    assertThat(difference(TestModels.CLASSIFIER, new Shape(2, 3, 48, 192))).isLessThan(1e-4);
    assertThat(difference(TestModels.MINILM, new Shape(3, 11))).isLessThan(1e-4);
  }

  @Test
  void forward_withPaddedChannels_isTheSame() {
    Path file = TestModels.file(TestModels.CLASSIFIER);
    try (GraphNetwork plain = network(file, false);
        GraphNetwork padded = network(file, true);
        NDManager manager = plain.manager().newSubManager()) {
      NDArray x = random(manager, new Shape(2, 3, 48, 192));
      NDArray is = padded.forward(new NDList(x), false).get(0);
      NDArray must = plain.forward(new NDList(x), false).get(0);
      assertThat(is.sub(must).abs().max().getFloat()).isLessThan(1e-5f);
    }
  }

  private static GraphNetwork network(Path file, boolean padded) {
    ModelGraph graph = ModelGraph.open(ModelSource.path(file));
    return GraphNetwork.of(graph, DataType.FLOAT32, Optional.of(padded));
  }

  @Test
  void save_withoutTraining_writesTheSameBytes() throws IOException {
    for (String model : List.of(TestModels.FASHION, TestModels.CLASSIFIER)) {
      Path file = TestModels.file(model);
      Path copy = folder.resolve("copy.onnx");
      try (GraphNetwork network = GraphNetwork.open(ModelSource.path(file))) {
        network.save(copy);
      }
      assertThat(copy).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void save_afterAStep_changesNothingButTheWeights() {
    Path file = TestModels.file(TestModels.FASHION);
    Path saved = folder.resolve("trained.onnx");
    Map<String, float[]> trained = new HashMap<>();
    try (GraphNetwork network = GraphNetwork.open(ModelSource.path(file))) {
      network.freeze(name -> name.contains("bias"));
      step(network, new Shape(4, 1, 28, 28));
      network.parameters().forEach((name, array) -> trained.put(name, array.toFloatArray()));
      network.save(saved);
    }
    assertThat(trained.keySet()).hasSize(6).noneMatch(name -> name.contains("bias"));
    try (ModelGraph before = ModelGraph.open(ModelSource.path(file));
        ModelGraph after = ModelGraph.open(ModelSource.path(saved))) {
      assertThat(after.graph().nodes()).hasToString(before.graph().nodes().toString());
      for (Weight weight : before.graph().weights()) {
        float[] now = after.graph().weight(weight.name()).orElseThrow().floats();
        float[] must = trained.getOrDefault(weight.name(), weight.floats());
        assertThat(Arrays.equals(now, must)).as(weight.name()).isTrue();
        assertThat(Arrays.equals(now, weight.floats()))
            .as(weight.name())
            .isEqualTo(!trained.containsKey(weight.name()));
      }
    }
  }

  @Test
  void steps_leaveNoArraysBehind() {
    try (GraphNetwork network =
        GraphNetwork.open(ModelSource.path(TestModels.file(TestModels.CLASSIFIER)))) {
      Shape shape = new Shape(2, 3, 48, 192);
      step(network, shape);
      int before = network.manager().getManagedArrays().size();
      for (int i = 0; i < 3; i++) {
        step(network, shape);
      }
      assertThat(network.manager().getManagedArrays()).hasSize(before);
    }
  }

  /** One step of gradient descent on the sum of squared outputs. */
  private static void step(GraphNetwork network, Shape shape) {
    try (NDManager manager = network.manager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray output = network.forward(new NDList(random(manager, shape)), true).get(0);
      collector.backward(output.square().sum());
      for (NDArray parameter : network.parameters().values()) {
        NDArray gradient = parameter.getGradient();
        gradient.attach(manager);
        NDArray step = gradient.mul(1e-3f);
        try (NDArray detached = parameter.stopGradient()) {
          detached.subi(step);
        }
      }
    }
  }

  @Test
  void forward_ofInnerValues_comesAfterTheOutputs() {
    try (GraphNetwork network =
            GraphNetwork.open(ModelSource.path(TestModels.file(TestModels.FASHION)));
        NDManager manager = network.manager().newSubManager()) {
      String inner = network.model().graph().nodes().get(1).output();
      NDList inputs = new NDList(random(manager, new Shape(2, 1, 28, 28)));
      NDList values = network.forward(inputs, false, List.of(inner));
      assertThat(values).hasSize(2);
      assertThat(values.get(1).getShape()).isEqualTo(new Shape(2, 16, 28, 28));
      assertThatThrownBy(() -> network.forward(inputs, false, List.of("nowhere")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nowhere")
          .hasMessageContaining(inner);
    }
  }

  @Test
  void open_ofAnOperatorThatCannotBeTrained_namesIt() {
    NodeCase peepholes =
        NodeCase.all().stream()
            .filter(each -> each.name().equals("test_lstm_with_peepholes"))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> GraphNetwork.open(ModelSource.bytes("p.onnx", peepholes.model())))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("LSTM")
        .hasMessageContaining("peepholes");
  }

  @Test
  void forward_withTooFewInputs_isRefused() {
    try (GraphNetwork network =
        GraphNetwork.open(ModelSource.path(TestModels.file(TestModels.FASHION)))) {
      assertThatThrownBy(() -> network.forward(new NDList(), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("input");
    }
  }

  private static double difference(String model, Shape shape) throws OrtException {
    Path file = TestModels.file(model);
    try (GraphNetwork network = GraphNetwork.open(ModelSource.path(file));
        NDManager manager = network.manager().newSubManager()) {
      boolean tokens = network.inputNames().size() > 1;
      NDList inputs = new NDList();
      for (String name : network.inputNames()) {
        inputs.add(tokens ? tokens(manager, name, shape) : random(manager, shape));
      }
      float[] is = network.forward(inputs, false).get(0).toFloatArray();
      float[] must = onnxRuntime(file, network.inputNames(), inputs);
      assertThat(is).hasSameSizeAs(must);
      double worst = 0;
      for (int i = 0; i < is.length; i++) {
        worst = Math.max(worst, Math.abs(is[i] - must[i]));
      }
      return worst;
    }
  }

  private static NDArray tokens(NDManager manager, String name, Shape shape) {
    long[] ids = new long[(int) shape.size()];
    Random random = new Random(5);
    for (int i = 0; i < ids.length; i++) {
      long last = i % shape.get(1);
      ids[i] =
          switch (name) {
            case "input_ids" -> 1000 + random.nextInt(9000);
            case "attention_mask" -> last < shape.get(1) - i / shape.get(1) ? 1 : 0;
            default -> 0;
          };
    }
    return manager.create(ids, shape);
  }

  private static NDArray random(NDManager manager, Shape shape) {
    float[] values = new float[(int) shape.size()];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }

  private static float[] onnxRuntime(Path file, List<String> names, NDList inputs)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      NDArray input = inputs.get(i);
      long[] shape = input.getShape().getShape();
      feeds.put(
          names.get(i),
          input.getDataType() == DataType.INT64
              ? OnnxTensor.createTensor(environment, LongBuffer.wrap(input.toLongArray()), shape)
              : OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(input.toFloatArray()), shape));
    }
    try (OrtSession session = environment.createSession(file.toString());
        OrtSession.Result result = session.run(feeds)) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }
}
