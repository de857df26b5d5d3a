package io.vivace.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.vivace.core.Estimator;
import io.vivace.core.FitContext;
import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.TensorOutput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeaturePreparation;
import io.vivace.core.data.FeatureScaling;
import io.vivace.core.data.FeatureTransform;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.distill.Distillation;
import io.vivace.optimize.distill.InnerOutputs;
import io.vivace.optimize.distill.Lesson;
import io.vivace.optimize.distill.Match;
import io.vivace.optimize.distill.SelfDistillation;
import io.vivace.optimize.distill.SelfTaughtModel;
import io.vivace.optimize.distill.ValueLoss;
import io.vivace.optimize.graph.LayerWeight;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.pack.PackedContainer;
import io.vivace.optimize.pack.Packing;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.SparsitySchedule;
import io.vivace.optimize.share.WeightSharing;
import io.vivace.optimize.train.EarlyStopping;
import io.vivace.optimize.train.Loss;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.TrainedModel;
import io.vivace.optimize.train.Trainer;
import io.vivace.optimize.train.features.Autoencoder;
import io.vivace.optimize.train.features.AutoencoderModel;
import io.vivace.optimize.train.features.Clustering;
import io.vivace.optimize.train.features.KMeans;
import io.vivace.optimize.train.features.PrincipalComponents;
import io.vivace.optimize.train.graph.FineTuning;
import io.vivace.optimize.train.graph.QuantizationAware;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Code of the README on training, line by line, on a few images and small networks. */
class ReadmeTrainingTest {
  private static final Logger log = LoggerFactory.getLogger(ReadmeTrainingTest.class);
  private static final List<String> LABELS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  @TempDir Path folder;

  private static Dataset<float[], Integer> images(int from, int to) throws IOException {
    return FashionClassifier.images().slice(from, to).materialized();
  }

  private Path network() throws IOException {
    Path file = folder.resolve("fashion-cnn.onnx");
    try (InputStream in = FashionClassifier.class.getResourceAsStream("fashion-cnn.onnx")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    return file;
  }

  private static Block student() {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(16).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(10).build());
  }

