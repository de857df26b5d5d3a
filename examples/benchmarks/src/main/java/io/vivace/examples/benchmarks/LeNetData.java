package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.model.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The images of Fashion-MNIST, pixels from 0 to 1. Those to choose by are cut from those to train
 * on; the test images stay apart.
 *
 * @param training to learn from
 * @param validation to choose by
 * @param test to be looked at once, at the end
 */
record LeNetData(
    Dataset<float[], Integer> training,
    Dataset<float[], Integer> validation,
    Dataset<float[], Integer> test) {
  static final int PIXELS = 784;

  private static final int VALIDATION = 5_000;
  private static final long SEED = 2015;
  private static final int BATCH = 500;

  /**
   * Reads the four files of Debian's package {@code dataset-fashion-mnist}.
   *
   * @param most how many of the images of each part are used
   */
  static LeNetData read(Path folder, int most) throws IOException {
    Dataset<float[], Integer> all = FashionMnist.read(folder, "train", Integer.MAX_VALUE);
    Dataset.Split<float[], Integer> split =
        all.slice(0, Math.min(most, all.size()))
            .split(1 - Math.min(VALIDATION, most / 5) / (double) Math.min(most, all.size()), SEED);
    Dataset<float[], Integer> test = FashionMnist.read(folder, "t10k", most);
    return new LeNetData(split.training().materialized(), split.heldOut().materialized(), test);
  }

  /**
   * The root of how bright each pixel is, as the root of its mean square, with the mean over the
   * pixels at about 1: what a weight of the pixel counts for beside its magnitude.
   */
  double[] pixelFactors() {
    double[] squares = new double[PIXELS];
    for (float[] image : training.inputs()) {
      Arrays.setAll(squares, i -> squares[i] + (double) image[i] * image[i]);
    }
    double[] norms = Arrays.stream(squares).map(Math::sqrt).toArray();
    double mean = Arrays.stream(norms).average().orElseThrow();
    return Arrays.stream(norms).map(norm -> Math.sqrt(norm / mean)).toArray();
  }

  /** Which images a model gets right, on ONNX Runtime. */
  static boolean[] right(
      ModelSource model, Preprocessor<float[]> input, Dataset<float[], Integer> images) {
    List<float[]> scores = scores(model, input, images);
    boolean[] right = new boolean[images.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = largest(scores.get(i)) == images.labels().get(i);
    }
    return right;
  }

  /** A model's outputs, on ONNX Runtime. */
  static List<float[]> scores(
      ModelSource model, Preprocessor<float[]> input, Dataset<float[], Integer> images) {
    List<float[]> scores = new ArrayList<>();
    try (Predictor<float[], float[]> predictor =
        Predictor.builder().model(model).input(input).output(VectorOutput.floats()).build()) {
      for (int from = 0; from < images.size(); from += BATCH) {
        int to = Math.min(images.size(), from + BATCH);
        predictor
            .predictEach(images.slice(from, to).inputs())
            .forEach(outcome -> scores.add(outcome.get()));
      }
    }
    return scores;
  }

  /** The share of images whose class has the highest score. */
  static double accuracy(List<Integer> truth, List<float[]> scores) {
    long right =
        IntStream.range(0, truth.size())
            .filter(i -> largest(scores.get(i)) == truth.get(i))
            .count();
    return (double) right / truth.size();
  }

  static double share(boolean[] right) {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return (double) count / right.length;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
