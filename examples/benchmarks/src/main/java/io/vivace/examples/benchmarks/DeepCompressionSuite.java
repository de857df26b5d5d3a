package io.vivace.examples.benchmarks;

import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxElementType;
import io.vivace.evaluate.compare.PairedBootstrap;
import io.vivace.evaluate.metric.Bootstrap;
import io.vivace.examples.benchmarks.CompressionChain.Choice;
import io.vivace.optimize.graph.ModelGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Two networks of Han, Mao and Dally (2016, "Deep Compression") on Fashion-MNIST, where they had
 * MNIST: trained, pruned while trained on, shared, tuned and entropy-coded. How sparse, and with
 * how many values, is chosen on images cut from the training images: the smallest mean size whose
 * mean accuracy is at most a tenth of a point below that of the dense networks, or the most
 * accurate where there is none. The test images are looked at once, after that, with what the
 * containers hold, on ONNX Runtime.
 *
 * <p>The images come from the folder {@code -Dvivace.fashion-mnist}, see {@link
 * GraphTrainingSuite}; {@code -Dvivace.folder} keeps all models, and a run that was stopped goes on
 * from them; {@code -Dvivace.seeds} says how many runs there are. Start the JVM with {@code
 * -Dai.djl.pytorch.num_threads=1}, so that the same seed gives the same bytes.
 */
final class DeepCompressionSuite implements Suite {
  private static final double MOST_LOSS = 0.001;
  private static final int IMAGES = Scale.count(60_000, 2_000);

  @Override
  public String name() {
    return "deep-compression";
  }

  @Override
  public String description() {
    return "LeNets pruned, shared and entropy-coded: bytes and error beside the paper's";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    String source = System.getProperty("vivace.fashion-mnist");
    if (source == null) {
      System.err.println(name() + " skipped: name the images by -Dvivace.fashion-mnist=FOLDER");
      return;
    }
    LeNetData images = LeNetData.read(Path.of(source), IMAGES);
    String kept = System.getProperty("vivace.folder");
    Path folder =
        kept == null
            ? Files.createTempDirectory("vivace-deep")
            : Files.createDirectories(Path.of(kept));
    int seeds = Integer.getInteger("vivace.seeds", Scale.count(3, 1));
    new Sections()
        .add("lenet-300-100", () -> measure(LeNet.fullyConnected(), images, folder, seeds, figures))
        .add("lenet-5", () -> measure(LeNet.convolutional(), images, folder, 1, figures))
        .run();
  }

