package io.vivace.examples.benchmarks;

import io.vivace.core.Outcome;
import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The images of clothes, 60,000 to learn from and 10,000 to test with, as 784 numbers from 0 to 1.
 * They are those of Debian's package {@code dataset-fashion-mnist} ({@code apt-get download} and
 * {@code dpkg -x}), in a folder named by {@code -Dvivace.fashion-mnist}; {@code -Dvivace.images}
 * limits how many are learnt from. With {@code -Dvivace.choose=true} the test images are the last
 * sixth of the training images, which are not learnt from then: settings are chosen so.
 */
record FashionMnist(Dataset<float[], Integer> training, Dataset<float[], Integer> test) {
  static final VectorInput<float[]> IMAGE = VectorInput.floats(Shape.of(1, 28, 28));

  private static final int SHORT = 2_000;

  static FashionMnist read() throws IOException {
    String folder = System.getProperty("vivace.fashion-mnist");
    if (folder == null) {
      throw new IOException(
          "there are no images: name the folder of Fashion-MNIST by -Dvivace.fashion-mnist=FOLDER");
    }
    int most = Scale.SHORT ? SHORT : Integer.MAX_VALUE;
    int images = Math.min(most, Integer.getInteger("vivace.images", Integer.MAX_VALUE));
    Dataset<float[], Integer> training = read(Path.of(folder), "train", images);
    if (Boolean.getBoolean("vivace.choose")) {
      int kept = training.size() * 5 / 6;
      return new FashionMnist(training.slice(0, kept), training.slice(kept, training.size()));
    }
    return new FashionMnist(training, read(Path.of(folder), "t10k", most));
  }

  static Dataset<float[], Integer> read(Path folder, String part, int most) throws IOException {
    IdxArray images = IdxArray.read(folder.resolve(part + "-images-idx3-ubyte.gz"));
    IdxArray labels = IdxArray.read(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    Dataset<float[], Integer> all = images.labelledBy(labels).mapInputs(FashionMnist::scaled);
    return all.slice(0, Math.min(most, all.size())).materialized();
  }

  private static float[] scaled(float[] image) {
    float[] scaled = image.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    return scaled;
  }

  /** How many test images a file gets right on ONNX Runtime, in percent. */
  double accuracy(Path file) {
    try (Predictor<float[], float[]> predictor = predictor(file)) {
      return accuracy(predictor);
    }
  }

  static Predictor<float[], float[]> predictor(Path file) {
    return Predictor.builder()
        .model(ModelSource.path(file))
        .input(IMAGE)
        .output(VectorOutput.floats())
        .build();
  }

  /** How many test images a predictor gets right, in percent. */
  double accuracy(Predictor<float[], float[]> predictor) {
    List<float[]> answers = new ArrayList<>();
    for (int from = 0; from < test.size(); from += 500) {
      List<float[]> some = test.slice(from, Math.min(test.size(), from + 500)).inputs();
      predictor.predictEach(some).stream().map(Outcome::get).forEach(answers::add);
    }
    return accuracy(test.labels(), answers);
  }

  static double accuracy(List<Integer> truth, List<float[]> answers) {
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      right += largest(answers.get(i)) == truth.get(i) ? 1 : 0;
    }
    return 100.0 * right / truth.size();
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
