package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description = "Compares two files of one model: size, weights, outputs, latency.",
    mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Mixin private SampleOptions samples = new SampleOptions();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "The ONNX or TorchScript file.")
  private String before = "";

  @Parameters(index = "1", paramLabel = "AFTER", description = "The file made from it.")
  private String after = "";

  @Override
  public Integer call() {
    ModelSource source = ModelFile.of(before);
    List<Map<String, Tensor>> given = samples.forReport(source);
    Compression comparison = Compression.of(source);
    comparison = given == null ? comparison : comparison.samples(given);
    CompressionReport report = comparison.compareWith(ModelFile.of(after));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(report.toText());
    out.flush();
    return 0;
  }
}
