package io.vivace.examples.benchmarks;

import io.vivace.core.model.ModelSource;
import io.vivace.optimize.graph.ModelGraph;
import io.vivace.optimize.graph.PassContext;
import io.vivace.optimize.quantize.Quantization;
import io.vivace.optimize.quantize.StrictProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Quantizes one file in a JVM of its own and prints that JVM's peak resident size. */
final class QuantizeProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  private QuantizeProcess() {}

  /** The same work as the tool's {@code quantize_dynamic(model, target)}. */
  static void quantize(Path model, Path target) {
    try (ModelGraph graph = ModelGraph.open(ModelSource.path(model))) {
      Quantization.dynamicInt8()
          .strict(StrictProfile.ONNXRUNTIME_1_30)
          .apply(graph, PassContext.defaults());
      graph.save(target);
    }
  }

  public static void main(String[] files) throws IOException {
    if (files.length == 2) {
      quantize(Path.of(files[0]), Path.of(files[1]));
    }
    if (Files.exists(STATUS)) {
      Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .forEach(System.out::println);
    }
  }

  /** Runs a fresh JVM; returns its peak in MB, or -1 where the system does not tell. */
  static double peakMegabytes(Path... files) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(QuantizeProcess.class.getName());
    for (Path file : files) {
      command.add(file.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("a JVM of its own ended with " + process.exitValue());
    }
    String digits = output.replaceAll("[^0-9]", "");
    return digits.isEmpty() ? -1 : Long.parseLong(digits) * 1024 / 1e6;
  }
}
