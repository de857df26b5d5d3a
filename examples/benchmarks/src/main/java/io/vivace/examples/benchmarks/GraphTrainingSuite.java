package io.vivace.examples.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.vivace.core.FitContext;
import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import io.vivace.core.model.ModelSource;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.graph.FineTuning;
import io.vivace.optimize.train.graph.GraphNetwork;
import io.vivace.optimize.train.graph.QuantizationAware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Training of the graph of fashion-cnn: the time of a step beside PyTorch's in Python, and what
 * pruning and quantization while training cost.
 *
 * <p>The images are those of Debian's package {@code dataset-fashion-mnist} ({@code apt-get
 * download} and {@code dpkg -x}), in a folder named by {@code -Dvivace.fashion-mnist}. {@code
 * -Dvivace.images} limits how many are trained on, {@code -Dvivace.epochs} for how long. Start the
 * JVM with {@code -Dai.djl.pytorch.num_threads=1}: the peer has one thread.
 */
final class GraphTrainingSuite implements Suite {
  private static final int BATCH = 128;
  private static final int ROUNDS = 15;
  private static final int STEPS = 5;

  private static final VectorInput<float[]> IMAGE =
      VectorInput.floats(io.vivace.core.model.Shape.of(1, 28, 28));

  @Override
  public String name() {
    return "train-graph";
  }

  @Override
  public String description() {
    return "training of an ONNX graph: time of a step, sparsity, quantization";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    stepTime(figures);
    String folder = System.getProperty("vivace.fashion-mnist");
    if (folder == null) {
      System.err.println("accuracy skipped: name the images by -Dvivace.fashion-mnist=FOLDER");
      return;
    }
    accuracy(figures, Path.of(folder));
  }

  private void stepTime(Consumer<Figure> figures) throws Exception {
    Path folder = Files.createTempDirectory("vivace-train");
    Optional<PythonPeer> peer = PythonPeer.start("train_peer.py", folder);
    if (peer.isEmpty()) {
      return;
    }
    Path model = Models.file(Models.FASHION_ONNX);
    try (PythonPeer python = peer.get();
        GraphNetwork network = GraphNetwork.open(ModelSource.path(model))) {
      GraphStep step = new GraphStep(network);
      double[] ours = new double[ROUNDS];
      double[] theirs = new double[ROUNDS];
      step.run(3 * STEPS);
      python.run("steps " + 3 * STEPS);
      for (int round = 0; round < ROUNDS; round++) {
        long begin = System.nanoTime();
        step.run(STEPS);
        ours[round] = (System.nanoTime() - begin) / 1e6 / STEPS;
        theirs[round] = python.run("steps " + STEPS).seconds() * 1e3 / STEPS;
      }
      figures.accept(
          Figure.lower(
              name(),
              "fashion-cnn-step",
              Race.median(ours),
              Race.median(theirs),
              "ms",
              python.name()));
    }
  }

  /** Steps of Adam on one batch of noise, as the peer does them. */
  private static final class GraphStep {
    private final GraphNetwork network;
    private final Map<String, NDList> moments = new LinkedHashMap<>();
    private final NDArray images;
    private final NDArray labels;
    private int count;

    GraphStep(GraphNetwork network) {
      this.network = network;
      NDManager manager = network.manager();
      images = manager.randomUniform(0, 1, new Shape(BATCH, 1, 28, 28));
      long[] classes = new long[BATCH];
      for (int i = 0; i < BATCH; i++) {
        classes[i] = i % 10;
      }
      labels = manager.create(classes, new Shape(BATCH, 1));
      network
          .parameters()
          .forEach(
              (name, array) ->
                  moments.put(
                      name,
                      new NDList(
                          manager.zeros(array.getShape()), manager.zeros(array.getShape()))));
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        try (NDManager manager = network.manager().newSubManager();
            NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          backward(manager);
          update();
        }
      }
    }

