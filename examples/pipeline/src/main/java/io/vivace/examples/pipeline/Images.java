package io.vivace.examples.pipeline;

import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Fashion-MNIST as it is committed: 5,000 training images and 2,000 test images. */
final class Images {
  static final List<String> LABELS =
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

  private Images() {}

  static Dataset<float[], Integer> training() throws IOException {
    return read("/io/vivace/optimize/fashion-mnist/train-5000-");
  }

  /** To be read once, when nothing is to be chosen any more. */
  static Dataset<float[], Integer> test() throws IOException {
    return read("/io/vivace/examples/quickstart/");
  }

  private static Dataset<float[], Integer> read(String prefix) throws IOException {
    return array(prefix + "images-idx3-ubyte.gz")
        .labelledBy(array(prefix + "labels-idx1-ubyte.gz"))
        .materialized();
  }

  private static IdxArray array(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Images.class.getResourceAsStream(name), name)) {
      return IdxArray.read(in, name);
    }
  }
}
