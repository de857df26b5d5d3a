package io.vivace.examples.benchmarks;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.calibrate.Calibration;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Calibrates in a JVM of its own and prints that JVM's peak resident size. */
final class CalibrationProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  private CalibrationProcess() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[1]);
    Iterable<Map<String, Tensor>> samples =
        () -> IntStream.range(0, count).mapToObj(CalibrationProcess::sample).iterator();
    try (ModelGraph model = ModelGraph.open(ModelSource.path(Path.of(arguments[0])))) {
      List<String> values = new ArrayList<>();
      model.graph().nodes().forEach(node -> values.addAll(node.outputs()));
      Calibration.entropy().ranges(model, values, samples, PassContext.defaults());
    }
    if (Files.exists(STATUS)) {
      Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .forEach(System.out::println);
    }
  }

  private static Map<String, Tensor> sample(int index) {
    Random random = new Random(index);
    float[] pixels = new float[784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return Map.of("input", Tensor.of(pixels, 1, 1, 28, 28));
  }

  /**
   * Runs a fresh JVM with a heap of fixed size; returns its peak in MB, or -1 where the system does
   * not tell.
   */
  static double peakMegabytes(Path model, int samples) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CalibrationProcess.class.getName(),
                model.toString(),
                String.valueOf(samples))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("a JVM of its own ended with " + process.exitValue());
    }
    String digits = output.replaceAll("[^0-9]", "");
    return digits.isEmpty() ? -1 : Long.parseLong(digits) * 1024 / 1e6;
  }
}