    private void backward(NDManager manager) {
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray batch = images.reshape(images.getShape());
        batch.attach(manager);
        NDArray logits = network.forward(new NDList(batch), true).get(0);
        collector.backward(logits.logSoftmax(1).gather(labels, 1).neg().mean());
      }
    }

    private void update() {
      count++;
      double bias = Math.sqrt(1 - Math.pow(0.999, count)) / (1 - Math.pow(0.9, count));
      network
          .parameters()
          .forEach(
              (name, array) -> {
                NDList state = Objects.requireNonNull(moments.get(name));
                array
                    .getNDArrayInternal()
                    .adamUpdate(
                        new NDList(array, array.getGradient(), state.get(0), state.get(1)),
                        new NDList(array),
                        1e-3f,
                        (float) (1e-3 * bias),
                        0,
                        1,
                        -1,
                        0.9f,
                        0.999f,
                        1e-8f,
                        true,
                        false);
              });
    }
  }

  private void accuracy(Consumer<Figure> figures, Path folder) throws IOException {
    int images = Integer.getInteger("vivace.images", 60_000);
    Dataset<float[], Integer> training = read(folder, "train").slice(0, images).materialized();
    Dataset<float[], Integer> test = read(folder, "t10k").materialized();
    ModelSource model = ModelSource.path(Models.file(Models.FASHION_ONNX));
    double original = ofFile(model, test);
    int epochs = Integer.getInteger("vivace.epochs", 6);
    long steps = (long) epochs * ((images + BATCH - 1) / BATCH);
    SparsitySchedule ramp =
        new SparsitySchedule(0, 0.95, steps / 20, steps * 2 / 3, 3, Math.max(1, steps / 100));
    double dense = tuned(FineTuning.of(model), training, test, epochs, figures);
    figure(figures, "dense-control", dense, original);
    figure(
        figures,
        "95-percent-sparse",
        tuned(FineTuning.of(model).globalRamp(ramp), training, test, epochs, figures),
        dense);
    Map<String, QuantizationAware> kinds = new LinkedHashMap<>();
    kinds.put("w8a8", QuantizationAware.w8a8());
    kinds.put("w4a8", QuantizationAware.w4a8());
    kinds.put("w4a4", QuantizationAware.w4a4());
    for (Map.Entry<String, QuantizationAware> kind : kinds.entrySet()) {
      FineTuning tuning = FineTuning.of(model).quantize(kind.getValue());
      figure(
          figures, "qat-" + kind.getKey(), tuned(tuning, training, test, epochs, figures), dense);
    }
  }

  private void figure(Consumer<Figure> figures, String figure, double accuracy, double control) {
    figures.accept(
        Figure.higher(
            name(), "fashion-cnn-" + figure, 100 * accuracy, 100 * control, "%", "dense-control"));
  }

  /** The accuracy of the exported file; that of the trainer stands beside it. */
  private double tuned(
      FineTuning tuning,
      Dataset<float[], Integer> training,
      Dataset<float[], Integer> test,
      int epochs,
      Consumer<Figure> figures)
      throws IOException {
    Path exported = Files.createTempDirectory("vivace-train").resolve("tuned.onnx");
    Trainer<float[], Integer, float[]> trainer =
        Trainer.graph(tuning)
            .input(IMAGE)
            .output(VectorOutput.floats())
            .loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(1e-3))
            .epochs(epochs)
            .batchSize(BATCH)
            .build();
    try (TrainedModel<float[], float[]> trained =
        trainer.fit(training, FitContext.<float[], Integer>defaults().seed(1))) {
      trained.export(exported);
      double file = ofFile(ModelSource.path(exported), test);
      figures.accept(
          Figure.higher(
              name(),
              "exported-beside-trainer",
              100 * file,
              100 * accuracy(trained, test),
              "%",
              "trainer"));
      return file;
    }
  }

  private static double ofFile(ModelSource model, Dataset<float[], Integer> test) {
    try (Predictor<float[], float[]> predictor =
        Predictor.builder().model(model).input(IMAGE).output(VectorOutput.floats()).build()) {
      return accuracy(predictor, test);
    }
  }

  private static double accuracy(
      Predictor<float[], float[]> predictor, Dataset<float[], Integer> test) {
    List<Outcome<float[]>> answers = new ArrayList<>();
    for (int from = 0; from < test.size(); from += 500) {
      answers.addAll(
          predictor.predictEach(test.slice(from, Math.min(test.size(), from + 500)).inputs()));
    }
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += largest(answers.get(i).get()) == test.labels().get(i) ? 1 : 0;
    }
    return (double) right / test.size();
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static Dataset<float[], Integer> read(Path folder, String part) throws IOException {
    IdxArray images = IdxArray.read(folder.resolve(part + "-images-idx3-ubyte.gz"));
    IdxArray labels = IdxArray.read(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    return images.labelledBy(labels).mapInputs(GraphTrainingSuite::scaled);
  }

  private static float[] scaled(float[] image) {
    float[] scaled = image.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    return scaled;
  }
}