  private static int zeros(Path file) {
    int zeros = 0;
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(file))) {
      for (LayerWeight layer : LayerWeight.of(graph.graph())) {
        for (float value : layer.weight().floats()) {
          zeros += value == 0 ? 1 : 0;
        }
      }
    }
    return zeros;
  }

  @Test
  void training_ofTheReadme_runs() throws IOException {
    Dataset<float[], Integer> training = images(0, 400);
    Dataset<float[], Integer> heldOut = images(400, 500);
    float[] pixels = heldOut.get(0).input();
    Path checkpoint = folder.resolve("checkpoint");
    Path file = folder.resolve("trained.onnx");

    Trainer<float[], Integer, Classification> trainer =
        Trainer.block(
                () ->
                    new SequentialBlock()
                        .add(Linear.builder().setUnits(64).build())
                        .add(Activation.reluBlock())
                        .add(Linear.builder().setUnits(10).build()))
            .input(VectorInput.floats(784))
            .output(ClassificationOutput.softmax(LABELS))
            .loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(0.002).schedule(Schedule.cosine()))
            .epochs(20)
            .earlyStopping(EarlyStopping.minimize("validationLoss").patience(3))
            .checkpoint(checkpoint)
            .resume(true) // goes on from the checkpoint, if there is one
            .build();
    FitContext<float[], Integer> context =
        FitContext.<float[], Integer>defaults().validation(heldOut).seed(42);
    try (TrainedModel<float[], Classification> trained = trainer.fit(training, context)) {
      log.info(trained.learningCurve().toMarkdown());
      trained.predict(pixels); // on PyTorch, one call at a time
      trained.export(file); // as ONNX, to be served by Predictor.builder()
      assertThat(trained.learningCurve().best()).isPresent();
    }

    try (Predictor<float[], float[]> served =
        Predictor.builder()
            .model(ModelSource.path(file))
            .input(VectorInput.floats(784))
            .output(VectorOutput.floats())
            .build()) {
      assertThat(served.predict(pixels)).hasSize(10);
    }
    assertThat(checkpoint).exists();
  }

  @Test
  void fineTuning_ofTheReadme_runs() throws IOException {
    Path model = network();
    Dataset<float[], Integer> training = images(0, 64);
    Path pruned = folder.resolve("pruned.onnx");
    Path tuned = folder.resolve("tuned.onnx");
    Path quantized = folder.resolve("quantized.onnx");

    Compression.of(ModelSource.path(model)).prune(Pruning.magnitude().sparsity(0.8)).saveTo(pruned);
    FineTuning sparse = FineTuning.of(ModelSource.path(pruned)).keepZeros();
    try (TrainedModel<float[], Classification> trained =
        Trainer.graph(sparse)
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(ClassificationOutput.softmax(LABELS))
            .loss(Loss.crossEntropy())
            .optimizer(Optimizer.adam(0.0005))
            .epochs(1)
            .build()
            .fit(training)) {
      trained.save(tuned); // an ONNX file, as sparse as before
    }

    FineTuning aware = FineTuning.of(ModelSource.path(model)).quantize(QuantizationAware.w8a8());
    try (TrainedModel<float[], Classification> trained =
        Trainer.graph(aware)
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(ClassificationOutput.softmax(LABELS))
            .loss(Loss.crossEntropy())
            .epochs(1)
            .build()
            .fit(training)) {
      trained.export(quantized);
    }
    assertThat(zeros(tuned)).isEqualTo(zeros(pruned)).isPositive();
    assertThat(Files.size(quantized)).isLessThan(Files.size(model) / 3);
  }

  @Test
  void deepCompression_ofTheReadme_runs() throws IOException {
    Path model = network();
    float[] pixels = images(0, 1).get(0).input();
    int half = 2; // of 4 steps
    Path sparse = folder.resolve("sparse.onnx");
    Path shared = folder.resolve("shared.onnx");
    Path tuned = folder.resolve("tuned.onnx");
    Path packed = folder.resolve("packed.onnx");
    Path container = folder.resolve("packed.vvp");

    SparsitySchedule schedule = new SparsitySchedule(0, 0.9, 1, half, 3, 1); // half of the steps
    tune(FineTuning.of(ModelSource.path(model)).globalRamp(schedule), sparse); // trains, as above
    Compression.of(ModelSource.path(sparse)).share(WeightSharing.kMeans(32)).saveTo(shared);
    tune(FineTuning.of(ModelSource.path(shared)).keepSharing(32), tuned);
    Compression.of(ModelSource.path(tuned)).pack(Packing.standard()).saveTo(packed);
    PackedContainer.write(ModelSource.path(packed), container);
    try (Predictor<float[], float[]> small =
        Predictor.builder()
            .model(ModelSource.path(container))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .build()) {
      small.predict(pixels);
    }
    // The smallest weights may join the zeros when values are shared.
    assertThat(zeros(tuned)).isEqualTo(zeros(shared)).isGreaterThanOrEqualTo(zeros(sparse));
    assertThat(zeros(sparse)).isPositive();
    assertThat(Files.size(container)).isLessThan(Files.size(model) / 15);
  }

  private void tune(FineTuning tuning, Path target) throws IOException {
    try (TrainedModel<float[], float[]> trained =
        Trainer.graph(tuning)
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .<Integer>loss(Loss.crossEntropy())
            .batchSize(16)
            .epochs(1)
            .build()
            .fit(images(0, 64))) {
      trained.export(target);
    }
  }

  @Test
  void distillation_ofTheReadme_runs() throws IOException {
    Path model = network();
    Dataset<float[], Integer> labelled = images(0, 50);
    List<float[]> unlabelled = images(50, 250).inputs();

    try (Predictor<float[], float[]> teacher =
        Predictor.builder()
            .model(ModelSource.path(model))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(VectorOutput.floats())
            .build()) {
      Distillation<float[], Integer> lessons =
          Distillation.from(teacher, Loss.crossEntropy()).temperature(4);
      Trainer<float[], Lesson<Integer>, float[]> trainer =
          Trainer.block(() -> student())
              .input(VectorInput.floats(784))
              .output(VectorOutput.floats())
              .loss(lessons.loss())
              .epochs(3)
              .build();
      try (TrainedModel<float[], float[]> small = trainer.fit(lessons.of(labelled, unlabelled))) {
        assertThat(small.predict(unlabelled.get(0))).hasSize(10);
        double[] losses = small.learningCurve().values("loss");
        assertThat(losses[2]).isLessThan(losses[0]);
      }
    }
  }

  @Test
  void selfDistillation_ofTheReadme_runs() throws IOException {
    Dataset<float[], Integer> labelled = images(0, 100);
    Dataset<float[], Integer> heldOut = images(100, 150);
    List<float[]> unlabelled = images(150, 250).inputs();
    Path onnx = folder.resolve("best.onnx");
    FitContext<float[], Integer> context = FitContext.defaults();

    SelfDistillation<float[], Integer> again =
        SelfDistillation.of(
            Loss.crossEntropy(),
            loss ->
                Trainer.block(() -> student())
                    .input(VectorInput.floats(784))
                    .output(VectorOutput.floats())
                    .loss(loss)
                    .epochs(3)
                    .build());
    try (SelfTaughtModel<float[]> best =
        again.generations(3).unlabelled(unlabelled).fit(labelled, context.validation(heldOut))) {
      best.model().export(onnx); // of generation best.generation()
      assertThat(best.scores()).hasSize(3);
      assertThat(best.generation()).isBetween(1, 3);
    }
    assertThat(onnx).isNotEmptyFile();
  }

  @Test
  void features_ofTheReadme_run() throws IOException {
    Dataset<double[], Integer> data =
        images(0, 120).mapInputs(ReadmeTrainingTest::middle).materialized();
    double[] example = data.get(0).input();
    Path json = folder.resolve("features.json");
    Path encoder = folder.resolve("encoder.onnx");
    Estimator<double[], Integer, Integer> classifier =
        (training, context) -> Predictor.of(codes -> codes[0] > 0 ? 1 : 0);

    FeaturePreparation preparation =
        FeatureScaling.standard().then(PrincipalComponents.variance(0.9).whitened());
    FeatureTransform features = preparation.fit(data.inputs());
    features.save(json); // serving: VectorInput.doubles(n).after(FeatureTransform.load(json))
    Clustering clusters = KMeans.clusters(10).cluster(data.inputs());
    int nearest = clusters.predictor().predict(example);
    Autoencoder autoencoder =
        Autoencoder.code(16).hidden(64).training(options -> options.epochs(20));
    try (AutoencoderModel model = autoencoder.fit(data)) {
      double strangeness = model.reconstructionError(List.of(example));
      model.exportEncoder(encoder);
      assertThat(strangeness).isBetween(0.0, 0.1);
    }
    Estimator<double[], Integer, Integer> whole =
        Estimator.<Integer>preparing(preparation).then(classifier);

    assertThat(FeatureTransform.load(json)).isEqualTo(features);
    assertThat(nearest).isEqualTo(clusters.labels()[0]);
    assertThat(encoder).isNotEmptyFile();
    try (Predictor<double[], Integer> fitted = whole.fit(data)) {
      assertThat(fitted.predict(example)).isBetween(0, 1);
    }
  }

  /** 8 by 8 pixels of the middle, from 0 to 1. */
  private static double[] middle(float[] image) {
    double[] pixels = new double[64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = image[(10 + i / 8) * 28 + 10 + i % 8];
    }
    return pixels;
  }

  @Test
  void distillationByInnerValues_ofTheReadme_runs() throws IOException {
    Path model = network();
    Path open = folder.resolve("open.onnx");
    List<float[]> unlabelled = images(0, 200).inputs();

    InnerOutputs.save(ModelSource.path(model), open, "/Relu_2_output_0");
    try (Predictor<float[], Map<String, Tensor>> inside =
        Predictor.builder()
            .model(ModelSource.path(open))
            .input(VectorInput.floats(Shape.of(1, 28, 28)))
            .output(TensorOutput.all())
            .build()) {
      Distillation<float[], Integer> hints =
          Distillation.<float[], Integer>fromValues()
              .match(Match.output(ValueLoss.cosine()), inside, "logits")
              .match(
                  Match.of("02LambdaBlock", ValueLoss.meanSquaredError()).projected().weight(0.1),
                  inside,
                  "/Relu_2_output_0");
      Dataset<float[], Lesson<Integer>> lessons =
          hints.of(Dataset.of(List.of(), List.of()), unlabelled);
      Trainer<float[], Lesson<Integer>, float[]> trainer =
          Trainer.block(() -> student())
              .input(VectorInput.floats(784))
              .output(VectorOutput.floats())
              .loss(hints.loss())
              .epochs(5)
              .build();
      try (TrainedModel<float[], float[]> small = trainer.fit(lessons)) {
        double[] losses = small.learningCurve().values("loss");
        assertThat(losses[4]).isLessThan(losses[0]);
      }
    }
  }
}
