package io.vivace.examples.pipeline;

import io.vivace.core.CalibrationData;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.FeatureScaling;
import io.vivace.core.data.FeatureTransform;
import io.vivace.core.data.ImageAugmentation;
import io.vivace.core.model.Shape;
import io.vivace.evaluate.split.HoldOut;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Stage 1: the data, in parts that do not overlap, and what the training part asked for.
 *
 * @param training what is learnt from; scaling and calibration see nothing else
 * @param validation what training is stopped by, and settings are searched by
 * @param choice what the models are compared and chosen by
 * @param input how an image becomes a row of a network's input, in training and in serving
 * @param augmentation how training images are changed
 */
record Prepared(
    Dataset<float[], Integer> training,
    Dataset<float[], Integer> validation,
    Dataset<float[], Integer> choice,
    Preprocessor<float[]> input,
    ImageAugmentation augmentation) {
  private static final int SAMPLES = 128;

  static Prepared run(Settings settings, Path folder, PrintStream out) throws IOException {
    Dataset<float[], Integer> images = Images.training().slice(0, settings.images());
    HoldOut.Parts<float[], Integer> parts =
        HoldOut.stratified(0.7, 0.1, 0.2).seed(Pipeline.SEED).split(images);
    FeatureTransform scaling =
        FeatureScaling.standardTogether().fitFloats(parts.training().inputs());
    Path file = folder.resolve("scaling.json");
    scaling.save(file);
    FeatureTransform saved = FeatureTransform.load(file);
    Preprocessor<float[]> input = VectorInput.floats(Shape.of(1, 28, 28)).after(saved.ofFloats());
    Prepared prepared =
        new Prepared(
            parts.training().materialized(),
            parts.validation().materialized(),
            parts.test().materialized(),
            input,
            ImageAugmentation.of(1, 28, 28).flip(0.5).shift(1));
    prepared.print(saved, out);
    return prepared;
  }

  /** Images for calibration, the first ones of the training part. */
  CalibrationData<float[]> samples() {
    return CalibrationData.of(training.slice(0, Math.min(SAMPLES, training.size())), input);
  }

  private void print(FeatureTransform scaling, PrintStream out) {
    out.printf("%-12s %7s  %9s%n", "part", "images", "mean");
    print("training", training, scaling, out);
    print("validation", validation, scaling, out);
    print("choice", choice, scaling, out);
    out.printf("augmentation of training images: %s%n", augmentation);
  }

  private static void print(
      String name, Dataset<float[], Integer> part, FeatureTransform scaling, PrintStream out) {
    double mean =
        part.inputs().stream()
            .map(scaling.ofFloats())
            .flatMapToDouble(image -> IntStream.range(0, image.length).mapToDouble(i -> image[i]))
            .average()
            .orElse(Double.NaN);
    out.printf("%-12s %,7d  %+9.4f%n", name, part.size(), mean);
  }
}