  private void measure(
      LeNet network, LeNetData images, Path folder, int seeds, Consumer<Figure> figures)
      throws IOException {
    List<CompressionChain> chains = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      CompressionChain chain = new CompressionChain(network, images, folder, seed);
      chain.run();
      chains.add(chain);
    }
    Choice choice = choose(network, images, chains);
    boolean[][] dense = new boolean[seeds][];
    boolean[][] small = new boolean[seeds][];
    double[] ratios = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      CompressionChain chain = chains.get(i);
      requireSame(chain.container(choice), chain.packed(choice));
      requireSameScores(network, images, chain.container(choice), chain.shared(choice));
      dense[i] = LeNetData.right(ModelSource.path(chain.dense()), network.input(), images.test());
      small[i] =
          LeNetData.right(
              ModelSource.path(chain.container(choice)), network.input(), images.test());
      List<PaperAccounting> layers = PaperAccounting.of(chain.shared(choice));
      // The weights and biases alone, as float32: what the file has beyond them does not count.
      ratios[i] = denseBytes(layers, chain.dense()) / Files.size(chain.container(choice));
      table(network, choice, layers, chain, dense[i], small[i]);
    }
    report(network, dense, small, ratios, figures);
  }

  private static Choice choose(LeNet network, LeNetData images, List<CompressionChain> chains)
      throws IOException {
    double dense = 0;
    for (CompressionChain chain : chains) {
      dense += onValidation(network, images, chain.dense()) / chains.size();
    }
    Choice chosen = CompressionChain.choices(network).get(0);
    Choice best = chosen;
    double most = -1;
    double fewest = Double.POSITIVE_INFINITY;
    for (Choice choice : CompressionChain.choices(network)) {
      double accuracy = 0;
      double bytes = 0;
      for (CompressionChain chain : chains) {
        accuracy += onValidation(network, images, chain.container(choice)) / chains.size();
        bytes += (double) Files.size(chain.container(choice)) / chains.size();
      }
      System.err.printf(
          Locale.ROOT,
          "%s %s: %.0f bytes, %.4f on validation, dense %.4f%n",
          network.name(),
          choice,
          bytes,
          accuracy,
          dense);
      if (accuracy >= dense - MOST_LOSS && bytes < fewest) {
        fewest = bytes;
        chosen = choice;
      }
      if (accuracy > most) {
        most = accuracy;
        best = choice;
      }
    }
    return fewest < Double.POSITIVE_INFINITY ? chosen : best;
  }

  private static double onValidation(LeNet network, LeNetData images, Path model) {
    return LeNetData.share(
        LeNetData.right(ModelSource.path(model), network.input(), images.validation()));
  }

  /** What the container decodes to computes what the tuned file does, to the last bit. */
  private static void requireSameScores(
      LeNet network, LeNetData images, Path container, Path tuned) {
    List<float[]> ours = scores(network, images, container);
    List<float[]> theirs = scores(network, images, tuned);
    for (int i = 0; i < ours.size(); i++) {
      if (!Arrays.equals(ours.get(i), theirs.get(i))) {
        throw new IllegalStateException(
            "%s and %s differ on validation image %d".formatted(container, tuned, i));
      }
    }
  }

  private static List<float[]> scores(LeNet network, LeNetData images, Path model) {
    return LeNetData.scores(ModelSource.path(model), network.input(), images.validation());
  }

  /** The container holds the packed file, byte for byte. */
  private static void requireSame(Path container, Path plain) throws IOException {
    try (ModelArtifact artifact = ModelSource.path(container).resolve()) {
      if (Files.mismatch(artifact.path(), plain) != -1) {
        throw new IllegalStateException(container + " does not hold " + plain);
      }
    }
  }

  private static double denseBytes(List<PaperAccounting> layers, Path dense) throws IOException {
    double weights = layers.stream().mapToInt(PaperAccounting::weights).sum();
    return Math.min((double) Files.size(dense), (weights + biases(dense)) * Float.BYTES);
  }

  private static double biases(Path model) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(model))) {
      return graph.graph().weights().stream()
          .filter(weight -> weight.shape().rank() == 1)
          .filter(weight -> weight.type() == OnnxElementType.FLOAT)
          .mapToDouble(weight -> (double) weight.shape().elements())
          .sum();
    }
  }

  private static void table(
      LeNet network,
      Choice choice,
      List<PaperAccounting> layers,
      CompressionChain chain,
      boolean[] dense,
      boolean[] small)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%s, %s%n", network.name(), choice));
    text.append(
        """
        | layer | weights | not 0 | bits of a value | bits of a place | bytes | ratio |
        |---|---|---|---|---|---|---|
        """);
    double sum = 0;
    for (PaperAccounting layer : layers) {
      sum += layer.bytes();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.1f %% | %.2f | %.2f | %.0f | %.1f |%n",
              layer.layer(),
              layer.weights(),
              100.0 * layer.nonZeros() / layer.weights(),
              layer.weightBits(),
              layer.indexBits(),
              layer.bytes(),
              layer.weights() * (double) Float.BYTES / layer.bytes()));
    }
    double plain = denseBytes(layers, chain.dense());
    long container = Files.size(chain.container(choice));
    text.append(
        String.format(
            Locale.ROOT,
            "the paper's accounting: %.0f bytes, %.1f times smaller%n"
                + "the container: %d bytes, %.1f times smaller; error %.2f %% -> %.2f %%%n"
                + "the paper, on MNIST: %.0f times smaller; error %.2f %% -> %.2f %%%n",
            sum,
            plain / sum,
            container,
            plain / container,
            100 * (1 - LeNetData.share(dense)),
            100 * (1 - LeNetData.share(small)),
            network.paper().ratio(),
            network.paper().before(),
            network.paper().after()));
    System.err.println(text);
  }

  private void report(
      LeNet network,
      boolean[][] dense,
      boolean[][] small,
      double[] ratios,
      Consumer<Figure> figures) {
    double ratio = Arrays.stream(ratios).average().orElseThrow();
    double before = 0;
    for (boolean[] each : dense) {
      before += LeNetData.share(each) / dense.length;
    }
    // Each test image is one row, with the mean over the seeds: what is drawn anew are images.
    double[] lost = new double[dense[0].length];
    for (int i = 0; i < lost.length; i++) {
      for (int seed = 0; seed < dense.length; seed++) {
        lost[i] += 100.0 * ((dense[seed][i] ? 1 : 0) - (small[seed][i] ? 1 : 0)) / dense.length;
      }
    }
    PairedBootstrap loss =
        PairedBootstrap.of(times -> mean(lost, times), lost.length, Bootstrap.percentile().seed(1));
    figures.accept(
        Figure.higher(name(), network.name() + "-ratio", ratio, network.bar(), "x", "bar"));
    figures.accept(
        Figure.higher(
            name(), network.name() + "-paper", ratio, network.paper().ratio(), "x", "paper-MNIST"));
    figures.accept(
        Figure.higher(name(), network.name() + "-dense", 100 * before, 89.5, "%", "bar"));
    figure(figures, network, "loss", loss.difference());
    figure(figures, network, "loss-lower", loss.interval().lower());
    figure(figures, network, "loss-upper", loss.interval().upper());
  }

  /** A loss may be 0 or a gain: its ratio is 1 where the bar holds, else 0. */
  private void figure(Consumer<Figure> figures, LeNet network, String what, double points) {
    figures.accept(
        new Figure(
            name(),
            network.name() + "-" + what,
            points,
            0.3,
            "points",
            points <= 0.3 ? 1 : 0,
            "bar"));
  }

  private static double mean(double[] values, int[] times) {
    double sum = 0;
    double count = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * times[i];
      count += times[i];
    }
    return sum / count;
  }
}
