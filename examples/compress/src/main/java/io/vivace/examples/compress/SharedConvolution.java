package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxMessage;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.share.WeightSharing;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A network that uses one convolution in two places, once with a copy of the weights for each place
 * and once with the weights shared. The file holds them once, and so does memory; a later pass
 * keeps them shared. A run takes as long, for it computes as much.
 *
 * <pre>{@code
 * ./mvnw -q -pl examples/compress -am compile exec:java \
 *     -Dexec.mainClass=io.vivace.examples.compress.SharedConvolution
 * }</pre>
 */
public final class SharedConvolution {
  private static final int CHANNELS = 64;
  private static final int SIDE = 16;
  private static final int CLASSES = 10;

  private SharedConvolution() {}

  /**
   * Runs the sample.
   *
   * @param args nothing
   * @throws IOException if the temporary files cannot be written
   */
  public static void main(String[] args) throws IOException {
    run(Files.createTempDirectory("shared-convolution"), System.out);
  }

  /** Returns the comparison of copies and one, and the report on what a later pass does. */
  static List<CompressionReport> run(Path folder, PrintStream out) {
    ModelSource copies = network(false);
    ModelSource shared = network(true);
    CompressionReport comparison = Compression.of(copies).compareWith(shared);

    // 16 values for all weights of a tensor: still one tensor, used in both places.
    CompressionReport later =
        Compression.of(shared)
            .share(WeightSharing.kMeans(16))
            .saveTo(folder.resolve("shared-16.onnx"));

    print(out, "one convolution in two places instead of two copies", comparison);
    print(out, "and 16 values for its weights", later);
    return List.of(comparison, later);
  }

  private static void print(PrintStream out, String what, CompressionReport report) {
    out.printf(
        Locale.ROOT,
        "%s: %,d -> %,d bytes, %,d -> %,d parameters, %.1f -> %.1f us a run%n",
        what,
        report.before().bytes(),
        report.after().bytes(),
        report.before().parameters(),
        report.after().parameters(),
        report.latency().before().p50Nanos() / 1e3,
        report.latency().after().p50Nanos() / 1e3);
  }

  /** stem, convolution, ReLU, convolution, ReLU, mean, classes. */
  static ModelSource network(boolean shared) {
    OnnxBuilder builder =
        new OnnxBuilder(7)
            .input("image", 3, SIDE, SIDE)
            .weight("stem.weight", 27, CHANNELS, 3, 3, 3)
            .weight("conv.weight", CHANNELS * 9L, CHANNELS, CHANNELS, 3, 3);
    String second = "conv.weight";
    if (!shared) {
      second = "conv2.weight";
      builder.weight(second, CHANNELS * 9L, CHANNELS, CHANNELS, 3, 3);
    }
    return builder
        .weight("fc.weight", CHANNELS, CHANNELS, CLASSES)
        .node("Conv", List.of("image", "stem.weight"), "s", padding())
        .node("Conv", List.of("s", "conv.weight"), "c1", padding())
        .node("Relu", List.of("c1"), "r1")
        .node("Conv", List.of("r1", second), "c2", padding())
        .node("Relu", List.of("c2"), "r2")
        .node("GlobalAveragePool", List.of("r2"), "p")
        .node("Flatten", List.of("p"), "f")
        .node("MatMul", List.of("f", "fc.weight"), "logits")
        .output("logits", CLASSES)
        .build(shared ? "shared" : "copies");
  }

  private static OnnxMessage padding() {
    return OnnxBuilder.integers("pads", 1, 1, 1, 1);
  }
}
