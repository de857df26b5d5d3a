package io.vivace.examples.benchmarks;

import io.vivace.core.FitContext;
import io.vivace.core.data.CsvReader;
import io.vivace.core.data.Dataset;
import io.vivace.optimize.train.Optimizer;
import io.vivace.optimize.train.Schedule;
import io.vivace.optimize.train.features.Autoencoder;
import io.vivace.optimize.train.features.AutoencoderModel;
import io.vivace.optimize.train.features.KMeans;
import io.vivace.optimize.train.features.PrincipalComponents;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Clusters, principal components and an autoencoder of the digits beside scikit-learn's. Two of
 * three rows are learnt from, the third is held out; clusters are those of all rows.
 */
final class UnsupervisedSuite implements Suite {
  private static final int SEEDS = 3;
  private static final int UNITS = 16;
  private static final double LARGEST_PIXEL = 16;
  private static final double LARGEST_DIFFERENCE = 1e-6;

  @Override
  public String name() {
    return "unsupervised";
  }

  @Override
  public String description() {
    return "clusters, components, autoencoder; -Dvivace.python names an interpreter with"
        + " scikit-learn";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    Dataset<double[], Integer> digits = digits();
    Path folder = Files.createTempDirectory("vivace-unsupervised");
    PythonPeer.write(
        folder.resolve("digits"),
        digits.inputs().stream().flatMapToDouble(java.util.Arrays::stream).toArray());
    Optional<PythonPeer> peer = PythonPeer.start("unsupervised_peer.py", folder);
    if (peer.isEmpty()) {
      return;
    }
    try (PythonPeer python = peer.get()) {
      new Sections()
          .add("kmeans", () -> clusters(digits, python, figures))
          .add("pca", () -> components(digits, python, folder, figures))
          .add("autoencoder", () -> autoencoder(digits, python, figures))
          .run();
    }
  }

  private void clusters(
      Dataset<double[], Integer> digits, PythonPeer python, Consumer<Figure> figures)
      throws IOException {
    double[] ourMillis = new double[SEEDS];
    double[] theirMillis = new double[SEEDS];
    double ours = 0;
    double theirs = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      KMeans clusters = KMeans.clusters(10).seed(seed);
      clusters.cluster(digits.inputs()); // warm
      long begin = System.nanoTime();
      ours += clusters.cluster(digits.inputs()).inertia() / SEEDS;
      ourMillis[seed] = (System.nanoTime() - begin) / 1e6;
      PythonPeer.Run run = python.run("kmeans " + seed);
      theirs += run.value() / SEEDS;
      theirMillis[seed] = run.seconds() * 1e3;
    }
    figures.accept(Figure.lower(name(), "kmeans-10-inertia", ours, theirs, "", python.name()));
    figures.accept(
        Figure.lower(
            name(),
            "kmeans-10-time",
            Race.median(ourMillis),
            Race.median(theirMillis),
            "ms",
            python.name()));
  }

  private void components(
      Dataset<double[], Integer> digits, PythonPeer python, Path folder, Consumer<Figure> figures)
      throws IOException {
    double[][] ours =
        PrincipalComponents.count(UNITS).analyse(part(digits, false).inputs()).components();
    python.run("pca");
    ByteBuffer theirs =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("components")))
            .order(ByteOrder.LITTLE_ENDIAN);
    double largest = 0;
    for (double[] component : ours) {
      double plus = 0;
      double minus = 0;
      for (double value : component) {
        double other = theirs.getDouble();
        plus = Math.max(plus, Math.abs(value - other));
        minus = Math.max(minus, Math.abs(value + other));
      }
      largest = Math.max(largest, Math.min(plus, minus));
    }
    figures.accept(
        Figure.lower(
            name(),
            "pca-16-largest-difference",
            largest * 1e12,
            LARGEST_DIFFERENCE * 1e12,
            "1e-12",
            "bar"));
  }

  private void autoencoder(
      Dataset<double[], Integer> digits, PythonPeer python, Consumer<Figure> figures)
      throws IOException {
    int epochs = Boolean.getBoolean("vivace.short") ? 20 : 60;
    Autoencoder autoencoder =
        Autoencoder.code(UNITS)
            .hidden(256)
            .training(
                trainer ->
                    trainer
                        .epochs(epochs)
                        .optimizer(Optimizer.adam(0.003).schedule(Schedule.cosine())));
    Dataset<double[], Integer> scaled = digits.mapInputs(UnsupervisedSuite::scaled).materialized();
    List<double[]> heldOut = part(scaled, true).inputs();
    double sum = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      FitContext<double[], Integer> context = FitContext.<double[], Integer>defaults().seed(seed);
      try (AutoencoderModel model = autoencoder.fit(part(scaled, false), context)) {
        sum += model.reconstructionError(heldOut) / SEEDS;
      }
    }
    double components = python.run("error").value() / (LARGEST_PIXEL * LARGEST_PIXEL);
    figures.accept(
        Figure.lower(
            name(),
            "autoencoder-16-held-out-error",
            sum * 1e3,
            components * 1e3,
            "1e-3",
            "PCA of 16 components, " + python.name()));
  }

  private static double[] scaled(double[] pixels) {
    return java.util.Arrays.stream(pixels).map(pixel -> pixel / LARGEST_PIXEL).toArray();
  }

  private static Dataset<double[], Integer> part(
      Dataset<double[], Integer> digits, boolean heldOut) {
    return digits.select(
        IntStream.range(0, digits.size()).filter(i -> (i % 3 == 2) == heldOut).toArray());
  }

  /** The digits of the evaluation example. */
  private static Dataset<double[], Integer> digits() throws IOException {
    try (InputStream file = UnsupervisedSuite.class.getResourceAsStream("/data/digits.csv.gz");
        InputStream in = new GZIPInputStream(Objects.requireNonNull(file))) {
      return CsvReader.doubles().headerless().label(64).intLabels().read(in, "digits.csv");
    }
  }
}
