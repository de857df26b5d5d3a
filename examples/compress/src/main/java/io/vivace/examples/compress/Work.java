package io.vivace.examples.compress;

import io.vivace.core.model.ModelSource;
import io.vivace.core.tensor.Tensor;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The arguments that all commands have that write a model. */
final class Work {
  /** How the report is printed. */
  enum Form {
    TEXT,
    MARKDOWN,
    JSON
  }

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Mixin private SampleOptions samples = new SampleOptions();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "The ONNX or TorchScript file, or classpath:NAME.")
  private String model = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  private Path target = Path.of("");

  @Option(
      names = "--no-check",
      description = "Do not load and run the result: faster, and the report is shorter.")
  private boolean unchecked;

  @Option(names = "--threads", paramLabel = "N", description = "Default: one per processor.")
  private @Nullable Integer threads;

  @Option(
      names = "--report",
      paramLabel = "FORM",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Form form = Form.TEXT;

  @Option(names = "--quiet", description = "Print no report and no progress.")
  private boolean quiet;

  /** Runs a pipeline and prints what it did. */
  CompressionReport run(Function<Compression, Compression> steps) {
    return finish(compression -> steps.apply(compression).saveTo(target));
  }

  /** The same for work that ends otherwise. */
  CompressionReport finish(Function<Compression, CompressionReport> work) {
    ModelSource source = source();
    List<Map<String, Tensor>> given = samples.forReport(source);
    requireFile();
    Compression compression = Compression.of(source);
    compression = given == null ? compression : compression.samples(given);
    compression = threads == null ? compression : compression.threads(threads);
    compression = unchecked ? compression.unchecked() : compression;
    CompressionReport report;
    try (Interrupt interrupt = Interrupt.open();
        ProgressLine progress = ProgressLine.open(!quiet)) {
      report = work.apply(compression.progress(progress).stopSignal(interrupt));
    }
    if (!quiet) {
      print(report);
    }
    return report;
  }

  ModelSource source() {
    return ModelFile.of(model);
  }

  SampleOptions samples() {
    return samples;
  }

  boolean isQuiet() {
    return quiet;
  }

  Path target() {
    return target;
  }

  /** Before the work, which may take minutes; makes the folder. */
  private void requireFile() {
    Path folder = target.toAbsolutePath().getParent();
    try {
      if (folder == null || Files.isDirectory(target)) {
        throw new IOException("it is a folder; give the name of a file in it");
      }
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new AccessDeniedException(folder.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write %s: %s".formatted(target, reason(e)), e);
    }
  }

  private static String reason(IOException e) {
    return e.getClass() == IOException.class
        ? Objects.requireNonNull(e.getMessage())
        : e.toString();
  }

  private void print(CompressionReport report) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    switch (form) {
      case TEXT -> {
        out.print(report.toText());
        out.printf(
            Locale.ROOT,
            "%s: %.2f times smaller, in %.1f s%n",
            target,
            1 / report.sizeRatio(),
            report.duration().toMillis() / 1e3);
      }
      case MARKDOWN -> out.print(report.toMarkdown());
      case JSON -> out.println(report.toJson());
    }
    out.flush();
  }
}
