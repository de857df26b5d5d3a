package io.vivace.examples.benchmarks;

import io.vivace.core.FitContext;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.ImageAugmentation;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.optimize.Compression;
import io.vivace.optimize.graph.Graph;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.Weight;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.TrainerBuilder;
import io.vivace.optimize.train.graph.FineTuning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one network of one seed small: trains it, prunes it while it is trained on, lets weights
 * share values, tunes those, and packs the file. Files that are there already are taken as they
 * are, so that a run that was stopped goes on.
 */
final class CompressionChain {
  /** The decay of weights with which the dense network is best on validation images. */
  private static final double DENSE_DECAY = 0.05;

  private static final ImageAugmentation MIRRORED = ImageAugmentation.of(1, 28, 28).flip(0.5);

  /** Low bits of a bias that are 0: five bits after the first are enough, and cost little. */
  private static final int ROUNDED = 18;

  /** Shared values move together, so little is enough. */
  private static final double SHARED_RATE = 3e-4;

  /**
   * A way to compress.
   *
   * @param sparsity the share of zeros
   * @param values how many values the weights of a layer share
   */
  record Choice(double sparsity, int values) {
    @Override
    public String toString() {
      return "%s-%d".formatted(sparsity, values);
    }
  }

  private final LeNet network;
  private final LeNetData images;
  private final Path folder;
  private final long seed;

  CompressionChain(LeNet network, LeNetData images, Path folder, long seed) {
    this.network = network;
    this.images = images;
    this.folder = folder;
    this.seed = seed;
  }

  private Path file(String name) {
    return folder.resolve("%s-%d-%s".formatted(network.name(), seed, name));
  }

  Path dense() {
    return file("dense.onnx");
  }

  Path shared(Choice choice) {
    return file(choice + ".onnx");
  }

  Path packed(Choice choice) {
    return file(choice + "-packed.onnx");
  }

  Path container(Choice choice) {
    return file(choice + ".vvp");
  }

  /** All ways that are tried. */
  static List<Choice> choices(LeNet network) {
    List<Choice> choices = new ArrayList<>();
    for (double sparsity : network.sparsities()) {
      network.values().forEach(values -> choices.add(new Choice(sparsity, values)));
    }
    return choices;
  }

  void run() {
    if (!Files.exists(dense())) {
      trainDense();
    }
    double before = 0;
    Path from = dense();
    for (double sparsity : network.sparsities()) {
      Path pruned = file(sparsity + ".onnx");
      if (!Files.exists(pruned)) {
        prune(from, before, sparsity, pruned);
      }
      for (int values : network.values()) {
        Choice choice = new Choice(sparsity, values);
        if (!Files.exists(container(choice))) {
          share(pruned, choice);
          Compression.of(ModelSource.path(shared(choice)))
              .pack(Packing.standard())
              .saveTo(packed(choice));
          PackedContainer.write(ModelSource.path(packed(choice)), container(choice));
        }
      }
      before = sparsity;
      from = pruned;
    }
  }

  private void trainDense() {
    train(
        options(Trainer.block(network.block()), network.rate(), DENSE_DECAY, network.denseEpochs()),
        dense());
  }

  private void prune(Path from, double before, double sparsity, Path target) {
    long batches = (images.training().size() + network.batch() - 1L) / network.batch();
    long last = Math.max(1, batches * network.rampEpochs() / 2);
    SparsitySchedule ramp =
        new SparsitySchedule(before, sparsity, 1, last, 3, Math.max(1, last / 50));
    FineTuning tuning = FineTuning.of(ModelSource.path(from)).globalRamp(ramp);
    for (LayerWeight layer : layers(from)) {
      if (isFirstMatrix(layer)) {
        tuning = tuning.inputFactors(layer.name(), images.pixelFactors());
      }
    }
    train(
        options(Trainer.graph(tuning), network.rate(), network.decay(), network.rampEpochs()),
        target);
  }

  private static boolean isFirstMatrix(LayerWeight layer) {
    return layer.weight().shape().rank() == 2
        && layer.weight().shape().dimension(1 - layer.channelAxis()) == LeNetData.PIXELS;
  }

  private void share(Path pruned, Choice choice) {
    String[] kernels = names(pruned, true);
    Path tuned = file(choice + "-tuned.onnx");
    Path untuned = file(choice + "-untuned.onnx");
    Compression.of(ModelSource.path(pruned))
        .share(WeightSharing.kMeans(choice.values()).exclude(kernels))
        .share(WeightSharing.kMeans(network.convolutionValues()).exclude(names(pruned, false)))
        .saveTo(untuned);
    int most = Math.max(choice.values(), network.convolutionValues());
    FineTuning tuning = FineTuning.of(ModelSource.path(untuned)).keepSharing(most);
    train(
        options(Trainer.graph(tuning), SHARED_RATE, network.decay(), network.sharedEpochs()),
        tuned);
    Compression.of(ModelSource.path(tuned))
        .pass((model, context) -> roundBiases(model.graph()))
        .saveTo(shared(choice));
  }

  private static void roundBiases(Graph graph) {
    for (Weight weight : List.copyOf(graph.weights())) {
      if (weight.shape().rank() == 1 && weight.type() == OnnxElementType.FLOAT) {
        graph.put(weight.mapped((index, value) -> rounded(value)));
      }
    }
  }

  private static float rounded(float value) {
    int bits = Float.floatToIntBits(value) + (1 << (ROUNDED - 1));
    return Float.intBitsToFloat(bits >> ROUNDED << ROUNDED);
  }

  private static List<LayerWeight> layers(Path file) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(file))) {
      return LayerWeight.of(graph.graph());
    }
  }

  private static String[] names(Path file, boolean convolutions) {
    return layers(file).stream()
        .filter(layer -> (layer.weight().shape().rank() > 2) == convolutions)
        .map(LayerWeight::name)
        .toArray(String[]::new);
  }

  private TrainerBuilder<float[], Integer, float[]> options(
      Trainer.InputStage stage, double rate, double decay, int epochs) {
    return stage
        .input(network.input())
        .output(VectorOutput.floats())
        .<Integer>loss(Loss.crossEntropy())
        .metric("accuracy", LeNetData::accuracy)
        .optimizer(Optimizer.adamW(rate, decay).schedule(Schedule.cosine()))
        .augmentation(MIRRORED::apply)
        .earlyStopping(EarlyStopping.maximize("accuracy").patience(epochs))
        .batchSize(network.batch())
        .epochs(epochs);
  }

  private void train(TrainerBuilder<float[], Integer, float[]> options, Path target) {
    long begin = System.nanoTime();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().validation(images.validation()).seed(seed);
    try (TrainedModel<float[], float[]> trained = options.build().fit(images.training(), context)) {
      trained.export(target);
      System.err.printf(
          "%s in %.0f s%n%s%n",
          target.getFileName(),
          (System.nanoTime() - begin) / 1e9,
          trained.learningCurve().toMarkdown());
    }
  }
}
