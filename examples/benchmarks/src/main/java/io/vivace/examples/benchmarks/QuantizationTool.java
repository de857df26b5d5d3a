package io.vivace.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** ONNX Runtime's quantization tool in a Python process. */
final class QuantizationTool {
  private static final String QUANTIZE =
      """
      import logging, sys, time
      logging.disable(logging.WARNING)
      from onnxruntime.quantization import quantize_dynamic
      begin = time.perf_counter()
      quantize_dynamic(sys.argv[1], sys.argv[2])
      print((time.perf_counter() - begin) * 1000)
      """;

  private final String python;

  private QuantizationTool(String python) {
    this.python = python;
  }

  /** The Python of the system property {@code vivace.python}, or {@code python3}. */
  static Optional<QuantizationTool> find() throws InterruptedException {
    QuantizationTool peer = new QuantizationTool(System.getProperty("vivace.python", "python3"));
    try {
      peer.run("import onnx, onnxruntime.quantization");
      return Optional.of(peer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The time that the call took, without starting Python and loading its libraries. */
  double quantizeMillis(Path model, Path target) throws IOException, InterruptedException {
    return Double.parseDouble(run(QUANTIZE, model.toString(), target.toString()).trim());
  }

  private String run(String program, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(python, "-c", program);
    builder.command().addAll(java.util.List.of(arguments));
    builder.directory(Path.of(System.getProperty("java.io.tmpdir")).toFile());
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(python + " ended with " + process.exitValue());
    }
    return output;
  }
}
