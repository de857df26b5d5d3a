package io.vivace.examples.compress;

import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description = "Compares two files of one model: size, weights, outputs, latency.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BEFORE", description = "The ONNX file.")
  private String before = "";

  @Parameters(index = "1", paramLabel = "AFTER", description = "The ONNX file made from it.")
  private String after = "";

  @Override
  public Integer call() {
    CompressionReport report =
        Compression.of(ModelFile.of(before)).compareWith(ModelFile.of(after));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(report.toText());
    out.flush();
    return 0;
  }
}
