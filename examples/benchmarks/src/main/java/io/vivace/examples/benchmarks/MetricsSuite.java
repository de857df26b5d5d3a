package io.vivace.examples.benchmarks;

import static io.vivace.evaluate.metric.ClassificationMetrics.AVERAGE_PRECISION;
import static io.vivace.evaluate.metric.ClassificationMetrics.LOG_LOSS;
import static io.vivace.evaluate.metric.ClassificationMetrics.ROC_AUC;

import io.vivace.evaluate.metric.ClassificationReport;
import io.vivace.evaluate.metric.Labels;
import io.vivace.evaluate.metric.ResampledAuc;
import io.vivace.evaluate.metric.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Metrics over a million rows beside scikit-learn's, on the same arrays, checks of the input
 * included. Both answers must agree.
 */
final class MetricsSuite implements Suite {
  private static final int ROWS = 1_000_000;
  private static final int CLASSES = 10;
  private static final int FEW_ROWS = 10_000;
  private static final int SAMPLES = 200;
  private static final int ROUNDS = 11;
  private static final int WARM_UPS = 8;

  private final int[] truth = new int[ROWS];
  private final double[] scores = new double[ROWS];
  private final int[] classes = new int[ROWS];
  private final int[] predicted = new int[ROWS];
  private final double[] probabilities = new double[ROWS * CLASSES];

  @Override
  public String name() {
    return "metrics";
  }

  @Override
  public String description() {
    return "metrics of a million rows; -Dvivace.python names an interpreter with scikit-learn";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    fill();
    Path folder = Files.createTempDirectory("vivace-metrics");
    try {
      save(folder);
      Optional<PythonPeer> peer = PythonPeer.start("metrics_peer.py", folder);
      try (PythonPeer python = peer.orElse(null)) {
        for (Map.Entry<String, Callable<Double>> call : calls().entrySet()) {
          figures.accept(race(call.getKey(), call.getValue(), peer));
        }
      }
    } finally {
      delete(folder);
    }
  }

  private Map<String, Callable<Double>> calls() {
    Map<String, Callable<Double>> calls = new LinkedHashMap<>();
    calls.put("roc-auc", () -> ROC_AUC.of(Scores.binary(truth, scores)));
    calls.put("average-precision", () -> AVERAGE_PRECISION.of(Scores.binary(truth, scores)));
    calls.put("log-loss", () -> LOG_LOSS.of(Scores.of(classes, probabilities, CLASSES)));
    calls.put(
        "classification-report",
        () -> ClassificationReport.of(Labels.of(classes, predicted, CLASSES)).macro().f1());
    calls.put("bootstrap-auc", this::bootstrap);
    return calls;
  }

  /** The mean area of samples with replacement. */
  private double bootstrap() {
    ResampledAuc area =
        ResampledAuc.of(
            Scores.binary(Arrays.copyOf(truth, FEW_ROWS), Arrays.copyOf(scores, FEW_ROWS)));
    SplittableRandom random = new SplittableRandom(42);
    int[] times = new int[FEW_ROWS];
    double sum = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      Arrays.fill(times, 0);
      for (int i = 0; i < FEW_ROWS; i++) {
        times[random.nextInt(FEW_ROWS)]++;
      }
      sum += area.of(times);
    }
    return sum / SAMPLES;
  }

  private Figure race(String call, Callable<Double> ours, Optional<PythonPeer> peer)
      throws Exception {
    double value = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      value = ours.call();
    }
    double[] ourMillis = new double[ROUNDS];
    double[] peerMillis = new double[ROUNDS];
    Arrays.fill(peerMillis, Double.NaN);
    if (peer.isPresent()) {
      check(call, value, peer.get().run(call).value());
    }
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      Race.sink = ours.call();
      ourMillis[round] = (System.nanoTime() - begin) / 1e6;
      if (peer.isPresent()) {
        peerMillis[round] = peer.get().run(call).seconds() * 1e3;
      }
    }
    String peerName = peer.map(PythonPeer::name).orElse("no peer");
    return Figure.lower(
        name(), call, Race.median(ourMillis), Race.median(peerMillis), "ms", peerName);
  }

  /** Bootstraps draw different rows, so they agree only within chance. */
  private static void check(String call, double ours, double peer) {
    double tolerance = call.startsWith("bootstrap") ? 2e-3 : 1e-12;
    if (!(Math.abs(ours - peer) <= tolerance * Math.abs(peer))) {
      throw new IllegalStateException("%s: ours is %s, the peer's %s".formatted(call, ours, peer));
    }
  }

  private void fill() {
    SplittableRandom random = new SplittableRandom(7);
    for (int row = 0; row < ROWS; row++) {
      truth[row] = random.nextInt(2);
      double logit = truth[row] + random.nextGaussian();
      scores[row] = 1 / (1 + Math.exp(-logit));
      classes[row] = random.nextInt(CLASSES);
      predicted[row] = random.nextInt(3) > 0 ? classes[row] : random.nextInt(CLASSES);
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        double weight = random.nextDouble() + (k == classes[row] ? 2 : 0.01);
        probabilities[row * CLASSES + k] = weight;
        sum += weight;
      }
      for (int k = 0; k < CLASSES; k++) {
        probabilities[row * CLASSES + k] /= sum;
      }
    }
  }

  private void save(Path folder) throws IOException {
    PythonPeer.write(folder.resolve("truth"), truth);
    PythonPeer.write(folder.resolve("scores"), scores);
    PythonPeer.write(folder.resolve("classes"), classes);
    PythonPeer.write(folder.resolve("predicted"), predicted);
    PythonPeer.write(folder.resolve("probabilities"), probabilities);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
