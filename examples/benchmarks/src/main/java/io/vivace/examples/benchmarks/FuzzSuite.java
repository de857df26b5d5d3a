package io.vivace.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Damaged files through read, passes, write, and load in the engine: an error or a model that
 * loads. A JVM of its own, with a small heap, takes one file after the other; if it dies or takes
 * too long over one, that counts, and another one goes on.
 */
final class FuzzSuite implements Suite {
  /** Far more than the slowest takes; what never ends is found by it. */
  private static final long SECONDS = 120;

  private static final String END = "end of output";

  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private double slowest;

  @Override
  public String name() {
    return "fuzz";
  }

  @Override
  public String description() {
    return "1,000 damaged model files: an error or a model that loads, never a crash";
  }

  @Override
  public void run(Consumer<Figure> figures) throws Exception {
    int total =
        model("digits-mlp", Models.DIGITS_ONNX, 250, figures)
            + model("fashion-cnn", Models.FASHION_ONNX, 300, figures)
            + model("text-direction", Models.TEXT_DIRECTION, 300, figures)
            + model("minilm", Models.MINILM, 150, figures);
    figures.accept(Figure.higher(name(), "damaged-files", total, 1_000, "files", "wanted"));
  }

  private int model(String label, String resource, int full, Consumer<Figure> figures)
      throws Exception {
    int seeds = Scale.count(full, full / 30);
    counts.clear();
    slowest = 0;
    Path model = Models.file(resource);
    for (int next = 0; next < seeds; ) {
      // A worker that died leaves what it had begun.
      Path folder = Files.createTempDirectory("vivace-fuzz");
      next = work(model, folder, next, seeds);
      delete(folder);
    }
    int refused = counts.getOrDefault(FuzzWorker.REFUSED, 0);
    int loaded = counts.getOrDefault(FuzzWorker.LOADED, 0);
    add(figures, label + "-refused", refused, seeds);
    add(figures, label + "-loaded", loaded, seeds);
    figures.accept(
        new Figure(
            name(),
            label + "-faults",
            seeds - refused - loaded,
            0,
            "files",
            seeds == refused + loaded ? 1 : 0,
            "allowed"));
    figures.accept(
        Figure.lower(name(), label + "-slowest", slowest, SECONDS, "s", "taken-for-endless"));
    return seeds;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void add(Consumer<Figure> figures, String figure, int count, int seeds) {
    figures.accept(new Figure(name(), figure, count, seeds, "files", Double.NaN, "damaged"));
  }

  /** Lets a worker go as far as it comes; returns the seed from which another must go on. */
  private int work(Path model, Path folder, int first, int seeds) throws Exception {
    Process worker = start(model, folder, first, seeds);
    try {
      BlockingQueue<String> lines = lines(worker);
      int next = first;
      while (next < seeds) {
        long begin = System.nanoTime();
        String outcome = outcome(lines);
        slowest = Math.max(slowest, (System.nanoTime() - begin) / 1e9);
        boolean ended = outcome == null || outcome.equals(END);
        count(next, outcome == null ? "takes too long" : ended ? "the JVM died" : outcome);
        next++;
        if (ended) {
          break;
        }
      }
      return next;
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  private void count(int seed, String outcome) {
    counts.merge(outcome, 1, Integer::sum);
    if (!outcome.equals(FuzzWorker.REFUSED) && !outcome.equals(FuzzWorker.LOADED)) {
      System.err.println("seed " + seed + ": " + outcome);
    }
  }

  /** What the worker says of the next file; null if it says nothing for too long. */
  private static @Nullable String outcome(BlockingQueue<String> lines) throws InterruptedException {
    String line = lines.poll(SECONDS, TimeUnit.SECONDS);
    while (line != null && !line.equals(END) && !line.startsWith("end ")) {
      line = lines.poll(SECONDS, TimeUnit.SECONDS);
    }
    return line == null || line.equals(END) ? line : line.substring("end ".length());
  }

  private static BlockingQueue<String> lines(Process worker) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader output =
                  new BufferedReader(
                      new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
                output.lines().forEach(lines::add);
              } catch (IOException | UncheckedIOException e) {
                // Closed in the middle of a line: the worker was ended.
              } finally {
                lines.add(END);
              }
            },
            "fuzz-reader");
    reader.setDaemon(true);
    reader.start();
    return lines;
  }

  private static Process start(Path model, Path folder, int first, int seeds) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                FuzzWorker.class.getName(),
                model.toString(),
                folder.toString(),
                String.valueOf(first),
                String.valueOf(seeds)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
