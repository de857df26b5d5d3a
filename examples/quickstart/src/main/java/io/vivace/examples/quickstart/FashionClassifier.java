package io.vivace.examples.quickstart;

import io.vivace.core.Predictor;
import io.vivace.core.codec.Classification;
import io.vivace.core.codec.ClassificationOutput;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

/** Names clothes in 2,000 pictures with one network, in the formats of two engines. */
final class FashionClassifier {
  private static final String FOLDER = "/io/vivace/examples/quickstart/";
  private static final Shape PIXELS = Shape.of(1, 28, 28);
  private static final List<String> LABELS =
      List.of(
          "T-shirt",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  private FashionClassifier() {}

  static void run(PrintStream out) throws IOException {
    Dataset<float[], Integer> images = images();
    out.printf("Classifying %,d Fashion-MNIST images%n", images.size());
    for (String model : List.of("fashion-cnn.pt", "fashion-cnn.onnx")) {
      int right = countRight(model, images);
      out.printf(
          "  %-16s  accuracy %.4f (%,d right)%n", model, right / (double) images.size(), right);
    }
  }

  static int countRight(String model, Dataset<float[], Integer> images) {
    try (Predictor<float[], Classification> classifier =
        Predictor.builder()
            .model(ModelSource.classpath(FOLDER + model))
            .input(VectorInput.floats(PIXELS))
            .output(ClassificationOutput.softmax(LABELS))
            .build()) {
      List<Classification> answers = classifier.predictAll(images.inputs());
      int right = 0;
      for (int i = 0; i < images.size(); i++) {
        if (answers.get(i).top().index() == images.labels().get(i)) {
          right++;
        }
      }
      return right;
    }
  }

  static Dataset<float[], Integer> images() throws IOException {
    IdxArray pixels = read("images-idx3-ubyte.gz");
    return pixels.labelledBy(read("labels-idx1-ubyte.gz")).mapInputs(FashionClassifier::scale);
  }

  private static float[] scale(float[] pixels) {
    float[] scaled = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      scaled[i] = pixels[i] / 255;
    }
    return scaled;
  }

  private static IdxArray read(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FashionClassifier.class.getResourceAsStream(FOLDER + name), name)) {
      return IdxArray.read(in, name);
    }
  }
}
