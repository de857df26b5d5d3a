package io.vivace.optimize.train;

import io.vivace.core.data.Dataset;
import io.vivace.core.data.IdxArray;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The 5,000 committed images of Fashion-MNIST: pixels from 0 to 1, 28 by 28, and their class. */
public final class FashionData {
  private static final String FOLDER = "/io/vivace/optimize/fashion-mnist/train-5000-";

  private FashionData() {}

  public static Dataset<float[], Integer> slice(int from, int to) {
    return read("images-idx3-ubyte.gz")
        .labelledBy(read("labels-idx1-ubyte.gz"))
        .slice(from, to)
        .mapInputs(FashionData::scaled)
        .materialized();
  }

  private static float[] scaled(float[] image) {
    float[] scaled = image.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    return scaled;
  }

  private static IdxArray read(String name) {
    try (InputStream in = FashionData.class.getResourceAsStream(FOLDER + name)) {
      return IdxArray.read(Objects.requireNonNull(in, name), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
