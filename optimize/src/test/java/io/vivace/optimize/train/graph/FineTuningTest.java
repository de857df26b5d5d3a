package io.vivace.optimize.train.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.Compression;
import io.vivace.optimize.TestModels;
import io.vivace.optimize.graph.GraphException;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.FashionData;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {
  private static final Shape BATCH = new Shape(8, 1, 28, 28);

  @TempDir Path folder;

  private final Path model = TestModels.file(TestModels.FASHION);

  @Test
  void keepZeros_changesOnlyWhatWasNotPruned() {
    Path pruned = folder.resolve("pruned.onnx");
    Compression.of(ModelSource.path(model)).pass(Pruning.magnitude().sparsity(0.8)).saveTo(pruned);
    Path tuned = folder.resolve("tuned.onnx");
    train(FineTuning.of(ModelSource.path(pruned)).keepZeros(), 3, tuned);
    Map<String, float[]> before = weights(pruned);
    Map<String, float[]> after = weights(tuned);
    before.forEach(
        (name, values) -> {
          int changed = 0;
          for (int i = 0; i < values.length; i++) {
            float now = after.get(name)[i];
            assertThat(now == 0).isEqualTo(values[i] == 0);
            changed += now != values[i] ? 1 : 0;
          }
          assertThat(changed).as(name).isGreaterThan(0);
        });
  }

  @Test
  void withoutKeepZeros_prunedWeightsComeBack() {
    Path pruned = folder.resolve("pruned.onnx");
    Compression.of(ModelSource.path(model)).pass(Pruning.magnitude().sparsity(0.8)).saveTo(pruned);
    Path tuned = folder.resolve("tuned.onnx");
    train(FineTuning.of(ModelSource.path(pruned)), 3, tuned);
    assertThat(sparsity(weights(pruned))).isCloseTo(0.8, within(0.001));
    assertThat(sparsity(weights(tuned))).isLessThan(0.7);
  }

  @Test
  void keepSharing_trainsTheValuesByTheSumOfTheirGradients() {
    Path shared = folder.resolve("shared.onnx");
    Compression.of(ModelSource.path(model)).pass(WeightSharing.kMeans(16)).saveTo(shared);
    Path tuned = folder.resolve("tuned.onnx");
    train(FineTuning.of(ModelSource.path(shared)).keepSharing(16), 1, tuned);
    Path free = folder.resolve("free.onnx");
    train(FineTuning.of(ModelSource.path(shared)), 1, free);
    Map<String, float[]> before = weights(shared);
    Map<String, float[]> after = weights(tuned);
    Map<String, float[]> single = weights(free);
    before.forEach(
        (name, values) -> {
          Map<Float, Float> moved = new HashMap<>();
          Map<Float, Double> sums = new HashMap<>();
          for (int i = 0; i < values.length; i++) {
            moved.merge(values[i], after.get(name)[i], (a, b) -> a.equals(b) ? a : Float.NaN);
            sums.merge(values[i], (double) single.get(name)[i] - values[i], Double::sum);
          }
          moved.forEach(
              (from, to) ->
                  assertThat((double) to - from)
                      .as(name)
                      .isCloseTo(sums.get(from), within(1e-3 * Math.abs(sums.get(from)) + 3e-5)));
        });
  }

  @Test
  void keepSharing_ownsItsValues_whenTheMemoryTheyCameFromIsUsedAgain() {
    Path shared = folder.resolve("shared.onnx");
    Compression.of(ModelSource.path(model)).pass(WeightSharing.kMeans(16)).saveTo(shared);
    Path same = folder.resolve("same.onnx");
    List<ByteBuffer> others = new ArrayList<>();
    try (GraphNetwork network = FineTuning.of(ModelSource.path(shared)).keepSharing(16).open()) {
      for (int i = 0; i < 4; i++) {
        System.gc();
        for (int each = 0; each < 2_000; each++) {
          ByteBuffer other = ByteBuffer.allocateDirect(16 * Float.BYTES);
          while (other.hasRemaining()) {
            other.put((byte) 0x4b);
          }
          others.add(other);
        }
      }
      network.save(same);
    }
    assertThat(others).hasSize(8_000);
    Map<String, float[]> after = weights(same);
    weights(shared)
        .forEach((name, values) -> assertThat(after.get(name)).as(name).containsExactly(values));
  }

  @Test
  void keepSharing_perChannel_keepsEachChannelsValues() {
    Path shared = folder.resolve("shared.onnx");
    Compression.of(ModelSource.path(model))
        .pass(WeightSharing.kMeans(4).perChannel())
        .saveTo(shared);
    Path tuned = folder.resolve("tuned.onnx");
    train(FineTuning.of(ModelSource.path(shared)).keepSharing(4), 2, tuned);
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(tuned))) {
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        float[] values = layer.weight().floats();
        int row = values.length / (int) layer.weight().shape().dimension(0);
        assertThat(layer.channelAxis()).isZero();
        for (int from = 0; from < values.length; from += row) {
          TreeSet<Float> own = new TreeSet<>();
          for (float value : Arrays.copyOfRange(values, from, from + row)) {
            own.add(value);
          }
          assertThat(own).hasSizeLessThanOrEqualTo(4);
        }
      }
    }
  }

  @Test
  void ramp_reachesTheSparsityOfEachTensor() {
    Path tuned = folder.resolve("tuned.onnx");
    SparsitySchedule schedule = new SparsitySchedule(0, 0.9, 1, 6, 3, 1);
    train(FineTuning.of(ModelSource.path(model)).ramp(schedule), 6, tuned);
    weights(tuned)
        .forEach(
            (name, values) -> {
              assertThat(sparsity(Map.of(name, values))).isCloseTo(0.9, within(0.005));
              for (float value : values) { // what a mask makes of a negative weight is written as 0
                assertThat(Float.floatToRawIntBits(value)).isNotEqualTo(Integer.MIN_VALUE);
              }
            });
  }

  @Test
  void ramp_thatIsOverAtOnce_prunesBeforeTheFirstStep() {
    Path tuned = folder.resolve("tuned.onnx");
    FineTuning half =
        FineTuning.of(ModelSource.path(model)).ramp(SparsitySchedule.constant(0.5, 0));
    train(half, 2, tuned);
    weights(tuned)
        .forEach(
            (name, values) ->
                assertThat(sparsity(Map.of(name, values))).isCloseTo(0.5, within(0.005)));
  }

  @Test
  void earlyStopping_keepsNoEpochBeforeTheRampIsOver() {
    AtomicInteger epoch = new AtomicInteger();
    // It gets worse and worse: the best epochs are those before the end of the ramp.
    Trainer<float[], Integer, float[]> trainer =
        Trainer.graph(
                FineTuning.of(ModelSource.path(model))
                    .globalRamp(new SparsitySchedule(0, 0.9, 0, 10, 3, 1)))
            .input(VectorInput.floats(io.vivace.core.model.Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .epochs(9)
            .holdOut(0.1)
            .metric("falling", (truth, answers) -> -epoch.incrementAndGet())
            .earlyStopping(EarlyStopping.maximize("falling").patience(1))
            .build();
    Path tuned = folder.resolve("tuned.onnx");
    try (TrainedModel<float[], float[]> trained = trainer.fit(FashionData.slice(0, 142))) {
      assertThat(trained.learningCurve().bestEpoch()).isEqualTo(3);
      assertThat(trained.learningCurve().epochs()).hasSize(5);
      trained.save(tuned);
    }
    assertThat(sparsity(weights(tuned))).isCloseTo(0.9, within(0.005));
  }

  @Test
  void globalRamp_leavesMoreWhereWeightsAreLarge_andSparesWhatIsExcluded() {
    Path tuned = folder.resolve("tuned.onnx");
    SparsitySchedule schedule = new SparsitySchedule(0, 0.9, 1, 4, 3, 1);
    List<String> names = List.copyOf(weights(model).keySet());
    FineTuning tuning =
        FineTuning.of(ModelSource.path(model)).globalRamp(schedule).exclude(names.get(3));
    train(tuning, 4, tuned);
    Map<String, float[]> after = weights(tuned);
    assertThat(sparsity(Map.of("last", after.remove(names.get(3))))).isZero();
    assertThat(sparsity(after)).isCloseTo(0.9, within(0.005));
    double first = sparsity(Map.of("first", after.get(names.get(0))));
    assertThat(first).isNotCloseTo(0.9, within(0.005));
  }

  @Test
  void inputFactors_decideWhichInputsKeepTheirWeights() {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(model))) {
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        if (layer.weight().shape().rank() == 2) {
          requireWeightsOfLargeFactors(layer);
        }
      }
    }
  }

  /** Every third input counts for nothing: its weights go, however large they are. */
  private void requireWeightsOfLargeFactors(LayerWeight layer) {
    int axis = 1 - layer.channelAxis();
    int columns = (int) layer.weight().shape().dimension(1);
    double[] factors = new double[(int) layer.weight().shape().dimension(axis)];
    Arrays.setAll(factors, i -> i % 3 == 0 ? 0 : 1);
    double zeros = Math.ceil(factors.length / 3.0) / factors.length;
    FineTuning tuning =
        FineTuning.of(ModelSource.path(model))
            .ramp(SparsitySchedule.constant(zeros, 0))
            .inputFactors(layer.name(), factors);
    Path tuned = folder.resolve("factors.onnx");
    try (GraphNetwork network = tuning.open()) {
      network.save(tuned);
    }
    float[] after = weights(tuned).get(layer.name());
    float[] before = layer.weight().floats();
    for (int i = 0; i < after.length; i++) {
      int input = axis == 1 ? i % columns : i / columns;
      assertThat(after[i]).isEqualTo(input % 3 == 0 ? 0 : before[i]);
    }
  }

  @Test
  void inputFactors_thatDoNotFit_areRefused() {
    FineTuning tuning = FineTuning.of(ModelSource.path(model));
    assertThatThrownBy(() -> tuning.inputFactors("any", 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> tuning.inputFactors("any", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    String first = weights(model).keySet().iterator().next();
    FineTuning few = tuning.inputFactors(first, 1, 2);
    assertThatThrownBy(few::open)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(first)
        .hasMessageContaining("2 factors");
    FineTuning unknown = tuning.inputFactors("nothing", 1);
    assertThatThrownBy(unknown::open)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void exclude_ofAnUnknownWeight_namesThoseThereAre() {
    FineTuning tuning = FineTuning.of(ModelSource.path(model)).keepZeros().exclude("nothing");
    assertThatThrownBy(tuning::open)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nothing")
        .hasMessageContaining(weights(model).keySet().iterator().next());
  }

  @Test
  void quantized_exportEqualsTheTrainedNetwork() throws OrtException {
    for (QuantizationAware aware :
        List.of(
            QuantizationAware.w8a8(),
            QuantizationAware.w4a8(),
            QuantizationAware.w4a4().learnedRanges())) {
      Path exported = folder.resolve("quantized.onnx");
      try (GraphNetwork network = FineTuning.of(ModelSource.path(model)).quantize(aware).open();
          NDManager manager = network.manager().newSubManager()) {
        step(network, BATCH, 1);
        step(network, BATCH, 2);
        network.export(exported);
        NDArray input = random(manager, BATCH, 9);
        float[] must = network.forward(new NDList(input), false).get(0).toFloatArray();
        float[] is = onnxRuntime(exported, input);
        // A sum in another order may round to the next step of a scale, rarely.
        int rowsOff = rowsOff(is, must, 0.01);
        assertThat(rowsOff)
            .as(aware.toString())
            .isLessThanOrEqualTo(aware.activationBits() == 8 ? 0 : 1);
      }
      assertThat(exported.toFile().length()).isLessThan(model.toFile().length() / 3);
    }
  }

  @Test
  void quantized_outputsDifferFromTheFloatNetwork() {
    try (GraphNetwork network =
            FineTuning.of(ModelSource.path(model)).quantize(QuantizationAware.w4a4()).open();
        NDManager manager = network.manager().newSubManager()) {
      NDList input = new NDList(random(manager, BATCH, 9));
      NDArray before = network.forward(input, false).get(0);
      step(network, BATCH, 1);
      NDArray after = network.forward(input, false).get(0);
      assertThat(after.sub(before).abs().max().getFloat()).isGreaterThan(0.01f);
    }
  }

  @Test
  void quantized_exportBeforeTraining_isRefused() {
    try (GraphNetwork network =
        FineTuning.of(ModelSource.path(model)).quantize(QuantizationAware.w8a8()).open()) {
      assertThatThrownBy(() -> network.export(folder.resolve("early.onnx")))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("not trained yet");
    }
    assertThat(folder.resolve("early.onnx")).doesNotExist();
  }

  /** The number of rows of ten with a difference above a part of the largest value. */
  private static int rowsOff(float[] is, float[] must, double part) {
    TreeSet<Integer> rows = new TreeSet<>();
    double scale = 0;
    for (float value : must) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < is.length; i++) {
      if (!(Math.abs(is[i] - must[i]) <= part * scale)) {
        rows.add(i / 10);
      }
    }
    return rows.size();
  }

  private static void train(FineTuning tuning, int steps, Path target) {
    try (GraphNetwork network = tuning.open()) {
      for (int i = 1; i <= steps; i++) {
        step(network, BATCH, i);
      }
      network.save(target);
    }
  }

  /** Gradient descent on the mean of squared outputs. */
  private static void step(GraphNetwork network, Shape shape, int number) {
    try (NDManager manager = network.manager().newSubManager()) {
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDList inputs = new NDList(random(manager, shape, number));
        collector.backward(network.forward(inputs, true).get(0).square().mean());
      }
      for (NDArray parameter : network.parameters().values()) {
        NDArray gradient = parameter.getGradient();
        gradient.attach(manager);
        parameter
            .getNDArrayInternal()
            .sgdUpdate(
                new NDList(parameter, gradient), new NDList(parameter), 1e-3f, 0, 1, -1, 0, false);
      }
    }
    network.afterStep(number);
  }

  private static NDArray random(NDManager manager, Shape shape, int seed) {
    float[] values = new float[(int) shape.size()];
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return manager.create(values, shape);
  }

  private static Map<String, float[]> weights(Path file) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(file))) {
      Map<String, float[]> weights = new java.util.LinkedHashMap<>();
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        Weight weight = layer.weight();
        weights.put(layer.name(), weight.floats());
      }
      return weights;
    }
  }

  private static double sparsity(Map<String, float[]> weights) {
    long zeros = 0;
    long all = 0;
    for (float[] values : weights.values()) {
      for (float value : values) {
        zeros += value == 0 ? 1 : 0;
      }
      all += values.length;
    }
    return (double) zeros / all;
  }

  private static float[] onnxRuntime(Path file, NDArray input) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = input.getShape().getShape();
    FloatBuffer values = FloatBuffer.wrap(input.toFloatArray());
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor tensor = OnnxTensor.createTensor(environment, values, shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] output = new float[buffer.remaining()];
      buffer.get(output);
      return output;
    }
  }
}
