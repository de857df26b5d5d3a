package io.vivace.examples.pipeline;

import io.vivace.core.model.ModelSource;
import io.vivace.evaluate.report.TableReport;
import io.vivace.optimize.Compression;
import io.vivace.optimize.CompressionReport;
import io.vivace.optimize.graph.GraphPass;
import io.vivace.optimize.prune.Pruning;
import io.vivace.optimize.prune.StructuralPruning;
import io.vivace.optimize.train.graph.FineTuning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Stage 5: takes half of the channels, or four fifths of the weights, and trains on. */
final class PruneStage {
  private static final double CHANNELS = 0.5;
  private static final double WEIGHTS = 0.8;

  private final Prepared data;
  private final Contender dense;
  private final Settings settings;
  private final Path folder;
  private final PrintStream out;

  PruneStage(Prepared data, Contender dense, Settings settings, Path folder, PrintStream out) {
    this.data = data;
    this.dense = dense;
    this.settings = settings;
    this.folder = folder;
    this.out = out;
  }

  /** The network with fewer channels, which is smaller and faster. */
  Contender narrow() throws IOException {
    Path pruned = folder.resolve("narrow-untuned.onnx");
    prune(StructuralPruning.l2().ratio(CHANNELS), pruned);
    return tuned("narrow", pruned, FineTuning.of(ModelSource.path(pruned)));
  }

  /** The network with zeros, which gets small when it is packed. */
  Contender sparse() throws IOException {
    Path pruned = folder.resolve("sparse-untuned.onnx");
    prune(Pruning.magnitude().sparsity(WEIGHTS), pruned);
    return tuned("sparse", pruned, FineTuning.of(ModelSource.path(pruned)).keepZeros());
  }

  private void prune(GraphPass pruning, Path target) {
    CompressionReport report =
        Compression.of(ModelSource.path(dense.file())).prune(pruning).saveTo(target);
    out.printf(
        "%s%n  bytes %,d -> %,d, non-zeros %,d -> %,d, multiplications %,d -> %,d%n",
        report.passes(),
        report.before().bytes(),
        report.after().bytes(),
        report.before().nonZeros(),
        report.after().nonZeros(),
        report.before().macs(),
        report.after().macs());
  }

  private Contender tuned(String name, Path pruned, FineTuning tuning) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    Lessons.tune(tuning, data, settings.tuning(), file);
    Contender tuned = Contender.open(name, file, data.input());
    try (Contender before = Contender.open(name + ", untuned", pruned, data.input())) {
      out.println(
          TableReport.of(Judge.table(data.validation(), List.of(dense, before, tuned))).toText());
    }
    return tuned;
  }
}
