package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.OnnxMessage;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.prune.ZeroedWeights;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prunes a network of two layers, 784-1024-10, by hand: 100 of the 1,024 neurons of the first layer
 * are set to 0, then removed. Zeros alone save neither bytes nor time; only a smaller network does.
 *
 * <pre>{@code
 * ./mvnw -q -pl examples/compress -am compile exec:java \
 *     -Dexec.mainClass=io.vivace.examples.compress.PrunedModel
 * }</pre>
 */
public final class PrunedModel {
  private static final int INPUTS = 784;
  private static final int HIDDEN = 1024;
  private static final int CLASSES = 10;

  private PrunedModel() {}

  /**
   * Runs the sample.
   *
   * @param args nothing
   * @throws IOException if the temporary files cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("pruned-model");
    run(folder, System.out);
  }

  /** Returns the reports on the zeroed and on the smaller network. */
  static List<CompressionReport> run(Path folder, PrintStream out) {
    ModelSource network = network();

    // Rows 100 to 199 of fc1 are the weights of 100 neurons; their biases go with them.
    Path zeroed = folder.resolve("zeroed.onnx");
    CompressionReport zeros =
        Compression.of(network)
            .prune(ZeroedWeights.slices("fc1.weight", 0, 100, 200))
            .saveTo(zeroed);

    // What is 0 can be cut out: fc1 loses those rows, fc2 the columns that read them.
    Path smaller = folder.resolve("smaller.onnx");
    CompressionReport cut =
        Compression.of(ModelSource.path(zeroed)).prune(StructuralPruning.zeroed()).saveTo(smaller);

    print(out, "100 of 1,024 neurons set to 0", zeros);
    print(out, "and removed", cut);
    return List.of(zeros, cut);
  }

  private static void print(PrintStream out, String what, CompressionReport report) {
    out.printf(
        Locale.ROOT,
        "%s: %,d -> %,d bytes, %,d -> %,d parameters that are not 0, %.1f -> %.1f us a run%n",
        what,
        report.before().bytes(),
        report.after().bytes(),
        report.before().nonZeros(),
        report.after().nonZeros(),
        report.latency().before().p50Nanos() / 1e3,
        report.latency().after().p50Nanos() / 1e3);
  }

  /** fc1, ReLU, fc2, as a framework exports it: weights of shape outputs x inputs. */
  static ModelSource network() {
    return new OnnxBuilder(42)
        .input("pixels", INPUTS)
        .weight("fc1.weight", INPUTS, HIDDEN, INPUTS)
        .weight("fc1.bias", new float[HIDDEN], HIDDEN)
        .weight("fc2.weight", HIDDEN, CLASSES, HIDDEN)
        .weight("fc2.bias", new float[CLASSES], CLASSES)
        .node("Gemm", List.of("pixels", "fc1.weight", "fc1.bias"), "h", transposed())
        .node("Relu", List.of("h"), "a")
        .node("Gemm", List.of("a", "fc2.weight", "fc2.bias"), "logits", transposed())
        .output("logits", CLASSES)
        .build("pruned-model");
  }

  private static OnnxMessage transposed() {
    return OnnxBuilder.integer("transB", 1);
  }
}
