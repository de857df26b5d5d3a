package io.vivace.examples.benchmarks;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the resident size of this process grows while a model is loaded, run and closed again. */
final class NativeMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int ROUNDS = 1_000;
  private static final int SETTLED_AFTER = 100;

  private NativeMemory() {}

  static boolean isMeasurable() {
    return Files.isReadable(STATUS);
  }

  /**
   * Kilobytes a round, by least squares over the rounds after the first hundred. Measured in a
   * process of its own, whose heap is there from the start and whose byte code is interpreted:
   * otherwise the growth of the heap and of the compiler's memory hides what models leave behind
   * (compiled, it is 10 to 30 KB a round in the first thousand and nothing after the fourth).
   */
  static double slope(String model) throws IOException, InterruptedException {
    return inOwnProcess(NativeMemory.class, model);
  }

  /** Runs a class that prints a number. */
  static double inOwnProcess(Class<?> main, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xint",
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-Dvivace.short=" + Scale.SHORT,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(main.getSimpleName() + " " + List.of(args) + " failed");
    }
    return Double.parseDouble(printed.strip());
  }

  /**
   * Prints the slope of one model.
   *
   * @param args the model's resource
   * @throws IOException if the resident size cannot be read
   */
  public static void main(String[] args) throws IOException {
    System.out.println(measure(args[0]));
  }

  private static double measure(String model) throws IOException {
    float[] image = new float[28 * 28];
    for (int i = 0; i < image.length; i++) {
      image[i] = i % 7 / 7f;
    }
    double[] kilobytes = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      try (Predictor<float[], float[]> predictor = open(model)) {
        predictor.predict(image);
      }
      kilobytes[round] = residentKilobytes();
    }
    return slope(Arrays.copyOfRange(kilobytes, SETTLED_AFTER, ROUNDS));
  }

  private static Predictor<float[], float[]> open(String model) {
    return Predictor.builder()
        .model(ModelSource.path(Models.file(model)))
        .input(VectorInput.floats(Shape.of(1, 28, 28)))
        .output(VectorOutput.floats())
        .build();
  }

  static double residentKilobytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  static double slope(double[] values) {
    double meanX = (values.length - 1) / 2.0;
    double meanY = Arrays.stream(values).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int x = 0; x < values.length; x++) {
      covariance += (x - meanX) * (values[x] - meanY);
      variance += (x - meanX) * (x - meanX);
    }
    return covariance / variance;
  }
}
